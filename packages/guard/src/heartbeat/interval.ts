import { describeDuration } from '../duration.ts';
import type { FrontEnd } from '../front-ends.ts';
import { timeouts } from '../timeouts.ts';

/** However patient the path is, a dead peer should not go unnoticed for longer; milliseconds. */
const LONGEST = 60_000;

/** Where nothing is said about the path: the shortest idle limit of a common front end. */
const COMMON = 'aws-alb-idle';

export interface Rhythm {
  intervalMs: number;
  /** The box that decided; null where none was named. */
  limit: FrontEnd | null;
  /** A sentence, when the interval that was asked for is too long for the path. */
  tooSlow: string | null;
}

/**
 * Half of the shortest idle limit on the path, less a tenth: one heartbeat may get lost and the next still comes
 * in time. A minute at most.
 *
 * @param wantedMs the caller's own interval, which is kept; null to derive one.
 */
export function rhythmFor(behind: readonly FrontEnd[], wantedMs: number | null): Rhythm {
  const limit = behind.toSorted((a, b) => a.idleMs - b.idleMs)[0] ?? null;
  const limitMs = limit?.idleMs ?? timeouts.find(({ id }) => id === COMMON)!.defaultSeconds! * 1000;
  const derived = Math.min(LONGEST, Math.floor((limitMs / 2) * 0.9));
  const intervalMs = wantedMs ?? derived;
  const tooSlow =
    limit && intervalMs > limit.idleMs / 2
      ? `A heartbeat every ${describeDuration(intervalMs)} is too slow for ${limit.name}, which gives a connection up after ${describeDuration(limit.idleMs)} of silence: ${describeDuration(derived)} or less leaves room for a lost one.`
      : null;
  return { intervalMs, limit, tooSlow };
}
