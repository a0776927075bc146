import { hopsOfWords } from '../commands.ts';
import { defineReader, type Word } from '../reader.ts';

/** Settings of gunicorn.conf.py that have an option of the same meaning; a Python expression of anything but a literal is not known. */
const SETTING =
  /^(bind|keepalive|timeout|graceful_timeout|worker_class|threads|backlog|max_requests|max_requests_jitter)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\d+))\s*(?:#.*)?$/;

export default defineReader({
  id: 'gunicorn',
  reads: 'gunicorn.conf.py',
  recognises: (path) => /gunicorn[^/]*\.py$/i.test(path),
  read({ path, text }) {
    const words: Word[] = [{ text: 'gunicorn', at: { file: path, line: 1, column: 1 } }];
    text.split('\n').forEach((line, index) => {
      const match = SETTING.exec(line);
      if (match === null) return;
      const name = match[1] === 'keepalive' ? 'keep-alive' : match[1]!.replaceAll('_', '-');
      words.push({
        text: `--${name}=${match[2] ?? match[3] ?? match[4]}`,
        at: { file: path, line: index + 1, column: 1 },
      });
    });
    return hopsOfWords(words);
  },
});
