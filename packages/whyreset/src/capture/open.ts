import type { CaptureWarning } from '../wire/reader.ts';
import { type Compression, compressionOf, type Damage, decompress } from './decompress.ts';
import { openRaw } from './raw-input.ts';

export { InputError } from './input-error.ts';

/** An input being read. */
export interface OpenInput {
  /** The path, or `standard input`. */
  readonly name: string;
  /** Bytes on disk, before decompression; null for a pipe. */
  readonly size: number | null;
  /** Bytes of those read so far: with `size`, how far a progress bar is. */
  bytesRead: number;
  /** Known once the first chunk was read. */
  compression: Compression | null;
  /** What was wrong with the compressed data, if anything. */
  readonly warnings: CaptureWarning[];
  /** The decompressed chunks, once; each is valid only until the next is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Opens a capture file, or standard input for `-`; gzip and zstd are
 * recognised by their magic and decompressed on the way.
 *
 * Throws `InputError` when it cannot be opened; iterating `chunks` throws it
 * when it cannot be read on. Damaged compressed data throws nothing: what came
 * out is yielded, and `warnings` says the rest.
 */
export function readChunks(path: string): OpenInput {
  const raw = openRaw(path);
  const input = {
    name: raw.name,
    size: raw.size,
    bytesRead: 0,
    compression: null as Compression | null,
    warnings: [] as CaptureWarning[],
  };
  const counted = count(raw.chunks, (bytes) => {
    input.bytesRead += bytes;
  });
  return Object.assign(input, { chunks: plain(counted, input) });
}

async function* count(
  source: AsyncIterable<Uint8Array>,
  add: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    add(chunk.length);
    yield chunk;
  }
}

/** The source as it is, or decompressed when it begins so. */
async function* plain(
  source: AsyncGenerator<Uint8Array>,
  input: Pick<OpenInput, 'compression' | 'warnings'>,
): AsyncGenerator<Uint8Array> {
  const head = await atLeast(source, 4);
  input.compression = compressionOf(head);
  const whole = withHead(head, source);
  if (input.compression === null) yield* whole;
  else {
    yield* decompress(whole, input.compression, (damage) => {
      input.warnings.push(damageWarning(input.compression!, damage));
    });
  }
}

function damageWarning(compression: Compression, damage: Damage): CaptureWarning {
  const how = damage === 'truncated' ? 'ends too early' : 'is damaged';
  const message = `The ${compression} data ${how}; what could be decompressed was analysed.`;
  return { code: damage === 'truncated' ? 'truncated' : 'garbled-compression', message, count: 1 };
}

/** A pipe may give its first bytes one by one. */
async function atLeast(source: AsyncGenerator<Uint8Array>, wanted: number): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < wanted) {
    const { value, done } = await source.next();
    if (done) return head;
    if (head.length === 0 && value.length >= wanted) return value;
    const joined = new Uint8Array(head.length + value.length);
    joined.set(head);
    joined.set(value, head.length);
    head = joined;
  }
  return head;
}

async function* withHead(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* rest;
}
