import zlib from 'node:zlib';
import { Decompress } from 'fzstd';

/** Compressed bytes per step: bounds what one step can blow up to (gzip: 1032 times). */
const STEP = 16 * 1024;
/** zstd's own default limit for a decoder; a frame may claim terabytes. */
const MAX_WINDOW = 128 * 1024 * 1024;

export type Compression = 'gzip' | 'zstd';

/** Recognises compressed data by its first four bytes. */
export function compressionOf(head: Uint8Array): Compression | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return null;
}

/** What went wrong inside the compressed data: `truncated`, or `garbled`. */
export type Damage = 'truncated' | 'garbled';

/**
 * Decompresses; what came out before damage is yielded all the same, and the
 * damage is told to `damaged` (whoever cut a capture short still has the
 * beginning). Errors of `source` itself pass through.
 */
export function decompress(
  source: AsyncIterable<Uint8Array>,
  compression: Compression,
  damaged: (damage: Damage) => void,
): AsyncGenerator<Uint8Array> {
  if (compression === 'gzip') return viaZlib(source, zlib.createGunzip(), damaged);
  // Since Node 22.15; the types of Node 20 do not know it.
  const native = (zlib as { createZstdDecompress?: () => zlib.Gunzip }).createZstdDecompress;
  return native === undefined ? viaFzstd(source, damaged) : viaZlib(source, native(), damaged);
}

/**
 * A zlib stream in flowing mode, a step at a time: a stream that fails drops
 * what it has buffered, so its output is taken before the next step goes in.
 */
async function* viaZlib(
  source: AsyncIterable<Uint8Array>,
  stream: zlib.Gunzip,
  damaged: (damage: Damage) => void,
): AsyncGenerator<Uint8Array> {
  const output: Uint8Array[] = [];
  let failure: NodeJS.ErrnoException | null = null;
  stream.on('data', (chunk: Uint8Array) => output.push(chunk));
  stream.on('error', (error) => {
    failure = error;
  });
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  const write = (bytes: Uint8Array) =>
    Promise.race([closed, new Promise<void>((resolve) => stream.write(bytes, () => resolve()))]);
  try {
    for await (const step of steps(source)) {
      await write(step);
      yield* output.splice(0);
      if (failure !== null) break;
    }
    if (failure === null) stream.end();
    await closed;
    yield* output.splice(0);
    if (failure !== null) {
      damaged((failure as NodeJS.ErrnoException).code === 'Z_BUF_ERROR' ? 'truncated' : 'garbled');
    }
  } finally {
    stream.destroy();
  }
}

async function* viaFzstd(
  source: AsyncIterable<Uint8Array>,
  damaged: (damage: Damage) => void,
): AsyncGenerator<Uint8Array> {
  const output: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => output.push(chunk));
  let first = true;
  for await (const step of steps(source)) {
    if (first && zstdWindow(step) > MAX_WINDOW) {
      damaged('garbled');
      return;
    }
    first = false;
    const fine = attempt(() => decoder.push(step.slice()));
    yield* output.splice(0);
    if (!fine) {
      damaged('garbled');
      return;
    }
  }
  if (!attempt(() => decoder.push(new Uint8Array(0), true))) damaged('truncated');
  yield* output.splice(0);
}

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** The memory that a zstd frame asks for (RFC 8878 §3.1.1.1): its window, or its content when in a single segment. */
function zstdWindow(frame: Uint8Array): number {
  const descriptor = frame[4] ?? 0;
  if ((descriptor & 0x20) === 0) {
    const window = frame[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const dictionary = [0, 1, 2, 4][descriptor & 3]!;
  const size = [1, 2, 4, 8][descriptor >> 6]!;
  let content = 0;
  for (let i = size - 1; i >= 0; i--) content = content * 256 + (frame[5 + dictionary + i] ?? 0);
  return content;
}

async function* steps(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += STEP) yield chunk.subarray(at, at + STEP);
  }
}
