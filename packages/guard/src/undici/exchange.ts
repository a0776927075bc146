import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Attempts, FailureFacts } from '../attempts.ts';
import { isCurable } from '../curable.ts';
import type { AttemptEnd, ProtocolSignal } from '../decide.ts';
import { DeadlineError, explain } from '../explained-error.ts';
import type { GuardCore } from '../guard-core.ts';
import { keepAliveHint, retryAfter } from '../origin/hint.ts';
import { NOTHING_KNOWN, NOTHING_WRITTEN, type SocketWatch } from '../socket/watch.ts';
import { CalledByLegacy } from './legacy.ts';
import type { ReplayBody } from './replay-body.ts';
import { expectNoSocket, expectSocket, type Sending } from './send-hook.ts';
import type { SocketBook } from './socket-book.ts';
import type { Controller, Dispatch, DispatchOptions, Handler, Headers } from './types.ts';

const PROVING: Record<number, ProtocolSignal> = {
  421: 'misdirected',
  425: 'too-early',
  408: 'request-timeout',
};

/** Connections that one attempt may turn down. After that it takes what it gets. */
const MOST_MOVES = 4;

/** Of an answer that is not passed on, bytes that are read so that its connection can be kept. */
const MOST_DISCARDED = 65_536;

/** Why an attempt is aborted that has not written a byte: its connection is not to be trusted. */
class MovedError extends Error {}

export interface ExchangeInput {
  core: GuardCore;
  book: SocketBook;
  attempts: Attempts;
  dispatch: Dispatch;
  options: DispatchOptions;
  handler: Handler;
  /** Handlers above and below are of undici 6's kind. */
  legacy: boolean;
  /** The body when it comes only once. */
  body: ReplayBody | null;
}

/**
 * One request over all its attempts. Downwards it is a handler per attempt; upwards it is the controller that stays
 * the same whatever happens below.
 */
export class Exchange implements Controller {
  readonly input: ExchangeInput;
  #attempt: AttemptHandler | null = null;
  #moves = 0;
  #started = false;
  #timer: NodeJS.Timeout | null = null;
  #deadline: NodeJS.Timeout | null = null;
  paused = false;
  aborted = false;
  reason: Error | null = null;
  rawHeaders: unknown = null;
  rawTrailers: unknown = null;

  constructor(input: ExchangeInput) {
    this.input = input;
    const { attempts, core } = input;
    if (attempts.deadlineAt !== null)
      this.#deadline = setTimeout(() => this.#expire(), Math.max(0, attempts.deadlineAt - core.now()));
  }

  #expire(): void {
    const { attempts, core } = this.input;
    const error = new DeadlineError(`The request did not succeed within ${core.options.deadlineMs} ms.`);
    const underWay = this.#timer === null ? (this.#attempt?.underWay() ?? null) : null;
    this.abort(explain(error, attempts.expired(underWay)));
  }

  begin(now: number): boolean {
    if (this.input.book.idle(this.input.attempts.origin).expire(now)) {
      this.#again(0);
      return true;
    }
    return this.#begin();
  }

  #begin(): boolean {
    const { dispatch, options, legacy } = this.input;
    const attempt = new AttemptHandler(this);
    this.#attempt = attempt;
    return dispatch(options, legacy ? new CalledByLegacy(attempt) : attempt);
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
      this.fail(reason);
    } else this.#attempt?.abort(reason);
  }

  pause(): void {
    this.paused = true;
    this.#attempt?.controller?.pause();
  }

  resume(): void {
    this.paused = false;
    this.#attempt?.controller?.resume();
  }

  start(context: unknown): void {
    if (this.#started) return;
    this.#started = true;
    this.input.handler.onRequestStart?.(this, context);
  }

  /** Whether a connection that is not to be trusted may be turned down once more. */
  mayMove(): boolean {
    return this.#moves < MOST_MOVES && (this.input.body?.replayable ?? true);
  }

  moved(): void {
    this.#moves += 1;
    this.#again(0);
  }

  /** After a failed attempt: begins another, or returns the error to tell. */
  failed(facts: FailureFacts, error: Error): Error | null {
    if (this.aborted) return this.reason ?? error;
    const next = this.input.attempts.failed(facts);
    if (!next.retry) return explain(error, next.details);
    this.#again(next.delayMs);
    return null;
  }

  /** After an answer that asks for another attempt: whether there will be one. */
  answered(facts: FailureFacts): boolean {
    const next = this.input.attempts.failed(facts);
    if (next.retry) this.#again(next.delayMs);
    return next.retry;
  }

  fail(error: Error): void {
    this.settle();
    this.input.body?.cancel().catch(() => {});
    this.input.handler.onResponseError?.(this, error);
  }

  settle(): void {
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.input.body?.settle();
  }

  #again(delayMs: number): void {
    // Never from within undici's own turn: its queues are in the middle of a change.
    this.#timer = setTimeout(() => {
      this.#timer = null;
      try {
        this.#begin();
      } catch (error) {
        this.fail(error as Error);
      }
    }, delayMs);
  }
}

/** One attempt, as undici calls it. */
class AttemptHandler implements Handler, Sending {
  readonly #exchange: Exchange;
  controller: Controller | null = null;
  #watch: SocketWatch | null = null;
  #headBytes: number | null = null;
  #responseStarted = false;
  #status = 0;
  #hintMs: number | null = null;
  /** Nothing that comes is the caller's: the attempt was given up, or its answer is not passed on. */
  #over = false;
  #discarded = 0;
  #moving = false;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  abort(reason: Error): void {
    if (this.controller !== null) this.controller.abort(reason);
    else {
      // undici has not started it; when it does, it is aborted at once.
      this.#over = true;
      this.#exchange.fail(reason);
    }
  }

  onRequestStart(controller: Controller, context: unknown): void {
    this.controller = controller;
    if (this.#over) {
      controller.abort(this.#exchange.reason ?? new Error('aborted'));
      return;
    }
    this.#exchange.start(context);
    if (!controller.aborted) expectSocket(this);
  }

  /** undici has chosen the socket and writes next. */
  sending(socket: Socket, head: string): void {
    if (this.#over || this.controller?.aborted) return;
    const { core, book, attempts } = this.#exchange.input;
    const watch = book.watch(socket, attempts.origin);
    // HTTP/2 and pipelining share a socket among requests: what it knows is not this request's alone.
    if (watch === null || watch.inFlight) return;
    const now = core.now();
    if (this.#exchange.mayMove() && !book.trusts(watch, attempts, now)) {
      this.#moving = true;
      attempts.origin.stats.avoided += 1;
      this.controller?.abort(new MovedError('The connection is about to be closed by its peer.'));
      return;
    }
    book.idle(attempts.origin).remove(watch);
    this.#watch = watch;
    // The last line of the head is undici's own affair: it is at least this long.
    this.#headBytes = head.length + 2;
    watch.begin(now);
  }

  onRequestUpgrade(_controller: Controller, status: number, headers: Headers, socket: Duplex): void {
    this.#over = true;
    this.#adopt();
    this.#exchange.settle();
    this.#exchange.input.handler.onRequestUpgrade?.(this.#exchange, status, headers, socket);
  }

  onResponseStarted(): void {
    if (!this.#over) this.#exchange.input.handler.onResponseStarted?.();
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers, statusText?: string): void {
    if (this.#over) return;
    const { core, attempts, handler } = this.#exchange.input;
    this.#status = status;
    this.#watch?.answered(core.now());
    this.#hintMs = keepAliveHint(headers['keep-alive']);
    if (status >= 200 && this.#asksAgain(status, headers)) {
      this.#over = true;
      return;
    }
    this.#adopt();
    if (status >= 200) {
      this.#responseStarted = true;
      attempts.succeeded();
    }
    handler.onResponseStart?.(this.#exchange, status, headers, statusText);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (!this.#over) {
      this.#exchange.input.handler.onResponseData?.(this.#exchange, chunk);
      return;
    }
    this.#discarded += chunk.length;
    if (this.#discarded > MOST_DISCARDED)
      controller.abort(new Error('The answer is not passed on and too long.'));
  }

  onResponseEnd(_controller: Controller, trailers: Headers): void {
    this.#finished();
    if (this.#over) return;
    this.#over = true;
    if (this.controller !== null) this.#exchange.rawTrailers = this.controller.rawTrailers;
    this.#exchange.settle();
    this.#exchange.input.handler.onResponseEnd?.(this.#exchange, trailers);
  }

  onResponseError(_controller: Controller | null, error: Error): void {
    expectNoSocket(this);
    if (this.#over) return;
    this.#over = true;
    if (this.#moving && !this.#exchange.aborted) {
      this.#exchange.moved();
      return;
    }
    const end = this.#endOf(error);
    const known = end === 'fin' || end === 'rst';
    const told = this.#exchange.failed(this.#facts(end, known || isCurable(error), error), error);
    if (told !== null) this.#exchange.fail(told);
  }

  #finished(): void {
    const watch = this.#watch;
    if (watch === null) return;
    const { core, book, attempts } = this.#exchange.input;
    const now = core.now();
    watch.finished(now, this.#hintMs);
    book.idle(attempts.origin).add(watch, now);
  }

  onBodySent(chunk: unknown): void {
    if (!this.#over) this.#exchange.input.handler.onBodySent?.(chunk);
  }

  onRequestSent(): void {
    if (!this.#over) this.#exchange.input.handler.onRequestSent?.();
  }

  #adopt(): void {
    if (this.controller === null) return;
    this.#exchange.rawHeaders = this.controller.rawHeaders;
    if (this.#exchange.paused) this.controller.pause();
  }

  #asksAgain(status: number, headers: Headers): boolean {
    const { attempts, core } = this.#exchange.input;
    const proving = PROVING[status] ?? null;
    const listed = attempts.repeatable && core.options.retryStatuses.includes(status);
    if (proving === null && !listed) return false;
    const closes = /\bclose\b/i.test(String(headers.connection ?? ''));
    const signal = proving === 'request-timeout' && !closes ? null : proving;
    const after = headers['retry-after'];
    const retryAfterMs = retryAfter(typeof after === 'string' ? after : null, Date.now());
    if (signal === null && retryAfterMs === null) return false;
    return this.#exchange.answered({ ...this.#facts('status', true, null), signal, status, retryAfterMs });
  }

  #endOf(error: Error): AttemptEnd {
    if (this.controller === null) return isCurable(error) ? 'connect' : 'other';
    if (this.#watch !== null && this.#watch.end !== null) return this.#watch.end;
    return (error as NodeJS.ErrnoException).code === 'UND_ERR_HEADERS_TIMEOUT' ? 'timeout' : 'other';
  }

  /** What is known of an attempt that has not ended. */
  underWay(): FailureFacts {
    const facts = this.#facts('timeout', false, null);
    // What the kernel has not taken yet it may still take before the socket is closed.
    return { ...facts, acceptedBytes: facts.acceptedBytes === 0 ? null : facts.acceptedBytes };
  }

  #facts(end: AttemptEnd, curable: boolean, error: Error | null): FailureFacts {
    const { body } = this.#exchange.input;
    const unwritten = this.controller === null;
    return {
      ...(unwritten ? NOTHING_WRITTEN : (this.#watch?.facts() ?? NOTHING_KNOWN)),
      end,
      curable,
      replayable: body?.replayable ?? true,
      headBytes: this.#headBytes,
      responseStarted: this.#responseStarted || this.#status > 0,
      signal: isRefusedStream(error) ? 'refused-stream' : null,
    };
  }
}

/** RFC 9113 §8.7: the peer did not process the stream. Node's wording, which undici passes on. */
const isRefusedStream = (error: Error | null) =>
  (error as NodeJS.ErrnoException | null)?.code === 'ERR_HTTP2_STREAM_ERROR' &&
  error!.message.includes('NGHTTP2_REFUSED_STREAM');
