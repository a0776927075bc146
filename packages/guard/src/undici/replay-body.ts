type Chunks = AsyncIterator<unknown> | Iterator<unknown>;

/**
 * A body that comes only once, kept while it goes, so that it can go again: every iteration yields what earlier ones
 * took, then takes on from the source. Beyond the bound nothing is kept and the body is over with its first attempt.
 */
export class ReplayBody implements AsyncIterable<unknown> {
  readonly #source: Chunks;
  readonly #maxBytes: number;
  #kept: unknown[] | null = [];
  #bytes = 0;
  #taken = 0;
  #ended = false;
  #settled = false;
  /** An iteration that was given up may still wait for the source: the next one has to wait for the same chunk. */
  #pending: Promise<void> | null = null;

  constructor(source: AsyncIterable<unknown> | Iterable<unknown>, maxBytes: number) {
    this.#source =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#maxBytes = maxBytes;
  }

  /** Everything that was taken from the source so far can be sent again. */
  get replayable(): boolean {
    return this.#kept !== null || this.#taken === 0;
  }

  /** The response has begun, there will be no other attempt. */
  settle(): void {
    if (this.#ended) this.#kept = null;
    this.#settled = true;
  }

  /** Gives the source up: the request has failed for good. */
  async cancel(): Promise<void> {
    this.#kept = null;
    if (this.#ended) return;
    this.#ended = true;
    await this.#source.return?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    let at = 0;
    for (;;) {
      const kept = this.#kept;
      if (kept !== null && at < kept.length) {
        yield kept[at++];
        continue;
      }
      if (this.#ended) return;
      const direct = await this.#take();
      // Too much to be kept: the chunk goes to this iteration alone.
      if (direct !== undefined) yield direct;
    }
  }

  /** Takes one chunk from the source; returns it when it is not kept. */
  async #take(): Promise<unknown> {
    if (this.#pending !== null) {
      await this.#pending;
      // An iteration that was given up took the chunk with which the body outgrew its bound: it is lost to this one.
      if (this.#kept === null) throw new Error('The body outgrew maxReplayBytes between two attempts.');
      return undefined;
    }
    let direct: unknown;
    const taking = (async () => {
      const { value, done } = await this.#source.next();
      if (done) {
        this.#ended = true;
        return;
      }
      this.#taken += 1;
      this.#bytes += lengthOf(value);
      // What is kept stays readable by the iteration that is under way until it has gone past it.
      if (this.#kept !== null && !this.#settled && this.#bytes <= this.#maxBytes) this.#kept.push(value);
      else {
        this.#kept = null;
        direct = value;
      }
    })();
    this.#pending = taking;
    try {
      await taking;
    } finally {
      this.#pending = null;
    }
    return direct;
  }
}

function lengthOf(chunk: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk);
  return chunk instanceof Uint8Array || chunk instanceof ArrayBuffer ? chunk.byteLength : 0;
}

/** A body that can be iterated only once, as undici takes them: a stream or an iterable that is not plain memory. */
export function isOneShot(body: unknown): body is AsyncIterable<unknown> | Iterable<unknown> {
  if (typeof body !== 'object' || body === null) return false;
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer || body instanceof Blob) return false;
  // A FormData is read anew by every attempt; undici 6 and 7 bring a class of their own.
  if ((body as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'FormData') return false;
  return Symbol.asyncIterator in body || Symbol.iterator in body;
}
