import { type Attempts, type FailureFacts, toldError } from '../attempts.ts';
import { DeadlineError, explain } from '../explained-error.ts';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { AttemptHandler } from './attempt-handler.ts';
import { CalledByLegacy } from './legacy.ts';
import type { ReplayBody } from './replay-body.ts';
import type { SocketBook } from './socket-book.ts';
import type { Controller, Dispatch, DispatchOptions, Handler } from './types.ts';

/** Connections that one attempt may turn down. After that it takes what it gets. */
const MOST_MOVES = 4;

export interface ExchangeInput {
  core: GuardCore;
  book: SocketBook;
  attempts: Attempts;
  dispatch: Dispatch;
  options: DispatchOptions;
  handler: Handler;
  /** Handlers above and below are of undici 6's kind. */
  legacy: boolean;
  /** Called with the origin that undici names when a request goes out. */
  learnOrigin: (origin: GuardedOrigin, named: string | null) => void;
  /** Called when a layer inside sends requests again. */
  onRepeatedInside: () => void;
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
  /** An attempt has failed, and it is not decided yet whether another follows. */
  #deciding = false;
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
    if (this.#timer !== null || this.#deciding) {
      if (this.#timer !== null) clearTimeout(this.#timer);
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

  /** One layer retries: that one has begun to. */
  repeatedInside(): void {
    this.input.attempts.leaveToOther();
    this.input.onRepeatedInside();
  }

  /** Whether a connection that is not to be trusted may be turned down once more. */
  mayMove(): boolean {
    return this.#moves < MOST_MOVES && (this.input.body?.replayable ?? true);
  }

  moved(): void {
    this.#moves += 1;
    this.#again(0);
  }

  /** After a failed attempt: begins another, or fails. */
  failed(facts: FailureFacts, error: Error): void {
    if (this.aborted) {
      this.fail(this.reason ?? error);
      return;
    }
    this.#deciding = true;
    this.input.attempts.failedAfterClose(facts, (next) => {
      this.#deciding = false;
      if (this.aborted) return;
      if (next.retry) this.#again(next.delayMs);
      else this.fail(toldError(next, error));
    });
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
