import {
  CLOSED,
  ESTABLISHED,
  FIN_SEEN,
  FIN_SEQ,
  FLAGS,
  HOLE,
  PARTIAL_CONNECTION,
  REASSEMBLED,
  RESET_STATE,
  SKIPPING,
  STATE,
  TRIMMED,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { gap } from './history.ts';
import { lastFull, noDataAcked, payloadSize, previousState, startOf, stateOf } from './numbers.ts';
import {
  EXCESSIVE_DATA_WITHOUT_FURTHER_ACKS,
  MAX_ABOVE_HOLE_WITHOUT_ANY_ACKS,
  MAX_INITIAL_WINDOW,
} from './zeek-defaults.ts';

/*
 * What Zeek's reassembler (TCP_Reassembler.cc, Reassem.cc) decides, without the
 * bytes: two numbers per side and the intervals above the first hole.
 *
 *   TRIMMED      acknowledged and let go up to here
 *   REASSEMBLED  delivered in order up to here; never a hole between the two
 *   HOLE         list of intervals beyond, ascending, merged where they touch
 *
 * An acknowledgement past REASSEMBLED means bytes were delivered that the
 * capture never showed: a content gap, letter g.
 */

/** An interval in its pool: link, then bounds as doubles. */
const NEXT = 0;
const LOWER = 2;
const UPPER = 4;

/** More separate intervals than this above one hole are joined: the list is walked for each insertion. */
const MOST_INTERVALS = 128;

function clean(v: Int32Array, e: number): boolean {
  const state = stateOf(v, e);
  return state === ESTABLISHED || (state === CLOSED && previousState(v, e) === ESTABLISHED);
}

export function clearIntervals(live: Live, e: number): void {
  const { intervals } = live;
  const v = live.rows.v;
  for (let at = v[e + HOLE]!; at >= 0; ) {
    const next = intervals.v[at + NEXT]!;
    intervals.give(at);
    at = next;
  }
  v[e + HOLE] = -1;
}

/** Takes the first interval off the list; returns its upper bound. */
function shift(live: Live, e: number): number {
  const { intervals, rows } = live;
  const at = rows.v[e + HOLE]!;
  const upper = intervals.d[(at + UPPER) >> 1]!;
  rows.v[e + HOLE] = intervals.v[at + NEXT]!;
  intervals.give(at);
  return upper;
}

/** Delivers what has become contiguous at `REASSEMBLED`. */
function deliver(live: Live, e: number, p: number): void {
  const { intervals, rows } = live;
  const { v, d } = rows;
  for (;;) {
    const at = v[e + HOLE]!;
    if (at < 0 || intervals.d[(at + LOWER) >> 1]! > d[(e + REASSEMBLED) >> 1]!) break;
    const upper = shift(live, e);
    if (upper > d[(e + REASSEMBLED) >> 1]!) d[(e + REASSEMBLED) >> 1] = upper;
  }
  // Much data and never an acknowledgement: Zeek presumes it cannot see them.
  if (noDataAcked(v, e) && payloadSize(v, e, p) > MAX_INITIAL_WINDOW) {
    trimTo(live, 0, e, p, d[(e + REASSEMBLED) >> 1]!);
  }
}

function reportGap(live: Live, r: number, e: number, p: number): void {
  const v = live.rows.v;
  if (clean(v, e) && clean(v, p)) gap(live, r, e);
}

function undelivered(live: Live, r: number, e: number, p: number, upTo: number): void {
  const { intervals, rows } = live;
  const { v, d } = rows;
  // Mid-stream numbering is invented: the first acknowledgement (or one past a keep-alive) proves nothing.
  if (upTo <= 2 && (v[r + FLAGS]! & PARTIAL_CONNECTION) !== 0) return;
  const seen = (e + REASSEMBLED) >> 1;
  if ((v[e + STATE]! & SKIPPING) === 0) {
    for (let at = v[e + HOLE]!; at >= 0 && intervals.d[(at + LOWER) >> 1]! < upTo; at = v[e + HOLE]!) {
      const lower = intervals.d[(at + LOWER) >> 1]!;
      reportGap(live, r, e, p);
      d[seen] = lower;
      deliver(live, e, p);
    }
    if (upTo > d[seen]!) reportGap(live, r, e, p);
  }
  if (upTo > d[seen]!) d[seen] = upTo;
}

/** @param r row, needed only where a gap may be reported; `upTo` ≤ REASSEMBLED otherwise */
function trimTo(live: Live, r: number, e: number, p: number, upTo: number): void {
  const { intervals, rows } = live;
  const { v, d } = rows;
  if (upTo > d[(e + REASSEMBLED) >> 1]!) undelivered(live, r, e, p, upTo);
  if (upTo > d[(e + TRIMMED) >> 1]!) d[(e + TRIMMED) >> 1] = upTo;
  const first = v[e + HOLE]!;
  if (first >= 0 && intervals.d[(first + LOWER) >> 1]! <= d[(e + REASSEMBLED) >> 1]!) deliver(live, e, p);
}

/** The other side acknowledged side `e` up to `ack` (relative). True when that was news. */
export function acknowledged(live: Live, r: number, e: number, p: number, ack: number): boolean {
  const { v, d } = live.rows;
  let upTo = ack;
  const fin = d[(e + FIN_SEQ) >> 1]!;
  if ((v[e + STATE]! & FIN_SEEN) !== 0 && fin >= 0 && upTo >= fin) upTo = fin - 1;
  if (upTo <= d[(e + TRIMMED) >> 1]!) return false;
  trimTo(live, r, e, p, upTo);
  return true;
}

/** Side `e` sent payload `[seq, seq + length)` (relative), wholly captured. */
export function payloadArrived(live: Live, e: number, p: number, seq: number, length: number): void {
  const { v, d } = live.rows;
  if ((v[e + STATE]! & SKIPPING) !== 0) return;
  const upper = seq + length;
  const trimmed = d[(e + TRIMMED) >> 1]!;
  if (upper > trimmed) {
    const lower = Math.max(seq, trimmed);
    const seen = d[(e + REASSEMBLED) >> 1]!;
    if (lower > seen) insert(live, e, lower, upper);
    else if (upper > seen) {
      d[(e + REASSEMBLED) >> 1] = upper;
      deliver(live, e, p);
    }
  }
  const waiting = v[e + HOLE]! >= 0;
  const held = waiting ? topOf(live, e) : d[(e + REASSEMBLED) >> 1]!;
  const above = waiting ? held - d[(e + REASSEMBLED) >> 1]! : 0;
  if (
    (above > MAX_ABOVE_HOLE_WITHOUT_ANY_ACKS && noDataAcked(v, e)) ||
    (held - d[(e + TRIMMED) >> 1]! > EXCESSIVE_DATA_WITHOUT_FURTHER_ACKS &&
      heldBytes(live, e) > EXCESSIVE_DATA_WITHOUT_FURTHER_ACKS)
  ) {
    clearIntervals(live, e);
    v[e + STATE] = v[e + STATE]! | SKIPPING;
  }
}

/** Upper end of the last interval. */
function topOf(live: Live, e: number): number {
  const { v, d } = live.intervals;
  let at = live.rows.v[e + HOLE]!;
  while (v[at + NEXT]! >= 0) at = v[at + NEXT]!;
  return d[(at + UPPER) >> 1]!;
}

function heldBytes(live: Live, e: number): number {
  const { v, d } = live.intervals;
  let bytes = live.rows.d[(e + REASSEMBLED) >> 1]! - live.rows.d[(e + TRIMMED) >> 1]!;
  for (let at = live.rows.v[e + HOLE]!; at >= 0; at = v[at + NEXT]!) {
    bytes += d[(at + UPPER) >> 1]! - d[(at + LOWER) >> 1]!;
  }
  return bytes;
}

/** Enters an interval above the hole, joining what it touches. */
function insert(live: Live, e: number, from: number, to: number): void {
  const { intervals } = live;
  const rows = live.rows.v;
  let lower = from;
  let upper = to;
  let before = -1;
  let at = rows[e + HOLE]!;
  let count = 0;
  while (at >= 0 && intervals.d[(at + UPPER) >> 1]! < lower) {
    before = at;
    at = intervals.v[at + NEXT]!;
    count++;
  }
  while (at >= 0 && (intervals.d[(at + LOWER) >> 1]! <= upper || count >= MOST_INTERVALS)) {
    lower = Math.min(lower, intervals.d[(at + LOWER) >> 1]!);
    upper = Math.max(upper, intervals.d[(at + UPPER) >> 1]!);
    const next = intervals.v[at + NEXT]!;
    intervals.give(at);
    at = next;
  }
  if (count >= MOST_INTERVALS && before >= 0) {
    intervals.d[(before + UPPER) >> 1] = upper;
    return;
  }
  const fresh = intervals.take();
  if (fresh < 0) return;
  intervals.v[fresh + NEXT] = at;
  intervals.d[(fresh + LOWER) >> 1] = lower;
  intervals.d[(fresh + UPPER) >> 1] = upper;
  if (before < 0) rows[e + HOLE] = fresh;
  else intervals.v[before + NEXT] = fresh;
}

/** Payload of side `e` that is held: not acknowledged, or above a hole. */
function holdsData(live: Live, e: number): boolean {
  const { v, d } = live.rows;
  if ((v[e + STATE]! & SKIPPING) !== 0) return false;
  return v[e + HOLE]! >= 0 || d[(e + REASSEMBLED) >> 1]! > d[(e + TRIMMED) >> 1]!;
}

/**
 * Side `e` ends, but not all it sent has been delivered, or the other side's
 * data still waits for an acknowledgement: Zeek then puts the close off.
 */
export function dataPending(live: Live, e: number, p: number): boolean {
  const { v, d } = live.rows;
  if ((v[e + STATE]! & SKIPPING) !== 0) return false;
  const delivered = startOf(v, e) + d[(e + REASSEMBLED) >> 1]!;
  const last = lastFull(v, e);
  if (last < delivered) return false;
  if (delivered !== last - 1 && delivered !== last) return true;
  return stateOf(v, e) !== RESET_STATE && holdsData(live, p);
}

/** Every byte of `[seq, seq + length)` (relative) was already sent at this vantage. */
export function sentBefore(live: Live, e: number, seq: number, length: number): boolean {
  const { v, d } = live.rows;
  const upper = seq + length;
  if (v[e + HOLE]! < 0 || upper <= d[(e + REASSEMBLED) >> 1]!) return true;
  const { intervals } = live;
  for (let at = v[e + HOLE]!; at >= 0; at = intervals.v[at + NEXT]!) {
    if (seq >= intervals.d[(at + LOWER) >> 1]! && upper <= intervals.d[(at + UPPER) >> 1]!) return true;
  }
  return false;
}
