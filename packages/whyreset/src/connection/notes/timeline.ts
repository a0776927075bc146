import type { Segment } from '../../wire/segment.ts';
import {
  BLOCK_COUNT,
  BLOCK_FIRST,
  BLOCK_LAST,
  BLOCK_LINK,
  FIN_SEEN,
  FLAGS,
  ONE_SINCE_RESET,
  RECORD_WORDS,
  RECORDS_PER_BLOCK,
  RELEASED,
  SEEN,
  SIDE_0,
  SIDE_1,
  SINCE_RESET,
  STATE,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { FROM_1, LENGTH_FLAGS, PACKED, writePacket } from './packet-record.ts';

/*
 * The packets of a live connection: the first eight and the last twenty-one to
 * twenty-four, in blocks of four from a common pool, so that a short connection
 * costs one block and a long one eight.
 */

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;

/** Packets that are noted from the first RST on before further RSTs are no longer. */
const MOST_RESETS = 9;

/** Packets with payload behind the peer's FIN that are noted while the peer answers none of them. */
const MOST_BEHIND_FIN = 6;

const HEAD_BLOCKS = 2;
const MOST_BLOCKS = 8;
export const HEAD_PACKETS = HEAD_BLOCKS * RECORDS_PER_BLOCK;
export const MOST_PACKETS = MOST_BLOCKS * RECORDS_PER_BLOCK;
const recent = new Int32Array(MOST_PACKETS);

/** Another packet of a burst that a side sends to a peer which had closed, and which has not answered any of it. */
function isBurstBehindFin(live: Live, r: number, s: Segment, side: number): boolean {
  if (s.payloadLength === 0 || (s.flags & (FIN | SYN | RST)) !== 0) return false;
  const peer = r + (side === 0 ? SIDE_1 : SIDE_0);
  if ((live.rows.v[peer + STATE]! & FIN_SEEN) === 0) return false;
  const { v } = live.timeline;
  const count = keptPackets(live, r, recent);
  let burst = 0;
  for (let i = count - 1; i >= 0; i--) {
    const at = recent[i]!;
    const fields = v[at + LENGTH_FLAGS]!;
    const from = (v[at + PACKED]! & FROM_1) !== 0 ? 1 : 0;
    if (from !== side) return burst >= MOST_BEHIND_FIN && (fields & FIN) !== 0;
    if (fields >>> 8 > 0) burst++;
  }
  return false;
}

/** Notes a packet. @param side 0 or 1 @param kind as for `writePacket` */
export function record(live: Live, r: number, side: number, s: Segment, kind: number): void {
  const rows = live.rows.v;
  if ((s.flags & RST) !== 0 || (rows[r + FLAGS]! & SINCE_RESET) !== 0) {
    // A storm of resets must not push out what it answers.
    const flags = rows[r + FLAGS]!;
    if ((flags & SINCE_RESET) === SINCE_RESET) return;
    if ((s.flags & RST) !== 0 && (flags & SINCE_RESET) >= MOST_RESETS * ONE_SINCE_RESET) return;
    rows[r + FLAGS] = flags + ONE_SINCE_RESET;
  }
  // A request of many packets on a connection that the server had closed must not push out the FIN that explains it.
  if (isBurstBehindFin(live, r, s, side)) return;
  const seen = rows[r + SEEN]!;
  rows[r + SEEN] = seen + 1;
  const slot = seen & (RECORDS_PER_BLOCK - 1);
  if (slot === 0) addBlock(live, r);
  const block = rows[r + BLOCK_LAST]!;
  if (block < 0) return;
  writePacket(live, block + slot * RECORD_WORDS, side, s, kind);
}

/** Makes room at the end: a new block, or the oldest one past the head used again. */
function addBlock(live: Live, r: number): void {
  const rows = live.rows.v;
  const { timeline } = live;
  const count = rows[r + BLOCK_COUNT]!;
  const last = rows[r + BLOCK_LAST]!;
  // A connection that only waits to be forgotten makes do with one block.
  const most = (rows[r + FLAGS]! & RELEASED) !== 0 ? 1 : MOST_BLOCKS;
  let fresh = count < most ? timeline.take() : -1;
  if (fresh >= 0) rows[r + BLOCK_COUNT] = count + 1;
  else fresh = recycled(live, r, count);
  if (fresh < 0 || fresh === last) return;
  timeline.v[fresh + BLOCK_LINK] = -1;
  const tail = rows[r + BLOCK_LAST]!;
  if (tail < 0) rows[r + BLOCK_FIRST] = fresh;
  else timeline.v[tail + BLOCK_LINK] = fresh;
  rows[r + BLOCK_LAST] = fresh;
}

/** Unlinks the block whose packets matter least; with too few blocks the last is simply overwritten. */
function recycled(live: Live, r: number, count: number): number {
  const rows = live.rows.v;
  const { v } = live.timeline;
  const keep = (rows[r + FLAGS]! & RELEASED) !== 0 ? 0 : HEAD_BLOCKS;
  if (count <= keep + 1) return rows[r + BLOCK_LAST]!;
  let before = -1;
  let at = rows[r + BLOCK_FIRST]!;
  for (let i = 0; i < keep; i++) {
    before = at;
    at = v[at + BLOCK_LINK]!;
  }
  const next = v[at + BLOCK_LINK]!;
  if (before < 0) rows[r + BLOCK_FIRST] = next;
  else v[before + BLOCK_LINK] = next;
  return at;
}

/** Gives back every block. */
export function releaseTimeline(live: Live, r: number): void {
  const rows = live.rows.v;
  const count = rows[r + BLOCK_COUNT]!;
  if (count > 0) live.timeline.giveChain(rows[r + BLOCK_FIRST]!, rows[r + BLOCK_LAST]!, count);
  rows[r + BLOCK_FIRST] = -1;
  rows[r + BLOCK_LAST] = -1;
  rows[r + BLOCK_COUNT] = 0;
}

/** Gives back every block but the last. */
export function shortenTimeline(live: Live, r: number): void {
  const rows = live.rows.v;
  const { timeline } = live;
  const last = rows[r + BLOCK_LAST]!;
  if (rows[r + BLOCK_COUNT]! < 2) return;
  let before = rows[r + BLOCK_FIRST]!;
  while (timeline.v[before + BLOCK_LINK] !== last) before = timeline.v[before + BLOCK_LINK]!;
  timeline.giveChain(rows[r + BLOCK_FIRST]!, before, rows[r + BLOCK_COUNT]! - 1);
  rows[r + BLOCK_FIRST] = last;
  rows[r + BLOCK_COUNT] = 1;
}

/** Word offsets of the kept packets' records, in order, into `into`; returns how many. */
export function keptPackets(live: Live, r: number, into: Int32Array): number {
  const rows = live.rows.v;
  const { v } = live.timeline;
  const last = rows[r + BLOCK_LAST]!;
  let count = 0;
  for (let at = rows[r + BLOCK_FIRST]!; at >= 0; at = v[at + BLOCK_LINK]!) {
    const filled = at === last ? ((rows[r + SEEN]! - 1) % RECORDS_PER_BLOCK) + 1 : RECORDS_PER_BLOCK;
    for (let i = 0; i < filled; i++) into[count++] = at + i * RECORD_WORDS;
  }
  return count;
}
