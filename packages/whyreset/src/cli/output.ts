import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { InputError } from '../capture/input-error.ts';
import { writeFailure } from './standard-output.ts';

/** Where a command prints its result. */
export interface Output {
  write(text: string): void;
  /** Resolves when more can be written without piling up in memory: a reader of a pipe may be slower than we are. */
  ready(): Promise<void>;
  close(): void;
}

function unwritable(path: string, error: unknown): InputError {
  const why = writeFailure(error as NodeJS.ErrnoException);
  return new InputError('unwritable', `${path} cannot be written: ${why}.`, error);
}

/** Standard output, or a file, which is opened at once: an hour of reading must not end with a mistyped name. */
export function openOutput(path: string | undefined): Output {
  if (path === undefined)
    return {
      write: (text) => {
        process.stdout.write(text);
      },
      ready: async () => {
        if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
      },
      close: () => {},
    };
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw unwritable(path, error);
    }
  };
  const file = attempt(() => openSync(path, 'w'));
  return {
    write: (text) => attempt(() => writeSync(file, text)),
    ready: async () => {},
    close: () => attempt(() => closeSync(file)),
  };
}
