/*
 * Sequence numbers are unsigned 32-bit integers that wrap (RFC 9293 §3.4).
 * Comparisons hold while the two are less than 2^31 apart, as the RFC demands.
 */

/** `a - b` as a signed distance, −2^31 … 2^31−1: positive when `a` is ahead. */
export function seqDifference(a: number, b: number): number {
  return (a - b) | 0;
}

/** `a` moved on by `bytes` (which may be negative), wrapped. */
export function seqAdvance(a: number, bytes: number): number {
  return (a + bytes) >>> 0;
}

/** `a` comes before `b`. */
export function seqBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}

/** `a` comes after `b`. */
export function seqAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** The later of the two. */
export function seqLater(a: number, b: number): number {
  return ((a - b) | 0) >= 0 ? a : b;
}

/** `a` lies in the window that starts at `from` and is `length` bytes long. */
export function seqInWindow(a: number, from: number, length: number): boolean {
  return (a - from) >>> 0 < length;
}
