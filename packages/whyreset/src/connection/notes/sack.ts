import type { Segment } from '../../wire/segment.ts';
import { seqDifference } from '../../wire/sequence.ts';
import { ACK_KNOWN, ACKED, SACK, SENT, SENT_KNOWN, STATE } from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/*
 * Selective acknowledgements of bytes that the other side never sent. A stack
 * reports only what it received (RFC 2018 §3), and a duplicate that it reports
 * lies close below (RFC 2883 §4): a block far outside shows that a box between
 * rewrote the sequence numbers and forgot the option.
 */

/** The record of a connection's first such block, and how many packets carried one. */
const NUMBER = 0;
const COUNT = 1;
const TIME = 2;
const OFF = 4;
const SIDE = 5;

/**
 * Bytes by which a block must lie outside what was sent and acknowledged: more
 * than a capture loses without a trace or a window holds, and less than nearly
 * every random shift of a sequence number.
 */
const FAR = 1 << 24;

/** TCP header with timestamps alone, bytes: what an ordinary segment has. */
const WITH_TIMESTAMPS = 32;
const KIND_SACK = 5;

export interface SackRecord {
  number: number;
  count: number;
  time: number;
  /** Bytes from what the side acknowledges to the left edge of its block. */
  off: number;
  side: number;
}

/** Offset of the first SACK option in the segment's bytes, -1 when it has none. */
function sackOption({ bytes, tcpOffset, headerLength, tcpCaptured }: Segment): number {
  const end = tcpOffset + Math.min(headerLength, tcpCaptured);
  for (let at = tcpOffset + 20; at < end; ) {
    const kind = bytes[at]!;
    if (kind === 0) return -1;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > end) return -1;
    if (kind === KIND_SACK) return at;
    at += length;
  }
  return -1;
}

/** The segment tells of bytes that arrived out of order: the sender of those bytes, or the path, lost some. */
export function carriesSack(s: Segment): boolean {
  return s.headerLength > (s.tsVal >= 0 ? WITH_TIMESTAMPS : 20) && sackOption(s) >= 0;
}

/** Looks at a segment of `side` for blocks far outside what its peer `p` has sent. */
export function noteSack(live: Live, r: number, p: number, side: number, s: Segment): void {
  const { v } = live.rows;
  const state = v[p + STATE]!;
  if ((state & SENT_KNOWN) === 0 || (state & ACK_KNOWN) === 0) return;
  const option = sackOption(s);
  if (option < 0) return;
  const { bytes } = s;
  const end = option + bytes[option + 1]!;
  for (let at = option + 2; at + 8 <= end; at += 8) {
    const left = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (seqDifference(left, v[p + SENT]!) < FAR && seqDifference(v[p + ACKED]!, left) < FAR) continue;
    keep(live, r, side, s, left);
    return;
  }
}

function keep(live: Live, r: number, side: number, s: Segment, left: number): void {
  const rows = live.rows.v;
  let at = rows[r + SACK]!;
  if (at >= 0) {
    live.sacks.v[at + COUNT] = live.sacks.v[at + COUNT]! + 1;
    return;
  }
  at = live.sacks.take();
  if (at < 0) return;
  rows[r + SACK] = at;
  const { v, d } = live.sacks;
  v[at + NUMBER] = s.number;
  v[at + COUNT] = 1;
  d[(at + TIME) >> 1] = s.time;
  v[at + OFF] = seqDifference(left, s.ack | 0);
  v[at + SIDE] = side;
}

export function readSack(live: Live, at: number, into: SackRecord): void {
  const { v, d } = live.sacks;
  into.number = v[at + NUMBER]! >>> 0;
  into.count = v[at + COUNT]!;
  into.time = d[(at + TIME) >> 1]!;
  into.off = v[at + OFF]!;
  into.side = v[at + SIDE]!;
}

export function releaseSack(live: Live, r: number): void {
  const at = live.rows.v[r + SACK]!;
  if (at >= 0) live.sacks.give(at);
}
