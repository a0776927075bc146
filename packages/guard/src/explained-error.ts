import type { Stop } from './attempts.ts';
import type { Decision, FailedAttempt, Grade } from './decide.ts';

/**
 * - `WHYRESET_NOT_EXECUTED`: proven; the caller may send the request again.
 * - `WHYRESET_MAY_HAVE_EXECUTED`: not known; ask the server before sending it again.
 * - `WHYRESET_DEADLINE`: the deadline passed.
 */
export type ResetCode = 'WHYRESET_NOT_EXECUTED' | 'WHYRESET_MAY_HAVE_EXECUTED' | 'WHYRESET_DEADLINE';

/** What `error.whyreset` holds. Milliseconds; `null` is "not known". */
export interface ResetDetails {
  code: ResetCode;
  /** How the last attempt ended; `connect`, `status`, `timeout` and `other` as in `FailedAttempt.end`. */
  end: FailedAttempt['end'];
  /** Who ended the connection, as far as a socket can tell: a box on the path may speak in the peer's name. */
  sender: 'peer' | 'local' | 'unknown';
  /** Whether the peer received the request. */
  delivered: Decision['delivered'];
  grade: Grade;
  reused: boolean;
  idleMs: number | null;
  learnedIdleMs: number | null;
  attempts: number;
  /** Why it was not tried again although it could have been; null when it could not. */
  stopped: Stop | null;
  /** What happened, in one sentence. */
  cause: string;
  /** What to change, in one sentence. */
  advice: string;
}

export function explainedError(
  facts: FailedAttempt,
  decision: Decision,
  stopWords: string | null,
  stopped: Stop | null,
): ResetDetails {
  const { end, reused, idleMs, learnedIdleMs, attempt } = facts;
  return {
    code: decision.delivered === 'no' ? 'WHYRESET_NOT_EXECUTED' : 'WHYRESET_MAY_HAVE_EXECUTED',
    end,
    sender: end === 'fin' || end === 'status' ? 'peer' : end === 'rst' ? 'unknown' : 'local',
    delivered: decision.delivered,
    grade: decision.grade,
    reused,
    idleMs,
    learnedIdleMs,
    attempts: attempt,
    stopped,
    cause: stopWords === null ? decision.reason : `${decision.reason}; ${stopWords}`,
    advice: adviceFor(facts, decision, stopped),
  };
}

function adviceFor(facts: FailedAttempt, decision: Decision, stopped: Stop | null): string {
  if (stopped === 'budget')
    return 'The origin fails more often than retries may cover; look at the origin, not at the retries.';
  if (facts.end === 'connect')
    return 'Nothing listens there, or the path or the name is wrong; see the code of the error.';
  if (decision.delivered === 'no') return 'It is safe to send the request again.';
  const idle = facts.reused && facts.idleMs !== null;
  if (idle && (facts.end === 'rst' || facts.end === 'fin'))
    return `The connection had been idle for ${Math.round(facts.idleMs!)} ms: raise the server’s keep-alive timeout above the client’s, and send an Idempotency-Key so that the request may be repeated.`;
  return 'Ask the server whether the request was executed before sending it again, or send an Idempotency-Key.';
}

/** Puts the explanation on the error itself, whose class, code, message and cause stay what they were. */
export function explain<E extends object>(error: E, details: ResetDetails): E & { whyreset: ResetDetails } {
  try {
    Object.defineProperty(error, 'whyreset', {
      value: details,
      configurable: true,
      enumerable: true,
      writable: true,
    });
  } catch {
    // A frozen error goes as it is.
  }
  return error as E & { whyreset: ResetDetails };
}

/** Whether an error says what is known of its request: `if (isExplained(error)) error.whyreset.delivered`. */
export const isExplained = (error: unknown): error is Error & { whyreset: ResetDetails } =>
  error instanceof Error && typeof (error as { whyreset?: unknown }).whyreset === 'object';

/** The deadline over all attempts has passed. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'WHYRESET_DEADLINE';
}
