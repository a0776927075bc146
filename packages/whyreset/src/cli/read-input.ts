import { InputError } from '../capture/input-error.ts';
import { readChunks } from '../capture/open.ts';
import type { CaptureReader } from '../wire/capture-reader.ts';
import { NotACaptureError } from '../wire/not-a-capture.ts';
import { showProgress } from './progress.ts';

/** Feeds a file or standard input to a reader, with a progress bar where one helps; returns its display name. */
export async function readInput(
  path: string,
  reader: Pick<CaptureReader, 'push' | 'end' | 'info'>,
): Promise<string> {
  const source = readChunks(path);
  const progress = await showProgress(source.name, source.size);
  try {
    for await (const chunk of source.chunks) {
      reader.push(chunk);
      progress?.(source.bytesRead);
    }
    reader.end();
  } catch (error) {
    // The reader knows what is wrong, only this place knows with which input.
    if (error instanceof NotACaptureError)
      throw new InputError(error.code, `${source.name}: ${error.message}${hint(error, path)}`, error);
    throw error;
  } finally {
    progress?.(-1);
  }
  reader.info.warnings.push(...source.warnings);
  return source.name;
}

/** A log that was given for a capture has a command of its own. */
function hint({ text }: NotACaptureError, path: string): string {
  if (!text) return '';
  return ` A log or an error text is explained by: whyreset explain ${path}`;
}
