import { type Attempts, type FailureFacts, toldError } from '../attempts.ts';
import { DeadlineError, explain } from '../explained-error.ts';
import type { GuardCore } from '../guard-core.ts';
import { AttemptHandler } from './attempt-handler.ts';
import { CalledByEither, CalledByLegacy } from './legacy.ts';
import type { OwnOrigin } from './own-origin.ts';
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
  /** The handler above is of undici 6's kind, and most of the time what is below takes that kind too. */
  legacy: boolean;
  /** What the dispatcher below takes, where it has refused the kind that came from above. */
  below: { takesLegacy: boolean | null; isForeign: boolean };
  /** Where the request names no origin: the dispatcher's own. */
  own: OwnOrigin | null;
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
    const { attempts, own } = this.input;
    return own === null
      ? this.#dispatch()
      : own.during(
          () => this.#dispatch(),
          (key) => attempts.isFor(key),
        );
  }

  #dispatch(): boolean {
    const { dispatch, options, legacy, below } = this.input;
    const asLegacy = !below.isForeign && (below.takesLegacy ?? legacy);
    const attempt = new AttemptHandler(this, asLegacy);
    this.#attempt = attempt;
    if (below.isForeign) return dispatch(options, new CalledByEither(attempt));
    try {
      return dispatch(options, asLegacy ? new CalledByLegacy(attempt) : attempt);
    } catch (error) {
      // The fetch of one undici over the dispatcher of another: each knows one kind of handlers only.
      if (below.takesLegacy !== null || !isHandlerRefused(error)) throw error;
      below.takesLegacy = !asLegacy;
      return this.#dispatch();
    }
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
      else {
        // Final also for retries that are composed further out, which would multiply with these: undici 7 and 8 leave
        // an aborted request alone. What they do with a response that was cut short is their own.
        this.aborted = facts.curable && !facts.responseStarted;
        this.fail(toldError(next, error));
      }
    });
  }

  /** After an answer that asks for another attempt: whether there will be one. */
  answered(facts: FailureFacts): 'again' | 'failed' | 'final' {
    const next = this.input.attempts.failed(facts);
    if (next.retry) {
      this.#again(next.delayMs);
      return 'again';
    }
    if (next.thrown === undefined) return 'final';
    this.fail(toldError(next, new Error('unreachable')));
    return 'failed';
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

/** As undici of any line says that a handler lacks the methods of its kind. */
const isHandlerRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (error as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG' &&
  /^invalid on\w+ method$/.test(error.message);
