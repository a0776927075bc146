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

/** Words of a packet record; the rest is packed below. */
const TIME = 0;
const NUMBER = 2;
const SEQ = 3;
const ACK = 4;
/** Window field in the upper half, IPv4 identification in the lower. */
const WINDOW_ID = 5;
/** Payload length above the eight flag bits. */
const LENGTH_FLAGS = 6;
const PACKED = 7;
const TS_VAL = 8;
const TS_ECR = 9;

const HEAD_BLOCKS = 2;
const MOST_BLOCKS = 8;
export const HEAD_PACKETS = HEAD_BLOCKS * RECORDS_PER_BLOCK;
export const MOST_PACKETS = MOST_BLOCKS * RECORDS_PER_BLOCK;
const recent = new Int32Array(MOST_PACKETS);

/** Bits of `PACKED` above the TTL: header length in words, then these. */
const DONT_FRAGMENT = 1 << 12;
const FROM_1 = 1 << 13;
const RETRANSMISSION = 1 << 14;
const PROBE = 1 << 15;
const HAS_TIMESTAMP = 1 << 16;
/** Fields that a packet list leaves out: unknown is no value of the field, so each needs a bit. */
const NO_ID = 1 << 17;
const NO_WINDOW = 1 << 18;
const NO_RAW_NUMBERS = 1 << 19;
/** Copies of the packet in the capture, the TTL of the last one, and whether this machine received or sent it. */
const COPIES_SHIFT = 20;
const MOST_COPIES = 3;
const COPY_TTL_SHIFT = 22;
const DIRECTION_SHIFT = 30;
const RECEIVED = 1;
const SENT_HERE = 2;
/** Packet type of what this host sent (PACKET_OUTGOING, linux/if_packet.h). */
const OUTGOING = 4;

function directionBits(linkDirection: number): number {
  if (linkDirection < 0) return 0;
  return (linkDirection === OUTGOING ? SENT_HERE : RECEIVED) << DIRECTION_SHIFT;
}

/** Notes that the packet with this number, one of the latest, was captured again. */
export function recordCopy(live: Live, r: number, number: number, ttl: number): void {
  const count = keptPackets(live, r, recent);
  const { v } = live.timeline;
  for (let i = count - 1; i >= 0; i--) {
    const at = recent[i]!;
    if (v[at + NUMBER]! >>> 0 !== number) continue;
    const packed = v[at + PACKED]!;
    const copies = Math.min(MOST_COPIES, ((packed >>> COPIES_SHIFT) & MOST_COPIES) + 1);
    const others = packed & ~((MOST_COPIES << COPIES_SHIFT) | (0xff << COPY_TTL_SHIFT));
    v[at + PACKED] = others | (copies << COPIES_SHIFT) | (ttl << COPY_TTL_SHIFT);
    return;
  }
}

/** A packet apart from its time: what tells one sending of it from the next. */
export type Sending = Pick<Segment, 'seq' | 'payloadLength' | 'flags' | 'ipId' | 'tsVal'>;

/** This very sending of a packet was noted before; false for one that shows neither an IP identification nor a timestamp. */
export function holdsSending(live: Live, r: number, s: Sending): boolean {
  if (s.ipId <= 0 && s.tsVal < 0) return false;
  const count = keptPackets(live, r, recent);
  const { v } = live.timeline;
  for (let i = 0; i < count; i++) {
    const at = recent[i]!;
    const id = v[at + WINDOW_ID]! & 0xffff;
    if (v[at + SEQ]! >>> 0 !== s.seq || (s.ipId > 0 && id !== s.ipId)) continue;
    if (v[at + LENGTH_FLAGS] === ((s.payloadLength << 8) | s.flags) && v[at + TS_VAL] === (s.tsVal | 0))
      return true;
  }
  return false;
}

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

/** Notes a packet. @param side 0 or 1 */
export function record(
  live: Live,
  r: number,
  s: Segment,
  side: number,
  again: boolean,
  probe: boolean,
): void {
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
  const { v, d } = live.timeline;
  const at = block + slot * RECORD_WORDS;
  d[(at + TIME) >> 1] = live.now;
  v[at + NUMBER] = s.number;
  v[at + SEQ] = s.seq;
  v[at + ACK] = s.ack;
  v[at + WINDOW_ID] = (s.window << 16) | (s.ipId & 0xffff);
  v[at + LENGTH_FLAGS] = (s.payloadLength << 8) | (s.flags & 0xff);
  v[at + PACKED] =
    s.ttl |
    ((s.headerLength >> 2) << 8) |
    (s.dontFragment ? DONT_FRAGMENT : 0) |
    (side === 1 ? FROM_1 : 0) |
    (again ? RETRANSMISSION : 0) |
    (probe ? PROBE : 0) |
    (s.tsVal >= 0 ? HAS_TIMESTAMP : 0) |
    (s.ipId < 0 ? NO_ID : 0) |
    (s.window < 0 ? NO_WINDOW : 0) |
    (s.rawNumbers ? 0 : NO_RAW_NUMBERS) |
    directionBits(s.linkDirection);
  v[at + TS_VAL] = s.tsVal;
  v[at + TS_ECR] = s.tsEcr;
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

/** One packet read back from its record. */
export interface PacketRecord {
  time: number;
  number: number;
  seq: number;
  ack: number;
  window: number;
  ipId: number;
  length: number;
  flags: number;
  ttl: number;
  headerLength: number;
  dontFragment: boolean;
  side: number;
  retransmission: boolean;
  keepAliveProbe: boolean;
  copies: number;
  copyTtl: number;
  /** 0 unknown, 1 received, 2 sent by the capturing machine. */
  direction: number;
  tsVal: number;
  tsEcr: number;
  rawNumbers: boolean;
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

export function readPacket(live: Live, at: number, into: PacketRecord): void {
  const { v, d } = live.timeline;
  const packed = v[at + PACKED]!;
  into.time = d[(at + TIME) >> 1]!;
  into.number = v[at + NUMBER]! >>> 0;
  into.seq = v[at + SEQ]! >>> 0;
  into.ack = v[at + ACK]! >>> 0;
  into.window = (packed & NO_WINDOW) !== 0 ? -1 : v[at + WINDOW_ID]! >>> 16;
  into.ipId = (packed & NO_ID) !== 0 ? -1 : v[at + WINDOW_ID]! & 0xffff;
  into.rawNumbers = (packed & NO_RAW_NUMBERS) === 0;
  into.length = v[at + LENGTH_FLAGS]! >>> 8;
  into.flags = v[at + LENGTH_FLAGS]! & 0xff;
  into.ttl = packed & 0xff;
  into.headerLength = ((packed >> 8) & 0xf) << 2;
  into.dontFragment = (packed & DONT_FRAGMENT) !== 0;
  into.side = (packed & FROM_1) !== 0 ? 1 : 0;
  into.retransmission = (packed & RETRANSMISSION) !== 0;
  into.copies = (packed >>> COPIES_SHIFT) & MOST_COPIES;
  into.copyTtl = (packed >>> COPY_TTL_SHIFT) & 0xff;
  into.direction = packed >>> DIRECTION_SHIFT;
  into.keepAliveProbe = (packed & PROBE) !== 0;
  const stamped = (packed & HAS_TIMESTAMP) !== 0;
  into.tsVal = stamped ? v[at + TS_VAL]! >>> 0 : -1;
  into.tsEcr = stamped ? v[at + TS_ECR]! >>> 0 : -1;
}
