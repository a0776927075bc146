import type { Segment } from '../../wire/segment.ts';
import type { Live } from '../store/live.ts';
import {
  COPIES_SHIFT,
  COPY_TTL_SHIFT,
  LENGTH_FLAGS,
  MOST_COPIES,
  NUMBER,
  PACKED,
  SEQ,
  TS_VAL,
  WINDOW_ID,
} from './packet-record.ts';
import { keptPackets, MOST_PACKETS } from './timeline.ts';

/* The same packet captured more than once (see copies.ts): found again among those that were noted. */

const recent = new Int32Array(MOST_PACKETS);

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
