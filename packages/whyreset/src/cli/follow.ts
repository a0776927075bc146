import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 500;
const CHUNK = 256 * 1024;

/**
 * Reads on where a file was read to, as `tail -F` does: a file that became shorter or was replaced is read from its
 * beginning. Ends when `signal` says so.
 */
export async function followFile(
  path: string,
  from: number,
  reader: { push(chunk: Uint8Array): void; flush(): void },
  signal: AbortSignal,
): Promise<void> {
  const buffer = new Uint8Array(CHUNK);
  let at = from;
  let file = identity(path);
  while (!signal.aborted) {
    const now = identity(path);
    if (now !== null) {
      if (file === null || now.inode !== file.inode || now.size < at) at = 0;
      file = now;
      at += readNew(path, at, buffer, (chunk) => reader.push(chunk));
      reader.flush();
    }
    await pause(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

function identity(path: string): { inode: number; size: number } | null {
  const status = statSync(path, { throwIfNoEntry: false });
  return status === undefined ? null : { inode: status.ino, size: status.size };
}

function readNew(path: string, from: number, buffer: Uint8Array, push: (chunk: Uint8Array) => void): number {
  const descriptor = openSync(path, 'r');
  try {
    let read = 0;
    for (;;) {
      const bytes = readSync(descriptor, buffer, 0, buffer.length, from + read);
      if (bytes === 0) return read;
      push(buffer.slice(0, bytes));
      read += bytes;
    }
  } finally {
    closeSync(descriptor);
  }
}
