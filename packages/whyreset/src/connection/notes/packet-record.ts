import type { Segment } from '../../wire/segment.ts';
import type { Live } from '../store/live.ts';

/* A packet of a live connection in ten words of the common pool: written, read back, found again. */

/** Words of a packet record; the rest is packed below. */
const TIME = 0;
export const NUMBER = 2;
export const SEQ = 3;
const ACK = 4;
/** Window field in the upper half, IPv4 identification in the lower. */
export const WINDOW_ID = 5;
/** Payload length above the eight flag bits. */
export const LENGTH_FLAGS = 6;
export const PACKED = 7;
export const TS_VAL = 8;
const TS_ECR = 9;

/** Bits of `PACKED` above the TTL: header length in words, then these. */
const DONT_FRAGMENT = 1 << 12;
export const FROM_1 = 1 << 13;
export const RETRANSMISSION = 1 << 14;
export const PROBE = 1 << 15;
const HAS_TIMESTAMP = 1 << 16;
/** Fields that a packet list leaves out: unknown is no value of the field, so each needs a bit. */
const NO_ID = 1 << 17;
const NO_WINDOW = 1 << 18;
const NO_RAW_NUMBERS = 1 << 19;
/** Copies of the packet in the capture, the TTL of the last one, and whether this machine received or sent it. */
export const COPIES_SHIFT = 20;
export const MOST_COPIES = 3;
export const COPY_TTL_SHIFT = 22;
const DIRECTION_SHIFT = 30;
const RECEIVED = 1;
const SENT_HERE = 2;
/** Packet type of what this host sent (PACKET_OUTGOING, linux/if_packet.h). */
const OUTGOING = 4;

function directionBits(linkDirection: number): number {
  if (linkDirection < 0) return 0;
  return (linkDirection === OUTGOING ? SENT_HERE : RECEIVED) << DIRECTION_SHIFT;
}

/** @param side 0 or 1 @param kind `RETRANSMISSION`, `PROBE` or 0 */
export function writePacket(live: Live, at: number, side: number, s: Segment, kind: number): void {
  const { v, d } = live.timeline;
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
    kind |
    (s.tsVal >= 0 ? HAS_TIMESTAMP : 0) |
    (s.ipId < 0 ? NO_ID : 0) |
    (s.window < 0 ? NO_WINDOW : 0) |
    (s.rawNumbers ? 0 : NO_RAW_NUMBERS) |
    directionBits(s.linkDirection);
  v[at + TS_VAL] = s.tsVal;
  v[at + TS_ECR] = s.tsEcr;
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
