import type { TimeoutMatch } from '@whyreset/guard/timeouts';

/** A timer fires late, hardly early: what is early is the path that the two packets took, seconds and share. */
const EARLY = 0.05;
const EARLY_SHARE = 0.01;
/** Late by the tick of the timer and a busy loop. */
const LATE = 0.25;
const LATE_SHARE = 0.05;
const LATEST = 1;
const LATE_SHARE_OF_LONG = 0.02;

/**
 * The measured time is the expiry of this timeout. 1.7 s was called a timeout of 2 s while a second either way
 * was allowed: so loosely any wait is some default.
 *
 * @param late seconds that it may come later than a timer does, for supervisors that only look now and then; at
 * most a quarter of the default
 */
export function isAtExpiry({ rule, timeout, offBy }: TimeoutMatch, late = 0): boolean {
  const value = timeout.defaultSeconds;
  if (rule !== 'at-expiry' || !value) return false;
  const allowed = Math.max(
    LATE,
    Math.min(LATEST, LATE_SHARE * value),
    LATE_SHARE_OF_LONG * value,
    Math.min(late, value / 4),
  );
  return offBy >= -Math.max(EARLY, EARLY_SHARE * value) && offBy <= allowed;
}
