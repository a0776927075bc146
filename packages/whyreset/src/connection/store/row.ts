import { releaseNotes } from '../notes/icmp.ts';
import { releaseReset } from '../notes/resets.ts';
import { releaseSack } from '../notes/sack.ts';
import { releaseTimeline, shortenTimeline } from '../notes/timeline.ts';
import { releaseHeads } from '../notes/turns.ts';
import { clearIntervals } from '../zeek/gaps.ts';
import { HANDSHAKE_INACTIVITY, SYN_TIMEOUT } from '../zeek/zeek-defaults.ts';
import {
  ACTIVE,
  ATTEMPT,
  BLOCK_COUNT,
  BLOCK_FIRST,
  BLOCK_LAST,
  DELETE,
  END,
  EXPIRE,
  EXPIRE_2,
  FIRST_HEAD,
  FLAGS,
  HANDSHAKE_RTT,
  HISTORY_LENGTH,
  HISTORY_SEEN,
  HOLE,
  ICMP,
  IDLE_LIMIT,
  LAST_HEAD,
  LAST_TIME,
  MAC,
  MIN_RTT,
  PAYLOAD_NUMBER,
  REASSEMBLED,
  RELEASED,
  RESET,
  SACK,
  SEEN,
  SIDE_0,
  SIDE_1,
  START,
  STRIDE,
  TRIMMED,
} from './layout.ts';
import type { Live } from './live.ts';

const NEVER = Number.POSITIVE_INFINITY;

function openSide(v: Int32Array, d: Float64Array, f: Float32Array, e: number, words: number): void {
  // A loop, because `fill` is a call out of the compiled code and costs more for so few.
  for (let at = e; at < e + words; at++) v[at] = 0;
  v[e + HOLE] = -1;
  v[e + MAC] = -1;
  v[e + RESET] = -1;
  v[e + FIRST_HEAD] = -1;
  v[e + LAST_HEAD] = -1;
  f[e + MIN_RTT] = -1;
  d[(e + REASSEMBLED) >> 1] = 1;
  d[(e + TRIMMED) >> 1] = 1;
}

/** Sets a fresh row up; its tuple and family are already entered. */
export function openRow(live: Live, r: number): void {
  const { v, d, f } = live.rows;
  const time = live.now;
  v[r + FLAGS] = v[r + FLAGS]! | ACTIVE;
  v[r + HISTORY_SEEN] = 0;
  v[r + HISTORY_LENGTH] = 0;
  d[(r + START) >> 1] = time;
  d[(r + LAST_TIME) >> 1] = time;
  d[(r + END) >> 1] = time;
  d[(r + EXPIRE) >> 1] = time + SYN_TIMEOUT;
  d[(r + EXPIRE_2) >> 1] = NEVER;
  d[(r + DELETE) >> 1] = NEVER;
  d[(r + ATTEMPT) >> 1] = NEVER;
  v[r + PAYLOAD_NUMBER] = 0;
  v[r + ICMP] = -1;
  v[r + BLOCK_FIRST] = -1;
  v[r + BLOCK_LAST] = -1;
  v[r + BLOCK_COUNT] = 0;
  v[r + SEEN] = 0;
  v[r + SACK] = -1;
  v[r + IDLE_LIMIT] = HANDSHAKE_INACTIVITY;
  f[r + HANDSHAKE_RTT] = -1;
  openSide(v, d, f, r + SIDE_0, SIDE_1 - SIDE_0);
  openSide(v, d, f, r + SIDE_1, STRIDE - SIDE_1);
}

/** Gives back what a cleanly closed connection no longer needs while it waits to be forgotten. */
export function slimRow(live: Live, r: number): void {
  shortenTimeline(live, r);
  releaseHeads(live, r + SIDE_0);
  releaseHeads(live, r + SIDE_1);
  live.rows.v[r + FLAGS] = live.rows.v[r + FLAGS]! | RELEASED;
}

function closeSide(live: Live, e: number): void {
  releaseHeads(live, e);
  releaseReset(live, e);
  clearIntervals(live, e);
}

/** Gives back everything. */
export function closeRow(live: Live, r: number): void {
  releaseTimeline(live, r);
  closeSide(live, r + SIDE_0);
  closeSide(live, r + SIDE_1);
  releaseNotes(live, r);
  releaseSack(live, r);
  if (live.longHistories.size > 0) live.longHistories.delete(r);
  if (live.predecessors.size > 0) live.predecessors.delete(r);
  live.rows.v[r + FLAGS] = 0;
  live.rows.give(r);
}
