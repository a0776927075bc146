import type { Side, TimelinePacket } from '../connection.ts';
import type { ByteReader } from './byte-codec.ts';
import {
  P_AGAIN,
  P_COPIED,
  P_DIRECTION_SHIFT,
  P_DONT_FRAGMENT,
  P_FROM_1,
  P_NO_ID,
  P_NO_RAW_NUMBERS,
  P_NO_WINDOW,
  P_PROBE,
  P_TS,
} from './format.ts';

const DIRECTIONS = [null, 'in', 'out'] as const;

/** What the packets of a connection count from. */
export interface Origin {
  start: number;
  family: 4 | 6;
  start0: number;
  start1: number;
  names: [Side, Side];
}

export function readTimeline(
  r: ByteReader,
  count: number,
  { start, family, start0, start1, names }: Origin,
): TimelinePacket[] {
  const timeline: TimelinePacket[] = [];
  let number = 0;
  let nanoseconds = 0;
  let seq0 = start0;
  let seq1 = start1;
  for (let i = 0; i < count; i++) {
    const packed = r.byte();
    const from1 = (packed & P_FROM_1) !== 0;
    number += r.int();
    nanoseconds += r.int();
    const flags = r.byte();
    const rawSeq = ((from1 ? seq1 : seq0) + r.int()) >>> 0;
    const rawAck = ((from1 ? seq0 : seq1) + r.int()) >>> 0;
    const length = r.uint();
    const window = r.uint();
    const ttl = r.byte();
    const ipId = r.uint();
    const header = r.byte();
    const copied = (header & P_COPIED) !== 0;
    const copies = copied ? r.byte() : 0;
    const copyTtl = copied ? r.byte() : 0;
    const stamped = (packed & P_TS) !== 0;
    const tsVal = stamped ? r.uint() : -1;
    const tsEcr = stamped ? r.uint() : -1;
    timeline.push({
      number,
      time: start + nanoseconds / 1e9,
      from: names[from1 ? 1 : 0],
      flags,
      seq: (rawSeq - (from1 ? start1 : start0)) >>> 0,
      ack: (flags & 0x10) !== 0 ? (rawAck - (from1 ? start0 : start1)) >>> 0 : 0,
      rawSeq,
      rawAck,
      rawNumbers: (packed & P_NO_RAW_NUMBERS) === 0,
      length,
      window: (packed & P_NO_WINDOW) !== 0 ? -1 : window,
      ttl,
      ipId: family === 6 || (packed & P_NO_ID) !== 0 ? -1 : ipId,
      dontFragment: (packed & P_DONT_FRAGMENT) !== 0,
      headerLength: header & 0x3c,
      tsVal,
      tsEcr,
      retransmission: (packed & P_AGAIN) !== 0,
      keepAliveProbe: (packed & P_PROBE) !== 0,
      copies,
      copyTtl,
      direction: DIRECTIONS[header >> P_DIRECTION_SHIFT] ?? null,
    });
    if (from1) seq1 = rawSeq;
    else seq0 = rawSeq;
  }
  return timeline;
}
