import type { Chunk } from './client-request.ts';

type Callback = (error?: Error | null) => void;

/**
 * What a request has written to its socket, kept until the response begins, so that it can be written to another. The
 * callback of a write that failed is held back: it may yet succeed.
 */
export class ReplayLog {
  readonly #maxBytes: number;
  #chunks: Chunk[] | null = [];
  #bytes = 0;
  #headBytes: number | null = null;
  #failed: (() => void)[] | null = null;

  /** @param maxBytes of the body; more is not kept, and the request cannot be written again. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Null: no longer kept. */
  get chunks(): readonly Chunk[] | null {
    return this.#chunks;
  }

  /** Length of the request head with its blank line; null when it is not complete. */
  get headBytes(): number | null {
    if (this.#headBytes !== null || this.#chunks === null) return this.#headBytes;
    let before = 0;
    for (const { data } of this.#chunks) {
      const end =
        typeof data === 'string'
          ? data.indexOf('\r\n\r\n')
          : Buffer.from(data.buffer, data.byteOffset, data.length).indexOf('\r\n\r\n');
      if (end >= 0) return before + end + 4;
      before += data.length;
    }
    return null;
  }

  /** Notes a write and returns the callback to write it with. */
  keep(
    data: string | Uint8Array,
    encoding: BufferEncoding | null,
    callback: Callback | null,
  ): Callback | null {
    if (this.#chunks === null) return callback;
    this.#bytes += data.length;
    if (this.#bytes - this.#maxBytes > 0 && this.#bytes - (this.headBytes ?? 0) > this.#maxBytes) {
      this.#headBytes = this.headBytes;
      this.drop();
      return callback;
    }
    // Once its callback is called a buffer is the writer's again, who may fill it with something else.
    const chunk: Chunk = {
      data: typeof data === 'string' ? data : Buffer.from(data),
      encoding,
      callback,
    };
    this.#chunks.push(chunk);
    if (callback === null) return null;
    return (error) => {
      if (error && this.#chunks !== null) {
        this.#failed ??= [];
        this.#failed.push(() => callback(error));
        return;
      }
      chunk.callback = null;
      callback(error);
    };
  }

  /** No other attempt follows: nothing is kept from here on, and failed writes are reported. */
  drop(): void {
    this.#chunks = null;
    if (this.#failed !== null) for (const report of this.#failed) report();
    this.#failed = null;
  }
}
