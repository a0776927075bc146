import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { distance, isReset, isSyn, later, past } from '../packets.ts';

/** How one field of a packet stands to the same field in the earlier packets of its side. */
export type Mark = 'continues' | 'differs' | 'unknown';

/**
 * Whether a packet looks like the packets that its side had sent before. A box can copy what it sees (TTL, last
 * timestamp); it rarely advances a clock and a counter as their owner would.
 */
export interface Marks {
  ttl: Mark;
  /**
   * RFC 7323 timestamps: present as before, and advanced by about the time that passed. `absent` where the earlier
   * packets had one and it has none.
   */
  timestamp: Mark | 'absent';
  /** IPv4 identification, where the side counts it up. */
  ipId: Mark;
  /** It stands at the next byte that the side had to send. */
  sequence: Mark;
}

/** A counter shared with other connections runs ahead by this much at most. */
const COUNTER_SLACK = 4096;
/** Counters that several connections share take this many numbers a second; after a pause they may be anywhere. */
const SHARED_COUNTER_RATE = 100;
/** A clock rate is measured over this long at least, seconds. */
const SHORTEST_SPAN = 0.2;
/** Earlier packets may have waited in a queue that this one did not, this long; and it in one, seconds. */
const DRAINED = 0.5;
const QUEUED = 0.1;
/** RFC 7323 §5.4: a timestamp clock ticks once in 1 ms to 1 s. */
const FASTEST_CLOCK = 1000;
const COMMON_SLOWEST_CLOCK = 10;

const earlierOf = (timeline: readonly TimelinePacket[], side: Side, index: number) =>
  timeline.slice(0, index).filter((p) => p.from === side && !isReset(p));

function ttlMark(earlier: readonly TimelinePacket[], packet: TimelinePacket): Mark {
  // A packet list may not show the TTL.
  const seen = earlier.filter(({ ttl }) => ttl > 0);
  if (seen.length === 0 || packet.ttl === 0) return 'unknown';
  return seen.some(({ ttl }) => ttl === packet.ttl) ? 'continues' : 'differs';
}

function timestampMark(earlier: readonly TimelinePacket[], packet: TimelinePacket): Marks['timestamp'] {
  const stamped = earlier.filter(({ tsVal }) => tsVal >= 0);
  const [first] = stamped;
  const last = stamped.at(-1);
  if (first === undefined || last === undefined) return packet.tsVal < 0 ? 'unknown' : 'differs';
  if (packet.tsVal < 0) return packet.headerLength === 0 ? 'unknown' : 'absent';
  const ticks = distance(packet.tsVal, last.tsVal);
  const elapsed = packet.time - last.time;
  if (ticks < 0) return 'differs';
  const span = last.time - first.time;
  const rate = span >= SHORTEST_SPAN ? distance(last.tsVal, first.tsVal) / span : 0;
  if (rate > 0)
    return ticks <= rate * (1.2 * elapsed + DRAINED) + 2 && ticks >= rate * (0.8 * elapsed - QUEUED) - 2
      ? 'continues'
      : 'differs';
  const most = FASTEST_CLOCK * (elapsed + DRAINED);
  const least = COMMON_SLOWEST_CLOCK * Math.max(0, elapsed - QUEUED) - 1;
  return ticks <= most && ticks >= least ? 'continues' : 'differs';
}

function ipIdMark(earlier: readonly TimelinePacket[], packet: TimelinePacket): Mark {
  // Linux sends SYN-ACKs and what it answers without a socket with 0 (diagnose.md §1.3): no part of the count.
  const counted = earlier.filter((p) => !isSyn(p) && p.ipId > 0);
  const [first] = counted;
  const last = counted.at(-1);
  if (first === undefined || last === undefined || counted.length < 2 || packet.ipId < 0) return 'unknown';
  const steps = counted.slice(1).map(({ ipId }, i) => (ipId - counted[i]!.ipId) & 0xffff);
  if (!steps.every((step) => step > 0 && step < COUNTER_SLACK)) return 'unknown';
  const step = (packet.ipId - last.ipId) & 0xffff;
  if (step > 0 && step < COUNTER_SLACK) return 'continues';
  const total = steps.reduce((sum, one) => sum + one, 0);
  const rate = total / Math.max(SHORTEST_SPAN, last.time - first.time);
  const shared = rate > SHARED_COUNTER_RATE && packet.time - last.time > 1;
  return shared ? 'unknown' : 'differs';
}

function sequenceMark(earlier: readonly TimelinePacket[], packet: TimelinePacket): Mark {
  let next: number | null = null;
  for (const p of earlier) next = later(next, past(p));
  if (next === null) return 'unknown';
  return packet.seq === next ? 'continues' : 'differs';
}

/** @param index the packets of its side before this position are what it is compared with */
export function marksOf(timeline: readonly TimelinePacket[], packet: TimelinePacket, index: number): Marks {
  const earlier = earlierOf(timeline, packet.from, index);
  return {
    ttl: ttlMark(earlier, packet),
    timestamp: timestampMark(earlier, packet),
    ipId: ipIdMark(earlier, packet),
    sequence: sequenceMark(earlier, packet),
  };
}

/** The clock or the counter of its side runs on in it, whatever route it took. */
export function runsOn({ timestamp, ipId }: Marks): boolean {
  if (timestamp === 'absent' || timestamp === 'differs' || ipId === 'differs') return false;
  return timestamp === 'continues' || ipId === 'continues';
}

/** The clock or the counter runs on, and it came from as far: nothing but the stack of the earlier packets is likely. */
export function isOwn(marks: Marks): boolean {
  return marks.ttl !== 'differs' && runsOn(marks);
}
