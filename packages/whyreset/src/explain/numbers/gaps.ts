import { logTime } from '../../host/log-time.ts';
import type { Duration } from './durations.ts';

/** Lines of a paste whose times are compared. */
const MOST_LINES = 200;
/** Shorter pauses are no timeouts that people configure. */
const LEAST = 20;

/**
 * Pauses between the times of a paste: the same pause again and again is a timer. One pause alone is told only
 * between two lines, where it is all there is.
 */
export function gapsIn(text: string): Duration[] {
  const lines = text.split('\n', MOST_LINES);
  const times = lines.flatMap((line) => logTime(line)?.seconds ?? []);
  const gaps = times
    .slice(1)
    .map((time, i) => time - times[i]!)
    .filter((gap) => gap >= LEAST);
  const [first] = gaps;
  if (first === undefined) return [];
  const same = gaps.filter((gap) => Math.abs(gap - first) <= Math.max(1, first * 0.02));
  if (same.length >= 2 && same.length === gaps.length)
    return [{ seconds: first, role: 'interval', text: `${same.length + 1} times at the same interval` }];
  return gaps.length === 1 ? [{ seconds: first, role: 'elapsed', text: 'between two lines' }] : [];
}
