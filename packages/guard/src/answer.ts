import type { Attempts, FailureFacts } from './attempts.ts';
import type { ProtocolSignal } from './decide.ts';
import { retryAfter } from './origin/hint.ts';

/** Statuses by which a server says that it did not process the request: RFC 9110 §15.5.20, RFC 8470 §5.2, RFC 9110 §15.5.9. */
const PROVING: Record<number, ProtocolSignal> = {
  421: 'misdirected',
  425: 'too-early',
  408: 'request-timeout',
};

/** Whether an answer of this status can lead to another attempt, so that its head is worth a look. */
export const mayAskAgain = (status: number, { repeatable, core }: Attempts): boolean =>
  status in PROVING || (repeatable && core.options.retryStatuses.includes(status));

/**
 * What an answer says for another attempt; null when it says nothing.
 * @param closes whether it carries `Connection: close`: a 408 without it may answer a request that was read.
 * @param after its `Retry-After` field.
 */
export function asksAgain(
  status: number,
  closes: boolean,
  after: string | null,
): Pick<FailureFacts, 'signal' | 'status' | 'retryAfterMs'> | null {
  const proving = PROVING[status] ?? null;
  const signal = proving === 'request-timeout' && !closes ? null : proving;
  const retryAfterMs = retryAfter(after, Date.now());
  return signal === null && retryAfterMs === null ? null : { signal, status, retryAfterMs };
}
