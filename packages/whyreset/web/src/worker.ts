import { CaptureSet } from '../../src/capture-set.ts';
import { Diagnosis } from '../../src/diagnosis.ts';
import { explainText } from '../../src/explain/explain-text.ts';
import { Prelude } from '../../src/prelude.ts';
import { blocksOfErrorText } from '../../src/report/text-explanation.ts';
import { NotACaptureError } from '../../src/wire/not-a-capture.ts';
import { decompressed } from './model/decompress.ts';
import type { Answer, Question } from './model/questions.ts';

/*
 * The same core as the command, off the page's own thread: a capture of any
 * size leaves the page free to draw, and ending the worker ends the reading.
 */

/** Bytes read at once. */
const STEP = 4 * 1024 * 1024;

const answer = (message: Answer) => self.postMessage(message);

async function* bytesOf(file: Blob, read: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += STEP) {
    const chunk = new Uint8Array(await file.slice(at, at + STEP).arrayBuffer());
    read(chunk.length);
    yield chunk;
  }
}

/** The beginning of a file; null for what is no capture, which reading it will say. */
async function preludeOf(file: Blob): Promise<Prelude | null> {
  const prelude = new Prelude();
  try {
    for await (const chunk of decompressed(bytesOf(file.slice(0, STEP), () => {}))) {
      prelude.push(chunk);
      if (prelude.enough) return prelude;
    }
    prelude.end();
    return prelude;
  } catch {
    return null;
  }
}

async function diagnoseFiles(named: readonly { name: string; file: Blob }[]): Promise<void> {
  const whole = named.reduce((sum, { file }) => sum + file.size, 0);
  let read = 0;
  const progress = (bytes: number) => {
    read += bytes;
    answer({ kind: 'progress', part: whole === 0 ? 1 : read / whole });
  };
  const set = new CaptureSet(named.length);
  const files = await Promise.all(
    named.map(async ({ name, file }, position) => ({
      given: { file, position },
      name,
      prelude: named.length > 1 ? await preludeOf(file) : null,
    })),
  );
  let taken = 0;
  for (const { given, name, prelude } of CaptureSet.order(files)) {
    const gathering = set.take(given.position, name, prelude);
    if (gathering === null) continue;
    try {
      for await (const chunk of decompressed(bytesOf(given.file, progress))) gathering.push(chunk);
      gathering.endFile();
      taken++;
    } catch (error) {
      if (!(error instanceof NotACaptureError) || named.length === 1) throw error;
      set.fail(given.position, { name, code: 'not-a-capture', message: error.message });
    }
  }
  if (taken === 0) throw new NotACaptureError('None of these files is a capture, or a packet list as text.');
  const { gathered } = set.close();
  answer({ kind: 'result', result: new Diagnosis(gathered, null, set.unread).result() });
}

/** Pasted text is a packet list, or an error text. */
async function readText(text: string): Promise<void> {
  try {
    await diagnoseFiles([{ name: 'pasted text', file: new Blob([text]) }]);
  } catch (error) {
    if (!(error instanceof NotACaptureError)) throw error;
    const explained = explainText(text);
    if (explained === null)
      throw new NotACaptureError(
        'This text is neither a list of packets nor an error text that is known to come from a broken connection.',
      );
    answer({ kind: 'explanation', blocks: blocksOfErrorText(explained) });
  }
}

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  try {
    await (data.kind === 'files' ? diagnoseFiles(data.files) : readText(data.text));
  } catch (error) {
    answer({ kind: 'failure', message: error instanceof Error ? error.message : String(error) });
  }
};
