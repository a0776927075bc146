import type { KnownTimeout, TimeoutKind, TimeoutSide } from './timeouts.ts';
import { timeouts } from './timeouts.ts';

export interface MatchOptions {
  /** Seconds by which the gap may miss the default; without it the larger of 1 s and 2 % of the default. */
  tolerance?: number;
  what?: TimeoutKind | readonly TimeoutKind[];
  side?: TimeoutSide | readonly TimeoutSide[];
}

export interface TimeoutMatch {
  timeout: KnownTimeout;
  /**
   * `at-expiry`: the gap is the default within the tolerance, as when the expiry itself ended the connection.
   * `after-expiry`: the gap is longer, and the product shows an expiry only to the next packet, whenever
   * that comes; this excludes nothing above the default, so it says less.
   */
  rule: 'at-expiry' | 'after-expiry';
  /** Seconds by which the gap is longer (or, negative, shorter) than the default. */
  offBy: number;
}

/**
 * The known timeouts that could lie behind a gap of so many seconds between the last activity and what ended
 * the connection, closest first. One gap is a hint, not a proof: ask for the same gap on several connections,
 * or for the configured value.
 *
 * @param seconds gap, measured at the vantage nearest to the suspect. Negative or NaN matches nothing.
 */
export function matchTimeouts(seconds: number, options: MatchOptions = {}): TimeoutMatch[] {
  const matches: TimeoutMatch[] = [];
  for (const timeout of timeouts) {
    if (!isAmong(timeout.what, options.what) || !isAmong(timeout.side, options.side)) continue;
    const match = matchOne(timeout, seconds, options.tolerance);
    if (match) matches.push(match);
  }
  // Array.prototype.sort is stable: equally close ones stay in the order of the table.
  return matches.sort((a, b) => Math.abs(a.offBy) - Math.abs(b.offBy));
}

function matchOne(timeout: KnownTimeout, seconds: number, tolerance?: number): TimeoutMatch | null {
  const expiry = timeout.defaultSeconds;
  // A count of requests is no time, and 0 stands for "off".
  if (timeout.unit !== 'seconds' || !expiry) return null;
  const offBy = seconds - expiry;
  if (Math.abs(offBy) <= (tolerance ?? Math.max(1, 0.02 * expiry)))
    return { timeout, rule: 'at-expiry', offBy };
  const waitsForPacket = timeout.atExpiry === 'rst-on-next-packet' || timeout.atExpiry === 'silent';
  return waitsForPacket && offBy > 0 ? { timeout, rule: 'after-expiry', offBy } : null;
}

function isAmong<T extends string>(value: T, wanted: T | readonly T[] | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? value === wanted : wanted.includes(value);
}
