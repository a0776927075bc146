/**
 * Full jitter: anything between nothing and a bound that doubles with every attempt, milliseconds. Spreads clients
 * that failed together further apart than any other form (AWS Architecture Blog, Exponential Backoff And Jitter).
 *
 * @param attempt the one that failed, from 1.
 * @param random a number in [0, 1).
 */
export const fullJitter = (attempt: number, baseMs: number, maxMs: number, random: number): number =>
  random * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
