import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { asksAgain, mayAskAgain } from '../answer.ts';
import type { FailureFacts } from '../attempts.ts';
import { isCurable } from '../curable.ts';
import type { AttemptEnd } from '../decide.ts';
import { keepAliveHint } from '../origin/hint.ts';
import { NOTHING_KNOWN, NOTHING_WRITTEN, type SocketWatch } from '../socket/watch.ts';
import { isConnectError } from './connect-errors.ts';
import type { Exchange } from './exchange.ts';
import { originKey } from './own-origin.ts';
import { expectNoSocket, expectSocket, owns, type Sending, type SocketOwner } from './send-hook.ts';
import type { Controller, Handler, Headers } from './types.ts';

/** Of an answer that is not passed on, bytes that are read so that its connection can be kept. */
const MOST_DISCARDED = 65_536;
const MISDIRECTED = 421;

/** Why an attempt is aborted that has not written a byte: its connection is not to be trusted. */
class MovedError extends Error {}

/** One attempt, as undici calls it. */
export class AttemptHandler implements Handler, Sending {
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
  /** A request that shares its socket with another one: what the socket knows is not this one's. */
  #joined: SocketWatch | null = null;
  #starts = 0;
  /** As undici has it; a layer below may put another in its place. */
  #request: object | null = null;
  #isAnother = false;
  #sent = false;
  readonly #asLegacy: boolean;

  /** @param asLegacy it is called as undici 6 calls its handlers. */
  constructor(exchange: Exchange, asLegacy: boolean) {
    this.#exchange = exchange;
    this.#asLegacy = asLegacy;
  }

  get owner(): SocketOwner {
    return this.#exchange.input.book;
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
    this.#starts += 1;
    if (this.#starts > 1) {
      // Something below has begun anew by itself: what went before is not known, nor is where the request goes now.
      this.#leave();
      this.#watch = null;
      this.#isAnother = true;
    }
    if (!controller.aborted) expectSocket(this);
  }

  /**
   * Whether a layer below tries by itself. The retries of undici 6 pass on one start, and at once: then nothing is sent
   * in the same breath. There, HTTP/2 does not publish what it sends either.
   */
  #begunBelow(error: Error | null): boolean {
    if (this.#isAnother) return true;
    return this.#asLegacy && this.#starts === 1 && !this.#sent && error !== null && !isHttp2Error(error);
  }

  /** undici has chosen the socket and writes next. */
  sending(socket: Socket, head: string, request: { origin?: unknown }): void {
    if (this.#over || this.controller?.aborted) return;
    this.#sent = true;
    this.#request ??= request;
    // The same once more is undici's own doing: it repeats what may be repeated, and what a peer has refused. Retries and
    // redirects make a new one.
    this.#isAnother = request !== this.#request;
    if (this.#isAnother) return;
    const { core, book, attempts, own } = this.#exchange.input;
    if (own !== null) attempts.isFor(originKey(String(request.origin ?? '')));
    const watch = book.watch(socket, attempts.origin);
    // HTTP/2 and pipelining share a socket among requests: what it knows is not this request's alone.
    if (watch === null) return;
    if (watch.inFlight) {
      watch.join();
      this.#joined = watch;
      return;
    }
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

  onResponseStart(controller: Controller, status: number, headers: Headers, statusText?: string): void {
    if (this.#over) return;
    const { core, attempts, handler } = this.#exchange.input;
    this.#status = status;
    this.#watch?.answered(core.now());
    this.#hintMs = keepAliveHint(headers['keep-alive']);
    if (status >= 200 && this.#asksAgain(status, headers)) {
      this.#over = true;
      // 421 asks for another connection (RFC 9110 §15.5.20), and undici would take the same.
      if (status === MISDIRECTED) controller.abort(new Error('Another connection is taken.'));
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
    this.#leave();
    const known = end === 'fin' || end === 'rst';
    // Before its start only a connection that did not come about is the network's doing.
    const curable =
      this.controller === null ? end === 'connect' && isCurable(error) : known || isCurable(error);
    this.#exchange.failed({ ...this.#facts(end, curable, error), error }, error);
  }

  #finished(): void {
    const watch = this.#watch ?? this.#joined;
    if (watch === null) return;
    const { core, book, attempts } = this.#exchange.input;
    const now = core.now();
    watch.finished(now, this.#hintMs);
    if (!watch.inFlight && owns(book, watch.socket)) book.idle(attempts.origin).add(watch, now);
  }

  /** The attempt is over before its response, but those with which it shares the socket may not be. */
  #leave(): void {
    const { core } = this.#exchange.input;
    this.#joined?.finished(core.now(), this.#joined.hintMs);
    this.#joined = null;
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
    if (this.#begunBelow(null) || !mayAskAgain(status, this.#exchange.input.attempts)) return false;
    // The connection is given up for it, so it must be known and no other request's.
    if (status === MISDIRECTED && (this.#watch === null || this.#watch.isShared)) return false;
    const closes = /\bclose\b/i.test(String(headers.connection ?? ''));
    const after = headers['retry-after'];
    const asked = asksAgain(status, closes, typeof after === 'string' ? after : null);
    if (asked === null) return false;
    const answered = this.#exchange.answered({ ...this.#facts('status', true, null), ...asked });
    return answered !== 'final';
  }

  #endOf(error: Error): AttemptEnd {
    if (this.controller === null) return isConnectError(error) ? 'connect' : 'other';
    const { end = null } = this.#watch ?? this.#joined ?? {};
    if (end !== null) return end;
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
    const unwritten = end === 'connect';
    const begunBelow = this.#begunBelow(error);
    return {
      ...(unwritten ? NOTHING_WRITTEN : (this.#watch?.facts() ?? NOTHING_KNOWN)),
      end,
      curable,
      replayable: body?.replayable ?? true,
      headBytes: this.#headBytes,
      responseStarted: this.#responseStarted || this.#status > 0,
      signal: !begunBelow && isRefusedStream(error) ? 'refused-stream' : null,
      begunBelow,
    };
  }
}

const isHttp2Error = (error: Error): boolean =>
  String((error as NodeJS.ErrnoException).code).startsWith('ERR_HTTP2');

/** RFC 9113 §8.7: the peer did not process the stream. Node's wording, which undici passes on. */
const isRefusedStream = (error: Error | null) =>
  (error as NodeJS.ErrnoException | null)?.code === 'ERR_HTTP2_STREAM_ERROR' &&
  error!.message.includes('NGHTTP2_REFUSED_STREAM');
