import { type Decision, decide, type FailedAttempt } from './decide.ts';
import { explain, explainedError, type ResetDetails } from './explained-error.ts';
import type { GuardCore, GuardedOrigin } from './guard-core.ts';
import { isIdempotent } from './methods.ts';
import { protocolMismatch } from './protocol-mismatch.ts';
import { type AttemptFacts, NOTHING_WRITTEN } from './socket/watch.ts';

/** Why a retry that the decision would allow is not made. */
export type Stop = 'attempts' | 'budget' | 'deadline' | 'retry-after' | 'other-layer';

/** What `onDecision` is told. */
export interface DecisionEvent {
  origin: string;
  facts: FailedAttempt;
  decision: Decision;
  stop: Stop | null;
}

/** What a transport knows of a failure beside the socket's own facts. */
export type FailureFacts = AttemptFacts &
  Pick<FailedAttempt, 'end' | 'curable' | 'replayable' | 'headBytes' | 'responseStarted'> &
  Partial<Pick<FailedAttempt, 'signal' | 'status' | 'retryAfterMs' | 'peerAfterClose'>> & {
    /** Another layer, below, has begun the request anew by itself. */
    begunBelow?: boolean;
    /** As the transport met it. */
    error?: Error | null;
  };

export type Next =
  | { retry: true; delayMs: number }
  /** `thrown`: what `onDecision` threw; the request fails with that. */
  | { retry: false; details: ResetDetails; thrown?: unknown };

/** The error that a request which is not tried again fails with. */
export function toldError({ details, thrown }: Next & { retry: false }, error: Error): Error {
  if (thrown === undefined) return explain(error, details);
  return thrown instanceof Error ? thrown : new Error(`onDecision threw ${String(thrown)}`);
}

const STOP_WORDS: Record<Stop, string> = {
  attempts: 'no attempt is left',
  budget: 'the retry budget of this origin is used up',
  deadline: 'the deadline leaves no time for another attempt',
  'retry-after': 'the server asks to wait longer than is allowed',
  'other-layer': 'another layer retries already',
};

/** The attempts of one request: decision, limit, budget and deadline in one place for every transport. */
export class Attempts {
  readonly core: GuardCore;
  origin: GuardedOrigin;
  readonly method: string;
  readonly repeatable: boolean;
  readonly beganAt: number;
  readonly deadlineAt: number | null;
  readonly #keyed: boolean;
  readonly #alone: boolean;
  /** Number of the current attempt, from 1. */
  attempt = 1;
  /** The first attempt about which nothing was proven: a later one that was proven does not take that back. */
  #doubt: Decision | null = null;

  /** @param alone no other layer retries this request. */
  constructor(core: GuardCore, origin: GuardedOrigin, method: string, keyed: boolean, alone = true) {
    this.core = core;
    this.origin = origin;
    this.method = method;
    this.#keyed = keyed;
    this.#alone = alone;
    this.repeatable = keyed || isIdempotent(method);
    const now = core.now();
    this.beganAt = now;
    this.deadlineAt = core.options.deadlineMs === null ? null : now + core.options.deadlineMs;
    origin.budget.request(now);
    origin.stats.requests += 1;
    origin.stats.attempts += 1;
  }

  /** The dispatcher's own choice shows only when it makes it: the request counts there. */
  isFor(key: string): void {
    const before = this.origin;
    if (key === before.key) return;
    const { core, attempt } = this;
    this.origin = core.origin(key);
    before.stats.requests -= 1;
    before.stats.attempts -= attempt;
    this.origin.stats.requests += 1;
    this.origin.stats.attempts += attempt;
    this.origin.budget.request(core.now());
  }

  /**
   * The same, once the peer has answered what came after its FIN, where it has something to answer: at once, or after
   * about a round trip, or a fraction of a second where it takes what comes.
   */
  failedAfterClose(failure: FailureFacts, decided: (next: Next) => void): void {
    const { knowledge } = this.origin;
    if (failure.afterClose === null || knowledge.processesAfterHalfClose) {
      decided(this.failed(failure));
      return;
    }
    void failure.afterClose.then((peerAfterClose) => {
      if (peerAfterClose === 'acknowledged') knowledge.processesAfterHalfClose = true;
      decided(this.failed({ ...failure, peerAfterClose }));
    });
  }

  /** After a failure: whether and when to try again, or what to tell the caller. */
  failed({ error = null, ...failure }: FailureFacts): Next {
    const { core, origin } = this;
    const { knowledge, stats } = origin;
    const now = core.now();
    const facts = this.#complete(failure, now);
    const decision = decide(
      facts,
      {
        ...core.options,
        // Without Retry-After a status is an answer like any other.
        statuses: facts.retryAfterMs === null ? [] : core.options.retryStatuses,
      },
      Math.random(),
    );
    stats.grades[decision.grade] += 1;
    if (facts.reused && (facts.end === 'fin' || facts.end === 'rst')) stats.raceLosses += 1;
    if (['P1', 'P1+', 'P2', 'P5'].includes(decision.grade) && facts.idleMs !== null)
      knowledge.closedUnderRequest(failure.closedAtMs ?? facts.idleMs + (facts.sinceWriteMs ?? 0), now);

    const stop =
      decision.verdict === 'retry' ? this.#stop(facts, decision, now, failure.begunBelow ?? false) : null;
    const thrown = this.#report({ origin: origin.key, facts, decision, stop });
    if (decision.verdict === 'retry' && stop === null && thrown === undefined) {
      if (decision.delivered !== 'no') this.#doubt ??= decision;
      this.attempt += 1;
      stats.retries += 1;
      stats.attempts += 1;
      return { retry: true, delayMs: decision.delayMs };
    }
    if (facts.end !== 'status') stats.failed += 1;
    const details = explainedError(
      facts,
      this.#overall(decision),
      stop === null ? null : STOP_WORDS[stop],
      stop,
    );
    const silent = !origin.hasAnswered && !facts.reused && !facts.responseStarted && facts.end === 'fin';
    return {
      retry: false,
      details: { ...details, ...protocolMismatch(error, origin.key, silent) },
      thrown,
    };
  }

  /** @returns what the user's function threw. */
  #report(event: DecisionEvent): unknown {
    try {
      this.core.options.onDecision?.(event);
      return undefined;
    } catch (error) {
      return error ?? new Error('onDecision threw nothing');
    }
  }

  /** The connection ended under a response that is with the caller already: nothing is left to decide. */
  cutShort(failure: FailureFacts): ResetDetails {
    const facts = this.#complete(failure, this.core.now());
    const decision = decide(facts, { ...this.core.options, statuses: [] }, 0);
    return explainedError(facts, decision, null, null);
  }

  /** The deadline has passed; `failure`: what is known of the attempt under way, null between two attempts. */
  expired(failure: Omit<FailureFacts, 'end' | 'curable'> | null): ResetDetails {
    const attempt = failure ?? {
      ...NOTHING_WRITTEN,
      replayable: true,
      headBytes: null,
      responseStarted: false,
    };
    const facts = this.#complete({ ...attempt, end: 'timeout', curable: false }, this.core.now());
    const { grade, delivered } = decide(facts, { ...this.core.options, statuses: [] }, 0);
    const now: Decision = { verdict: 'fail', grade, delivered, delayMs: 0, reason: 'no answer came in time' };
    this.origin.stats.failed += 1;
    const details = explainedError(facts, this.#overall(now), STOP_WORDS.deadline, 'deadline');
    return { ...details, code: 'WHYRESET_DEADLINE' };
  }

  #overall(decision: Decision): Decision {
    const doubt = this.#doubt;
    if (doubt === null || decision.delivered !== 'no') return decision;
    const reason = `an earlier attempt may have been executed (${doubt.reason}), and ${decision.reason}`;
    return { ...decision, grade: doubt.grade, delivered: doubt.delivered, reason };
  }

  #complete(failure: FailureFacts, now: number): FailedAttempt {
    const { knowledge } = this.origin;
    return {
      signal: null,
      status: null,
      retryAfterMs: null,
      peerAfterClose: null,
      ...failure,
      method: this.method,
      keyed: this.#keyed,
      attempt: this.attempt,
      learnedIdleMs: knowledge.limitOf(null, now),
      peerMayProcessAfterHalfClose: knowledge.processesAfterHalfClose,
    };
  }

  succeeded(): void {
    if (this.attempt > 1) this.origin.stats.recovered += 1;
  }

  #stop(facts: FailedAttempt, decision: Decision, now: number, begunBelow: boolean): Stop | null {
    if (!this.#alone || begunBelow) return 'other-layer';
    if (this.attempt >= this.core.options.maxAttempts) return 'attempts';
    if ((facts.retryAfterMs ?? 0) > this.core.options.maxRetryAfterMs) return 'retry-after';
    if (this.deadlineAt !== null && now + decision.delayMs >= this.deadlineAt) return 'deadline';
    if (this.origin.budget.withdraw(now)) return null;
    this.origin.stats.budgetExhausted += 1;
    return 'budget';
  }
}
