import { asksAgain, mayAskAgain } from '../answer.ts';
import type { Attempts, FailureFacts } from '../attempts.ts';
import { isCurable } from '../curable.ts';
import type { AttemptEnd } from '../decide.ts';
import { DeadlineError, explain, type ResetDetails } from '../explained-error.ts';
import { NOTHING_WRITTEN } from '../socket/watch.ts';
import type { Connection, ConnectionOwner } from './connection.ts';
import { MAX_HEAD_BYTES, type ResponseHead, responseHead, statusOf } from './response-head.ts';
import { SocketFace } from './socket-face.ts';

/** What the stream asks of its pool. */
export interface ConnectionSource {
  /** Hands out a connection; `fresh` asks for one that never carried a request. Returns what cancels the wait. */
  acquire(
    fresh: boolean,
    done: (error: Error | null, connection?: Connection, reused?: boolean) => void,
  ): () => void;
  /** Takes back a connection whose response is complete. */
  release(connection: Connection): void;
  /** Forgets a connection that has ended, was taken over, or is of no more use. */
  discard(connection: Connection): void;
  /** The request went out on a connection that had been used before. */
  reusing(): void;
  /** Whether `node:http` has read the head of the response. */
  headSeen(): boolean;
  /** The connection has ended under the response: should this cut it short, its error is to be explained so. */
  broken(details: () => ResetDetails): void;
}

/**
 * What `node:http` takes for the socket of one request. It keeps what is written until the response begins, so that a
 * connection that fails before can be replaced under the request without its noticing.
 */
export class GuardedStream extends SocketFace implements ConnectionOwner {
  readonly #attempts: Attempts;
  readonly #source: ConnectionSource;
  #connection: Connection | null = null;
  /** What was written so far, until the response begins or it is too much. */
  #kept: Buffer[] | null = [];
  #keptBytes = 0;
  #headBytes: number | null = null;
  /** Acknowledges the write under way; one at a time, as Writable does it. */
  #written: ((error?: Error | null) => void) | null = null;
  #responseStarted = false;
  #brokenBy: FailureFacts | null = null;
  /** The beginning of a response on which a retry may depend. */
  #peeked: Buffer | null = null;
  #cancel: (() => void) | null = null;
  #deadline: NodeJS.Timeout | null = null;
  #settled = false;

  constructor(attempts: Attempts, source: ConnectionSource) {
    super();
    this.#attempts = attempts;
    this.#source = source;
    const { deadlineAt, core } = attempts;
    if (deadlineAt !== null) {
      const left = Math.max(0, deadlineAt - core.now());
      this.#deadline = setTimeout(() => this.#expire(core.options.deadlineMs!), left);
    }
    this.#acquire(false);
  }

  /** No connection carries this request yet. */
  get connecting(): boolean {
    return this.#connection === null && !this.#settled;
  }

  /** The connection that carries the request now. */
  override get connection(): Connection | null {
    return this.#connection;
  }

  #acquire(fresh: boolean): void {
    this.#cancel = this.#source.acquire(fresh, (error, connection, reused) => {
      this.#cancel = null;
      if (error) this.#failed('connect', error);
      else this.#attach(connection!, reused === true);
    });
  }

  #attach(connection: Connection, reused: boolean): void {
    const { socket, watch } = connection;
    this.#connection = connection;
    connection.owner = this;
    if (this.timeoutMs > 0) socket.setTimeout(this.timeoutMs);
    if (reused) this.#source.reusing();
    if (this.#attempts.attempt === 1) {
      this.emit('connect');
      if ('encrypted' in socket) this.emit('secureConnect');
    }
    watch.begin(this.#attempts.core.now());
    const kept = this.#kept!;
    if (kept.length === 0) return;
    socket.cork();
    for (const [at, chunk] of kept.entries())
      socket.write(chunk, at === kept.length - 1 ? this.#onWritten : undefined);
    socket.uncork();
  }

  #detach(): Connection | null {
    const connection = this.#connection;
    if (connection === null) return null;
    this.#connection = null;
    connection.owner = null;
    return connection;
  }

  /** The response is complete: the connection goes back, this stream is done. */
  complete(hintMs: number | null): void {
    // The request was given up before anything came: nobody knows what its connection will say next.
    if (!this.#responseStarted) {
      this.destroy();
      return;
    }
    const connection = this.#detach();
    this.#settle();
    if (connection === null) return;
    this.#attempts.succeeded();
    if (this.timeoutMs > 0) connection.socket.setTimeout(0);
    connection.watch.finished(this.#attempts.core.now(), hintMs);
    this.#source.release(connection);
  }

  /** The request became a tunnel or another protocol: the connection is its owner's now. */
  takenOver(): void {
    if (this.#connection !== null) this.#source.discard(this.#connection);
    this.#settle();
  }

  #settle(): void {
    this.#settled = true;
    this.#kept = null;
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#cancel?.();
    this.#cancel = null;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#written = callback;
    this.#keep(chunk);
    this.#connection?.socket.write(chunk, this.#onWritten);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this.#written = callback;
    for (const { chunk } of chunks) this.#keep(chunk);
    const socket = this.#connection?.socket;
    if (!socket) return;
    socket.cork();
    for (const [at, { chunk }] of chunks.entries())
      socket.write(chunk, at === chunks.length - 1 ? this.#onWritten : undefined);
    socket.uncork();
  }

  #keep(chunk: Buffer): void {
    if (this.#headBytes === null) {
      const end = chunk.indexOf('\r\n\r\n');
      if (end >= 0) this.#headBytes = this.#keptBytes + end + 4;
    }
    this.#keptBytes += chunk.length;
    // Before there is a connection everything must be kept, to be sent at all.
    const tooMuch = this.#keptBytes - (this.#headBytes ?? 0) > this.#attempts.core.options.maxReplayBytes;
    if (this.#kept !== null && tooMuch && this.#connection !== null) this.#kept = null;
    this.#kept?.push(chunk);
  }

  readonly #onWritten = (error?: Error | null) => {
    // A failed write is told by the socket's end; the request may yet go out on another connection.
    if (error) return;
    const callback = this.#written;
    this.#written = null;
    callback?.();
  };

  override _read(): void {
    this.#connection?.socket.resume();
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#connection === null) callback();
    else this.#connection.socket.end(callback);
  }

  onData(chunk: Buffer): void {
    if (this.#responseStarted) {
      if (!this.push(chunk)) this.#connection?.socket.pause();
      return;
    }
    const bytes = this.#peeked === null ? chunk : Buffer.concat([this.#peeked, chunk]);
    const status = statusOf(bytes);
    if (status !== null && this.#kept !== null && mayAskAgain(status, this.#attempts)) {
      const head = responseHead(bytes);
      if (head === null && bytes.length < MAX_HEAD_BYTES) {
        this.#peeked = bytes;
        return;
      }
      const now = this.#attempts.core.now();
      if (head !== null && this.#answered(head)) return;
      this.#connection?.watch.answered(now);
    } else this.#connection?.watch.answered(this.#attempts.core.now());
    this.#respond(bytes);
  }

  #respond(bytes: Buffer): void {
    this.#responseStarted = true;
    this.#kept = null;
    this.#peeked = null;
    if (!this.push(bytes)) this.#connection?.socket.pause();
  }

  /** Whether an answer was discarded in favour of another attempt. */
  #answered({ status, closes, retryAfter }: ResponseHead): boolean {
    const asked = asksAgain(status, closes, retryAfter);
    if (asked === null) return false;
    const next = this.#attempts.failed({ ...this.#facts('status', true), ...asked });
    if (!next.retry) return false;
    this.#peeked = null;
    this.#replace(next.delayMs, false);
    return true;
  }

  #facts(end: AttemptEnd, curable: boolean): FailureFacts {
    return {
      ...(this.#connection?.watch.facts() ?? NOTHING_WRITTEN),
      end,
      curable,
      replayable: this.#kept !== null && !this.destroyed,
      headBytes: this.#headBytes,
      responseStarted: this.#responseStarted,
    };
  }

  onEnd(): void {
    if (!this.#responseStarted || !this.#source.headSeen()) this.#failed('fin', hangUp());
    else {
      this.#cut('fin');
      this.push(null);
    }
  }

  onError(error: Error): void {
    const end = this.#connection?.watch.end ?? 'other';
    if (this.#responseStarted) this.#cut(end);
    this.#failed(end, error);
  }

  onClose(): void {
    const end = this.#connection?.watch.end ?? 'other';
    if (!this.#responseStarted) this.#failed(end, hangUp());
    else if (this.#connection !== null) {
      this.#cut(end);
      this.#source.discard(this.#connection);
      this.push(null);
    }
  }

  /** The connection ends under the response, which may be what completes it, or cuts it short. */
  #cut(end: AttemptEnd): void {
    if (this.#brokenBy !== null) return;
    this.#brokenBy = this.#facts(end, true);
    const facts = this.#brokenBy;
    this.#source.broken(() => this.#attempts.cutShort(facts));
  }

  #expire(ms: number): void {
    const connection = this.#connection;
    // Destroyed first: what has not gone out by now never will.
    connection?.socket.destroy();
    const details = this.#attempts.expired(connection === null ? null : this.#facts('timeout', false));
    if (this.#responseStarted) this.#source.broken(() => details);
    this.destroy(explain(deadlineError(ms), details));
  }

  onTimeout(): void {
    this.emit('timeout');
  }

  #failed(end: AttemptEnd, error: Error): void {
    if (this.#settled || this.destroyed) return;
    // Destroyed first: the kernel is asked a last time while the descriptor is still open.
    const connection = this.#connection;
    connection?.socket.destroy();
    const next = this.#attempts.failed(this.#facts(end, end === 'fin' || end === 'rst' || isCurable(error)));
    if (next.retry) this.#replace(next.delayMs, true);
    else this.destroy(explain(error, next.details));
  }

  #replace(delayMs: number, fresh: boolean): void {
    const connection = this.#detach();
    if (connection !== null) {
      connection.destroy();
      this.#source.discard(connection);
    }
    const again = () => {
      this.#cancel = null;
      this.#acquire(fresh);
    };
    const timer = setTimeout(again, delayMs);
    this.#cancel = () => clearTimeout(timer);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    const connection = this.#detach();
    this.#settle();
    if (connection !== null) {
      connection.destroy();
      this.#source.discard(connection);
    }
    const written = this.#written;
    this.#written = null;
    written?.(error ?? new Error('the stream was destroyed'));
    callback(error);
  }

  /** As `net.Socket.destroySoon`: ends, and destroys once what was written is out. */
  destroySoon(): void {
    const connection = this.#detach();
    this.#attempts.succeeded();
    this.#settle();
    if (connection === null) return;
    connection.socket.destroySoon();
    this.#source.discard(connection);
  }
}

/** As `node:http` says it when a response is missing. */
const hangUp = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

const deadlineError = (ms: number) =>
  new DeadlineError(`The request and its retries did not succeed within ${ms} ms.`);
