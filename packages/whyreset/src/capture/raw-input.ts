import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { InputError, inputError } from './input-error.ts';

/**
 * Bytes per read. Two such buffers still lie in a common second-level cache
 * when they are decoded; larger ones measured slower.
 */
const CHUNK = 1024 * 1024;
const readInto = promisify(read);

/** An opened file or standard input, before any decompression. */
export interface RawInput {
  /** As the user should read it. */
  name: string;
  /** Bytes on disk; null for pipes and other inputs without an end known beforehand. */
  size: number | null;
  /** Chunks; each is valid only until the next is asked for. */
  chunks: AsyncIterable<Uint8Array>;
}

/** Opens a file, or standard input for `-`. Throws `InputError`. */
export function openRaw(path: string): RawInput {
  const name = path === '-' ? 'standard input' : path;
  let descriptor = 0;
  try {
    if (path !== '-') descriptor = openSync(path, 'r');
    const status = fstatSync(descriptor);
    if (status.isDirectory())
      throw new InputError('is-directory', `${name} is a directory, not a capture file.`);
    const size = status.isFile() ? status.size : null;
    return { name, size, chunks: path === '-' ? standardInput(name) : fileChunks(descriptor, name) };
  } catch (error) {
    if (descriptor > 0) closeSync(descriptor);
    throw error instanceof InputError ? error : inputError(name, error);
  }
}

/** Two buffers in turn: the next chunk is read in the thread pool while the caller decodes this one. */
async function* fileChunks(descriptor: number, name: string): AsyncGenerator<Uint8Array> {
  let current = new Uint8Array(CHUNK);
  let other = new Uint8Array(CHUNK);
  const fill = (buffer: Uint8Array) => readInto(descriptor, buffer, 0, CHUNK, null);
  let pending = fill(current);
  try {
    for (;;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) return;
      pending = fill(other);
      // A failure is met at the next turn; until then nobody awaits it.
      pending.catch(() => {});
      yield current.subarray(0, bytesRead);
      [current, other] = [other, current];
    }
  } catch (error) {
    throw inputError(name, error);
  } finally {
    await pending.catch(() => {});
    closeSync(descriptor);
  }
}

/** Milliseconds that a writer has, after an interrupt, to hand over what it still holds and to close the pipe. */
const LAST_WORDS = 2000;

/**
 * A stream, because a terminal or a pipe may be in non-blocking mode, where plain reads fail with EAGAIN.
 *
 * Ctrl-C reaches both ends of `tcpdump -w - | whyreset diagnose -`: it ends the recording, and what was recorded is
 * diagnosed. A second one ends the program.
 */
async function* standardInput(name: string): AsyncGenerator<Uint8Array> {
  const { stdin } = process;
  let interrupted = false;
  let giveUp: NodeJS.Timeout | undefined;
  const end = () => {
    interrupted = true;
    giveUp = setTimeout(() => stdin.destroy(), LAST_WORDS);
  };
  process.once('SIGINT', end);
  try {
    for await (const chunk of stdin) yield chunk as Uint8Array;
  } catch (error) {
    if (!interrupted) throw inputError(name, error);
  } finally {
    clearTimeout(giveUp);
    process.off('SIGINT', end);
  }
}
