import { statSync } from 'node:fs';
import { readChunks } from '../../capture/open.ts';
import { explainCause, findCause } from '../../causes/find.ts';
import { explainText } from '../../explain/explain-text.ts';
import { LogSurvey, type SeenEnding } from '../../explain/survey/survey.ts';
import { renderCause } from '../../report/explanation.ts';
import { renderEnding, renderSurvey } from '../../report/survey-text.ts';
import { renderErrorText } from '../../report/text-explanation.ts';
import { FAILED, OK, UsageError } from '../exit.ts';
import { followFile } from '../follow.ts';
import { type Answers, beside, interview, onTerminal } from '../interview.ts';
import { filesOf } from '../log-inputs.ts';
import { showProgress } from '../progress.ts';
import { terminal } from '../terminal.ts';

export interface ExplainCommandOptions extends Record<string, string | boolean | undefined> {
  format: 'text' | 'json' | 'ndjson' | 'markdown';
  follow?: boolean;
  ask?: boolean;
}

/** What a person pastes: one story, told as a whole. More is a log, and its endings are grouped. */
const PASTE_BYTES = 48 * 1024;
const PASTE_LINES = 250;

/** `whyreset explain`: an error text, whole logs, or a cause of the catalogue. */
export async function explainCommand(
  what: readonly string[],
  options: ExplainCommandOptions,
): Promise<number> {
  const files = what.length === 1 && what[0] === '-' ? null : filesOf(what);
  if (files !== null) return explainFiles(files, options);
  if (what.length > 0 && what.join(' ') !== '-') return explainWords(what.join(' '), options);
  if (process.stdin.isTTY === true)
    throw new UsageError(
      'explain needs an error text in quotes, a log file, a cause id or letter, or a text on standard input.',
    );
  return explainFiles(['-'], options);
}

async function explainWords(text: string, options: ExplainCommandOptions): Promise<number> {
  const cause = findCause(text);
  const format = options.format === 'ndjson' ? 'json' : options.format;
  if (cause !== null) {
    process.stdout.write(renderCause(explainCause(cause), { ...terminal(), format }));
    return OK;
  }
  const explanation =
    options.ask === true ? await askAbout(text, options) : explainText(text, beside(answersOf(options)));
  if (explanation === null) return notRecognised('this text');
  process.stdout.write(renderErrorText(explanation, { ...terminal(), format }));
  return OK;
}

const answersOf = (options: ExplainCommandOptions): Answers =>
  Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

async function askAbout(text: string, options: ExplainCommandOptions) {
  const { choose, close } = onTerminal();
  try {
    return await interview(text, answersOf(options), choose, (line) => process.stderr.write(`${line}\n`));
  } finally {
    close();
  }
}

function notRecognised(what: string): number {
  process.stderr.write(
    `whyreset: not recognised: ${what} holds no ending of a connection that is known, and names no cause of the catalogue. Without the words of the error, "whyreset ask" asks instead.\n`,
  );
  return FAILED;
}

async function explainFiles(files: readonly string[], options: ExplainCommandOptions): Promise<number> {
  const { format } = options;
  const survey = new LogSurvey(options.follow === true ? (ending) => tell(ending, format) : undefined);
  const paste = new Paste();
  const read: { path: string; at: number; reader: ReturnType<LogSurvey['input']> }[] = [];
  for (const path of files) {
    const source = readChunks(path);
    const reader = survey.input(source.name);
    const progress = await showProgress(source.name, source.size);
    let at = 0;
    for await (const chunk of source.chunks) {
      at += chunk.length;
      if (files.length === 1) paste.push(chunk);
      reader.push(chunk);
      progress?.(source.bytesRead);
    }
    progress?.(-1);
    if (options.follow === true) reader.flush();
    else reader.end();
    read.push({ path, at, reader });
  }
  if (options.follow !== true && files.length === 1 && paste.isOne) return explainWords(paste.text, options);
  if (options.follow === true) await followAll(read);
  const result = survey.result();
  if (result.groups.length === 0) return notRecognised(files.length === 1 ? files[0]! : 'no file');
  process.stdout.write(renderSurvey(result, { ...terminal(), format }));
  return OK;
}

/** Until Ctrl-C; what was found is told then. */
async function followAll(
  read: readonly { path: string; at: number; reader: ReturnType<LogSurvey['input']> }[],
): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const growing = read.filter(({ path }) => path !== '-' && statSync(path).isFile());
  await Promise.all(growing.map(({ path, at, reader }) => followFile(path, at, reader, stop.signal)));
}

function tell({ group, isNew, time }: SeenEnding, format: ExplainCommandOptions['format']): void {
  if (format === 'ndjson' || format === 'json') {
    const { ending, title, program, by, peer, count } = group;
    process.stdout.write(
      `${JSON.stringify({ ending: { class: ending, title, program, by, peer, count, time } })}\n`,
    );
    return;
  }
  const why = isNew ? `\n  ${explainText(group.sample)?.headline ?? ''}` : '';
  process.stdout.write(`${renderEnding(group, time)}${why}\n`);
}

/** The first bytes of the only input: if that is all, it is a paste. */
class Paste {
  private readonly chunks: Uint8Array[] = [];
  private bytes = 0;

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.bytes <= PASTE_BYTES) this.chunks.push(chunk.slice());
  }

  get text(): string {
    const all = Buffer.concat(this.chunks);
    const wide = all[0] === 0xff && all[1] === 0xfe;
    return wide ? all.toString('utf16le') : all.toString('utf8');
  }

  get isOne(): boolean {
    return this.bytes <= PASTE_BYTES && this.text.split('\n', PASTE_LINES + 1).length <= PASTE_LINES;
  }
}
