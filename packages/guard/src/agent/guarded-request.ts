import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { asksAgain, mayAskAgain } from '../answer.ts';
import { type Attempts, type FailureFacts, type Next, toldError } from '../attempts.ts';
import { isCurable } from '../curable.ts';
import type { AttemptEnd } from '../decide.ts';
import { DeadlineError, explain, type ResetDetails } from '../explained-error.ts';
import { keepAliveHint } from '../origin/hint.ts';
import { NOTHING_WRITTEN } from '../socket/watch.ts';
import { canTakeBack, type NodeRequest, takeBack } from './client-request.ts';
import { type Carried, PooledSocket } from './pooled-socket.ts';
import { ReplayLog } from './replay-log.ts';
import { MAX_HEAD_BYTES, type ResponseHead, responseHead, statusOf } from './response-head.ts';

/** Idle for longer than this, a socket whose kernel cannot be asked is given one turn of the event loop to show its end. */
const LOOK_AFTER_MS = 20;

/** A request of `node:http` over all its attempts. Its agent gives it sockets, as it would without a guard. */
export class GuardedRequest implements Carried {
  readonly #request: NodeRequest;
  readonly #attempts: Attempts;
  /** Asks the agent for a socket; `fresh`: one that never carried a request. */
  readonly #ask: (fresh: boolean) => void;
  readonly #onSocket: NodeRequest['onSocket'];
  #pooled: PooledSocket | null = null;
  #log: ReplayLog | null = null;
  #responseStarted = false;
  /** The beginning of a response on which a retry may depend. */
  #peeked: Buffer | null = null;
  #isCut = false;
  #deadline: NodeJS.Timeout | null = null;

  constructor(request: NodeRequest, attempts: Attempts, ask: (fresh: boolean) => void) {
    this.#request = request;
    this.#attempts = attempts;
    this.#ask = ask;
    this.#onSocket = request.onSocket;
    request.onSocket = (socket, error) => this.#assign(socket as Socket, error ?? null);
    const { deadlineAt, core } = attempts;
    if (deadlineAt !== null) {
      this.#deadline = setTimeout(() => this.#expire(), Math.max(0, deadlineAt - core.now()));
      request.once('close', () => clearTimeout(this.#deadline!));
    }
  }

  /** No socket could even be asked for. */
  refused(error: Error): void {
    this.#assign(null, error);
  }

  #pass(socket: Duplex | null, error: Error | null): void {
    this.#onSocket.call(this.#request, socket, error);
  }

  #assign(socket: Socket | null, error: Error | null): void {
    const { core, origin } = this.#attempts;
    if (this.#request.destroyed) this.#pass(socket, error);
    else if (error !== null || socket === null) this.#notConnected(error ?? hangUp());
    else {
      const pooled = PooledSocket.of(socket, core, origin);
      const { watch } = pooled;
      const idleMs = watch.requests === 0 ? 0 : watch.pooled(core.now()).idleMs;
      if (idleMs < LOOK_AFTER_MS || watch.canLook) this.#carry(pooled);
      // The kernel cannot be asked: after a poll phase a FIN that is already there has shown itself.
      else this.#carryNextTurn(pooled);
    }
  }

  #carryNextTurn(pooled: PooledSocket): void {
    const { socket } = pooled;
    // Neither the agent nor node:http listens meanwhile.
    const ignore = () => {};
    socket.on('error', ignore);
    setImmediate(() => {
      socket.off('error', ignore);
      this.#carryIfOpen(pooled);
    });
  }

  #notConnected(error: Error): void {
    this.#failed('connect', error, (told) => {
      if (told !== null) this.#pass(null, told);
    });
  }

  #carryIfOpen(pooled: PooledSocket): void {
    const { socket, watch } = pooled;
    if (watch.end === null && !socket.destroyed) {
      this.#carry(pooled);
      return;
    }
    const { stats } = this.#attempts.origin;
    stats.avoided += 1;
    stats.foundClosed += 1;
    pooled.retire();
    this.#request.reusedSocket = false;
    if (this.#request.destroyed) this.#pass(null, null);
    else this.#ask(false);
  }

  #carry(pooled: PooledSocket): void {
    const { core } = this.#attempts;
    this.#pooled = pooled;
    this.#log = new ReplayLog(core.options.maxReplayBytes);
    pooled.carried = this;
    pooled.idle = false;
    pooled.watch.begin(core.now());
    this.#pass(pooled.socket, null);
  }

  get takenUp(): boolean {
    return this.#request.socket === this.#pooled?.socket || this.#request.destroyed;
  }

  onWrite(...written: Parameters<Carried['onWrite']>): ReturnType<Carried['onWrite']> {
    return this.#log!.keep(...written);
  }

  onPush(chunk: Buffer | null): Buffer | null | undefined {
    if (chunk === null) return this.#onEnd();
    if (this.#responseStarted) return chunk;
    const bytes = this.#peeked === null ? chunk : Buffer.concat([this.#peeked, chunk]);
    const status = statusOf(bytes);
    if (status !== null && mayAskAgain(status, this.#attempts) && this.#log!.chunks !== null) {
      const head = responseHead(bytes);
      if (head === null && bytes.length < MAX_HEAD_BYTES) {
        this.#peeked = bytes;
        return undefined;
      }
      if (head !== null && this.#answered(head)) return undefined;
    }
    this.#respond();
    return bytes;
  }

  #respond(): void {
    this.#responseStarted = true;
    this.#peeked = null;
    this.#pooled!.watch.answered(this.#attempts.core.now());
    this.#attempts.succeeded();
    this.#log!.drop();
  }

  /** Whether an answer was discarded in favour of another attempt. */
  #answered({ status, closes, retryAfter }: ResponseHead): boolean {
    const asked = asksAgain(status, closes, retryAfter);
    if (asked === null) return false;
    const next = this.#attempts.failed({ ...this.#facts('status', true), ...asked });
    if (next.retry) this.#again(next.delayMs);
    else if (next.thrown !== undefined) this.#request.destroy(next.thrown as Error);
    else return false;
    return true;
  }

  #onEnd(): null | undefined {
    const { socket } = this.#pooled!;
    const { res, destroyed } = this.#request;
    if (res !== null) this.#cut('fin', res);
    // What was held back, or has not been read yet, may be the answer after all: node:http says what it makes of it.
    const unread = socket.readableLength > 0 || this.#peeked !== null;
    if (res !== null || destroyed || unread) {
      const held = this.#peeked;
      if (held !== null) {
        this.#respond();
        socket.unshift(held);
      }
      return null;
    }
    // Through onDestroy, which is where every failure ends up.
    socket.destroy();
    return undefined;
  }

  onDestroy(error: Error | null, told: (error: Error | null) => void): void {
    const pooled = this.#pooled!;
    const { res, destroyed } = this.#request;
    const end = pooled.watch.end ?? 'other';
    if (error === null && this.#responseStarted && res === null && this.#request.parser === null) {
      this.#explainParseError();
      told(null);
      return;
    }
    if (res !== null) {
      this.#cut(end, res);
      // A reset goes to the request as it is, though its response is with the caller (socketErrorListener).
      if (error !== null && !res.complete) explain(error, this.#attempts.cutShort(this.#facts(end, true)));
    }
    if (res !== null || destroyed) told(error);
    else this.#failed(pooled.ready ? end : 'connect', error ?? hangUp(), told);
  }

  /**
   * An answer that is no HTTP: node:http frees the parser, destroys the socket and then reports the parser's error itself
   * (socketOnData). A second error out of the socket would find no listener.
   */
  #explainParseError(): void {
    const request = this.#request as unknown as ClientRequest;
    // A listener would take an error that nobody listens for.
    if (this.#request.destroyed || request.listenerCount('error') === 0) return;
    request.prependOnceListener('error', (error) => {
      const next = this.#attempts.failed({ ...this.#facts('other', false), error });
      if (!next.retry) explain(error, next.details);
    });
  }

  /** @param told takes the error that the request fails with; null: it is tried again. */
  #failed(end: AttemptEnd, error: Error, told: (error: Error | null) => void): void {
    const curable = end === 'fin' || end === 'rst' || (end !== 'other' && isCurable(error));
    const facts = { ...this.#facts(end, curable), error };
    const decided = (next: Next, fail: (error: Error) => void, again: () => void) => {
      if (next.retry) {
        this.#again(next.delayMs);
        again();
        return;
      }
      const log = this.#log;
      // After the error itself has been reported.
      if (log !== null) setImmediate(() => log.drop());
      fail(toldError(next, error));
    };
    if (facts.afterClose === null || !facts.replayable) {
      decided(this.#attempts.failed(facts), told, () => told(null));
      return;
    }
    // The peer's answer is awaited. Meanwhile the request is without a socket, or what is written to it would be lost.
    this.#detach();
    told(null);
    const resume = this.#takeDestroy(() => {});
    this.#attempts.failedAfterClose(facts, (next) => {
      if (resume())
        decided(
          next,
          (failure) => this.#pass(null, failure),
          () => {},
        );
    });
  }

  /** Takes the request off its socket, which has ended. */
  #detach(): void {
    const pooled = this.#pooled;
    if (pooled === null) return;
    takeBack(this.#request, pooled.socket, this.#log!.chunks!);
    this.#pooled = null;
    this.#peeked = null;
    pooled.retire();
  }

  /**
   * Without a socket that could report it, node:http would leave a request that is given up now without an end.
   *
   * @param onDestroy called when it is given up.
   * @returns ends this; false when the request has been given up.
   */
  #takeDestroy(onDestroy: () => void): () => boolean {
    const request = this.#request;
    const { destroy } = request;
    let given = true;
    request.destroy = (error) => {
      given = false;
      request.destroy = destroy;
      onDestroy();
      request.destroy(error);
      this.#pass(null, error ?? null);
      return request as never;
    };
    return () => {
      if (given) request.destroy = destroy;
      return given;
    };
  }

  #facts(end: AttemptEnd, curable: boolean): FailureFacts {
    const pooled = this.#pooled;
    const log = this.#log;
    const unsent = pooled === null || !pooled.ready;
    return {
      ...(unsent ? NOTHING_WRITTEN : pooled.watch.facts()),
      end,
      curable,
      replayable: pooled === null || (log!.chunks !== null && canTakeBack(this.#request, pooled.socket)),
      headBytes: log?.headBytes ?? null,
      responseStarted: this.#responseStarted,
    };
  }

  /** The connection ends under the response, which may be what completes it, or cuts it short. */
  #cut(end: AttemptEnd, response: IncomingMessage): void {
    if (this.#isCut || response.complete) return;
    this.#isCut = true;
    const facts = this.#facts(end, true);
    explainAbort(response, () => this.#attempts.cutShort(facts));
  }

  #again(delayMs: number): void {
    this.#detach();
    const timer = setTimeout(() => {
      if (resume()) this.#ask(true);
    }, delayMs);
    const resume = this.#takeDestroy(() => clearTimeout(timer));
  }

  #expire(): void {
    const { core } = this.#attempts;
    const error = new DeadlineError(
      `The request and its retries did not succeed within ${core.options.deadlineMs} ms.`,
    );
    const underWay = this.#pooled === null ? null : this.#facts('timeout', false);
    // What the kernel has not taken yet it may still take before the socket is closed.
    if (underWay?.acceptedBytes === 0) underWay.acceptedBytes = null;
    const details = this.#attempts.expired(underWay);
    const { res } = this.#request;
    if (res !== null) explainAbort(res, () => details);
    this.#request.destroy(explain(error, details));
  }

  onFree(): void {
    const pooled = this.#pooled!;
    this.#pooled = null;
    pooled.carried = null;
    const response = this.#request.res;
    const now = this.#attempts.core.now();
    // Given up before it wrote anything: since Node 26 the agent keeps such a connection.
    const unused = this.#log!.chunks?.length === 0;
    // Given up before anything came: nobody knows what its connection will say next.
    if (!unused && (!this.#responseStarted || response === null)) {
      pooled.socket.destroy();
      return;
    }
    pooled.idle = true;
    if (unused) pooled.watch.withdrawn(now);
    else pooled.watch.finished(now, keepAliveHint(response!.headers['keep-alive']));
  }

  /** The request became a tunnel or another protocol: the connection is its owner's now. */
  onTaken(): void {
    this.#pooled!.carried = null;
    this.#pooled = null;
  }
}

/** As `node:http` says it when a response is missing. */
const hangUp = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/**
 * `node:http` makes the error of a response that is cut short ("aborted") itself, and hands it to `_destroy`. The response
 * gets the explanation too: got and axios make errors of their own out of its event `aborted`, and name it there.
 */
function explainAbort(response: IncomingMessage, details: () => ResetDetails): void {
  if (response.complete) return;
  const destroy = response._destroy;
  response._destroy = (error, callback) => {
    if (error !== null) {
      const told = details();
      explain(error, told);
      explain(response, told);
    }
    destroy.call(response, error, callback);
  };
}
