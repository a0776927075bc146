import type { Connection, Side, TimelinePacket } from '../../connection/connection.ts';
import { distance, endpoint, hasAck, isReset, later, other, past } from '../packets.ts';
import { clockStep } from './clock-step.ts';

/** Packets this close behind each other may have changed places on the way, seconds. */
const REORDERING = 0.01;
/** RFC 7323 §5.4: no timestamp clock ticks faster; Linux's own microseconds (tcp_usec_ts, 6.7) are told apart by that. */
const FASTEST_CLOCK = 1000;
const MICROSECONDS = 1e6;
/** Rounding of timestamps, and of times, looks like a step of the capture's clock this small, seconds. */
const ROUNDING = 0.005;

/**
 * Ticks a second that the clock of these packets makes at most. Assuming the faster one errs towards "sent earlier",
 * which never proves anything.
 */
function clockRate(stamped: readonly TimelinePacket[]): number {
  const [first] = stamped;
  const last = stamped.at(-1);
  if (first === undefined || last === undefined) return FASTEST_CLOCK;
  const allowed = 2 * FASTEST_CLOCK * (last.time - first.time + REORDERING);
  return distance(last.tsVal, first.tsVal) > allowed ? MICROSECONDS : FASTEST_CLOCK;
}

/**
 * Tells whether packets behind a RST were *sent* after it. Being captured later is not enough: a RST overtakes the
 * data queued before it where a router lets short packets, or packets without data, go first.
 */
export class SentAfter {
  private readonly reset: TimelinePacket;
  private readonly stamped: TimelinePacket[];
  private readonly rate: number;
  private readonly margin: number;
  /** By how much the capture's clock was set before the RST: the sender's clock knows nothing of that. */
  private readonly step: number;
  /** Relative number where the bytes begin that first passed here after the RST; null when there are none. */
  private readonly fresh: number | null;
  private readonly freshStamp: number;

  /** @param index position of the RST in the timeline */
  constructor(connection: Connection, index: number) {
    const { timeline } = connection;
    this.reset = timeline[index]!;
    const side = this.reset.from;
    this.stamped = timeline.slice(0, index).filter((p) => p.from === side && !isReset(p) && p.tsVal >= 0);
    this.rate = clockRate(timeline.filter((p) => p.from === side && !isReset(p) && p.tsVal >= 0));
    const { minRtt } = endpoint(connection, side);
    // All earlier packets may have stood in a queue that the RST did not stand in; no longer than a round trip.
    this.margin = minRtt < 0 ? Number.POSITIVE_INFINITY : Math.max(REORDERING, minRtt);
    this.step = clockStep(timeline, other(side), index);
    const first = firstBehind(connection, index, other(side));
    this.fresh = first?.seq ?? null;
    this.freshStamp = first?.tsVal ?? -1;
  }

  /** The clock of the sender says so, or it knows of bytes that passed here only after the RST had. */
  has(p: TimelinePacket): boolean {
    return this.byClock(p) || this.byKnowledge(p);
  }

  /** The sender's clock is known, and does not say so: a straggler. */
  hasClock(p: TimelinePacket): boolean {
    return p.tsVal >= 0 && this.stamped.length > 0;
  }

  /** By the sender's clock it would have passed here before the RST, had it not been held up. */
  isBefore(p: TimelinePacket): boolean {
    return this.hasClock(p) && this.step <= ROUNDING && this.undelayed(p) < this.reset.time;
  }

  private byClock(p: TimelinePacket): boolean {
    if (!this.hasClock(p) || !(this.step >= -ROUNDING)) return false;
    return this.undelayed(p) > this.reset.time + this.margin;
  }

  /** The earliest moment at which it can have passed here, had no packet ever waited in a queue. */
  private undelayed(p: TimelinePacket): number {
    return Math.min(...this.stamped.map((e) => e.time + (distance(p.tsVal, e.tsVal) - 1) / this.rate));
  }

  private byKnowledge(p: TimelinePacket): boolean {
    if (this.fresh === null || !hasAck(p) || distance(p.ack, this.fresh) <= 0) return false;
    // The first copy of those bytes may have been missed here; the timestamp that it echoes tells which copy came.
    return p.tsEcr < 0 || this.freshStamp < 0 || distance(p.tsEcr, this.freshStamp) >= 0;
  }
}

/** First new bytes of `side` that passed here after position `index`, in a capture that missed none of its bytes. */
function firstBehind(connection: Connection, index: number, side: Side): TimelinePacket | null {
  if (endpoint(connection, side).gaps > 0) return null;
  const { timeline } = connection;
  let sent: number | null = null;
  for (const [i, p] of timeline.entries()) {
    if (p.from !== side || isReset(p)) continue;
    const isNew = past(p) !== p.seq && !p.retransmission && !p.keepAliveProbe;
    if (i > index && isNew && (sent === null || distance(p.seq, sent) >= 0)) return p;
    sent = later(sent, past(p));
  }
  return null;
}
