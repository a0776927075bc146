import type { ByteReader } from './byte-codec.ts';
import { P_ACKED, P_FIN, P_FROM_1, P_IPV6, P_ORIGINATOR_IS_1, P_RST, P_SENT, P_SYN, P_TS } from './format.ts';

/**
 * What tells an archived connection from others, read without making the
 * connection: holding captures against each other looks at every healthy one.
 * Hashes may collide; whoever finds two alike compares the connections.
 */
export interface Brief {
  /** Hash of both ends, whichever opened. */
  names: number;
  /** Hash of both addresses without ports, the originator's first. */
  addresses: number;
  originatorPort: number;
  responderPort: number;
  /** Initial sequence numbers; -1 when the SYN of that side was not in view. */
  originatorSeq: number;
  responderSeq: number;
  /** TSval of the first packet of each side; -1 without. */
  originatorStamp: number;
  responderStamp: number;
  /** Times of the first and last packet, seconds since the capture's epoch. */
  start: number;
  end: number;
  /** What the originator said first: bytes `[headFrom, headTo)` of `bytes`, valid until the next brief is read. */
  bytes: Uint8Array;
  headFrom: number;
  headTo: number;
}

export function newBrief(): Brief {
  return {
    names: 0,
    addresses: 0,
    originatorPort: 0,
    responderPort: 0,
    originatorSeq: -1,
    responderSeq: -1,
    originatorStamp: -1,
    responderStamp: -1,
    start: 0,
    end: 0,
    bytes: new Uint8Array(0),
    headFrom: 0,
    headTo: 0,
  };
}

/** Two 32-bit words as one exact number; the lowest bits of the second are left out. */
export const joined = (high: number, low: number) => (high >>> 0) * 2 ** 21 + (low >>> 11);

function mixed(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x85ebca6b);
  return Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
}

function addressHash(r: ByteReader, words: number): number {
  let hash = words;
  for (let i = 0; i < words; i++) hash = mixed(hash, r.uint() | 0);
  return hash;
}

/** One side as far as it is wanted; filled anew for each. */
interface Part {
  seq: number;
  start: number;
  headFrom: number;
  headTo: number;
}

const parts: [Part, Part] = [
  { seq: -1, start: 0, headFrom: 0, headTo: 0 },
  { seq: -1, start: 0, headFrom: 0, headTo: 0 },
];

/** Reads past one side (see `packSide`). */
function readPart(r: ByteReader, part: Part): void {
  const flags = r.byte();
  part.start = r.uint();
  part.seq = (flags & P_SYN) !== 0 ? part.start : -1;
  // Packets, bytes, then what is optional, eight counters, hardware address and round trip.
  r.skip(2 + ((flags & P_SENT) !== 0 ? 1 : 0) + ((flags & P_ACKED) !== 0 ? 1 : 0) + 10);
  r.skip(((flags & P_FIN) !== 0 ? 3 : 0) + ((flags & P_RST) !== 0 ? 4 : 0) + 2);
  const turns = r.uint();
  part.headFrom = 0;
  part.headTo = 0;
  for (let i = 0; i < Math.min(turns, 2); i++) {
    r.skip(5);
    const length = r.uint();
    if (i === 0) {
      part.headFrom = r.at;
      part.headTo = r.at + length;
    }
    r.at += length;
  }
  if (turns > 0) r.skip(3);
}

const stamps: [number, number] = [-1, -1];

/** The timestamps of each side's first packet (see `packTimeline`). */
function readStamps(r: ByteReader): void {
  stamps[0] = -1;
  stamps[1] = -1;
  const count = r.uint();
  r.skip(2);
  let seen = 0;
  for (let i = 0; i < count && seen < 3; i++) {
    const flags = r.byte();
    const side = (flags & P_FROM_1) !== 0 ? 1 : 0;
    r.skip(2);
    r.byte();
    r.skip(4);
    r.byte();
    r.uint();
    r.byte();
    if ((flags & P_TS) !== 0) {
      const value = r.uint();
      r.uint();
      if ((seen & (1 << side)) === 0) stamps[side] = value;
    }
    seen |= 1 << side;
  }
}

/** Reads the brief of one connection where the reader stands (see `pack.ts`). */
export function readBrief(r: ByteReader, brief: Brief): void {
  const flags = r.byte();
  const words = (flags & P_IPV6) !== 0 ? 4 : 1;
  const address0 = addressHash(r, words);
  const address1 = addressHash(r, words);
  const ports = r.uint();
  const end0 = mixed(address0, ports >>> 16);
  const end1 = mixed(address1, ports & 0xffff);
  brief.names = joined(end0 + end1, end0 ^ end1);
  brief.start = r.float();
  brief.end = brief.start + r.int() / 1e9;
  r.byte();
  r.byte();
  const history = r.uint();
  r.at += history;
  readPart(r, parts[0]);
  readPart(r, parts[1]);
  readStamps(r);
  const turned = (flags & P_ORIGINATOR_IS_1) !== 0;
  const [orig, resp] = turned ? [1, 0] : [0, 1];
  brief.addresses = turned ? joined(address1, address0) : joined(address0, address1);
  brief.originatorPort = turned ? ports & 0xffff : ports >>> 16;
  brief.responderPort = turned ? ports >>> 16 : ports & 0xffff;
  brief.originatorSeq = parts[orig]!.seq;
  brief.responderSeq = parts[resp]!.seq;
  brief.originatorStamp = stamps[orig]!;
  brief.responderStamp = stamps[resp]!;
  brief.bytes = r.bytes;
  brief.headFrom = parts[orig]!.headFrom;
  brief.headTo = parts[orig]!.headTo;
}
