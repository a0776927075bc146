import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, ROUND_TRIPS, unknown } from '../define.ts';
import { distance, endpoint, hasAck, isReset, isSyn, other, past } from '../packets.ts';
import rtt from '../path/rtt.ts';
import reset from '../reset/reset.ts';
import { type Marks, marksOf, runsOn } from './own-marks.ts';
import { isRepeating } from './repetition.ts';
import { keepsTimestamps } from './stack-profile.ts';

export interface AckTimingFact extends Known {
  readonly known: true;
  /** The packet whose bytes (or whose arrival) the RST presupposes. */
  packet: TimelinePacket;
  /** Seconds from that packet to the RST at the vantage. */
  elapsed: number;
  /** Smallest round trip vantage ↔ claimed sender, seconds. */
  roundTrip: number;
  /** Round trips of the claimed sender, seen shortly before the RST or after it, that agree with the smallest. */
  samples: number;
  /** The RST acknowledges bytes that cannot have reached the claimed sender and come back. */
  impossible: boolean;
}

/** Below this a round trip is scheduling noise, not distance. */
const MEANINGFUL_RTT = 0.004;
/** Round trips that differ by less than this factor measure the same path. */
const AGREE = 1.5;
/** Paths switch and queues drain, so only round trips of this long before the RST, and those after it, count, seconds. */
export const RECENT = 5;
/** Queues on a path drain within a connection, so a proof leaves them room: half the round trip, or a fifth of it. */
const WELL_KNOWN_SHARE = 0.5;
const ONCE_CONFIRMED_SHARE = 0.2;

/** One round trip vantage ↔ a side, and when it ended. */
export interface RoundTrip {
  at: number;
  seconds: number;
}

/**
 * Round trips vantage ↔ `side` in the timeline: first transmissions and the
 * first ACK that covers them. None from data alone: an ACK may wait for the
 * application's answer (RFC 9293 §3.8.6.3), a SYN or SYN-ACK is answered at
 * once, so without the handshake's own sample the list is empty. Samples of
 * repeated packets are left out (Karn, RFC 6298 §3).
 */
export function roundTrips(timeline: readonly TimelinePacket[], side: Side): RoundTrip[] {
  const samples: RoundTrip[] = [];
  let waiting: TimelinePacket[] = [];
  let handshake = false;
  for (const p of timeline) {
    if (isReset(p)) continue;
    if (p.from !== side) {
      if (past(p) === p.seq || p.keepAliveProbe) continue;
      const again = p.retransmission || waiting.some((w) => w.seq === p.seq);
      if (again) waiting = waiting.filter((w) => distance(past(w), past(p)) > 0);
      else waiting.push(p);
      continue;
    }
    // Who asks again has lost the answer: which copy of it is acknowledged next, the capture need not show.
    if (p.retransmission || (isSyn(p) && !hasAck(p) && waiting.some(isSyn))) waiting = [];
    if (!hasAck(p)) continue;
    let covered: TimelinePacket | undefined;
    while (waiting[0] !== undefined && distance(p.ack, past(waiting[0])) >= 0) covered = waiting.shift();
    // Only the latest of the packets one ACK covers was answered by it.
    if (covered === undefined) continue;
    if (isSyn(covered)) {
      // Answered at once by a SYN-ACK or a bare ACK; behind payload the answer itself was not captured.
      if (!isSyn(p) && p.length > 0) continue;
      if (!hasAck(covered) && !isSyn(p)) continue;
      handshake = true;
    }
    samples.push({ at: p.time, seconds: p.time - covered.time });
  }
  return handshake ? samples : [];
}

/** The first transmission that reaches the acknowledged byte; null when it was not captured as such. */
function acknowledged(timeline: readonly TimelinePacket[], index: number): TimelinePacket | null {
  const reset = timeline[index]!;
  for (let i = 0; i < index; i++) {
    const p = timeline[i]!;
    if (p.from === reset.from || isReset(p) || past(p) === p.seq) continue;
    if (distance(past(p), reset.ack) >= 0 && distance(reset.ack, p.seq) > 0)
      return p.retransmission ? null : p;
  }
  return null;
}

/**
 * The RST itself differs from what the claimed sender's TCP sends: a counter that does not run on, or no timestamp
 * where that stack keeps it. A TTL alone would also change with the path, and the round trip with it; a timestamp
 * that is off is also that of a capture whose clock was set meanwhile.
 */
function isForeign({ timestamp, ipId }: Marks, kept: boolean): boolean {
  return (ipId === 'differs' && timestamp !== 'continues') || (timestamp === 'absent' && kept);
}

/**
 * HP1 of diagnose.md §6.7: a RST that acknowledges bytes which passed the vantage far less than a round trip ago was
 * not made where it says. A round trip may be inflated (address resolution, radio wake-up, a queue) and shrink (a
 * queue that drained, another path), so the proof wants it confirmed shortly before or after, a capture that lost
 * nothing, no repetition, and a RST that is not the claimed sender's by its counter or its timestamp.
 */
export default defineEvidence(
  'Whether the claimed sender can have seen what its RST acknowledges',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    if (!hasAck(r.packet)) return unknown('a bare RST acknowledges nothing');
    const times = rtt.of(subject);
    const { connection } = subject;
    const { timeline } = connection;
    const packet = acknowledged(timeline, r.index);
    if (packet === null) return unknown('the RST acknowledges nothing whose first copy was captured');
    const all = roundTrips(timeline, r.side);
    const measured = times.known ? times[r.side] : -1;
    const smallest = Math.min(...all.map((sample) => sample.seconds));
    if (all.length === 0 && measured < 0) return unknown('no round trip to the claimed sender was seen');
    const roundTrip = measured < 0 ? smallest : Math.min(smallest, measured);
    const elapsed = r.packet.time - packet.time;
    const recent = all.filter(({ at }) => at > r.packet.time - RECENT);
    const agreeing = recent.filter((sample) => sample.seconds <= AGREE * roundTrip).length;
    const share = agreeing >= 3 ? WELL_KNOWN_SHARE : agreeing === 2 ? ONCE_CONFIRMED_SHARE : 0;
    const lost = endpoint(connection, other(r.side)).gaps > 0;
    const repeated = isRepeating(timeline, other(r.side), r.index);
    const marks = marksOf(timeline, r.packet, r.index);
    const impossible =
      roundTrip >= MEANINGFUL_RTT &&
      !lost &&
      !repeated &&
      elapsed >= 0 &&
      elapsed < share * roundTrip &&
      !runsOn(marks) &&
      isForeign(marks, keepsTimestamps(connection, r.side));
    return { known: true, packet, elapsed, roundTrip, samples: agreeing, impossible };
  },
).needsTimes(ROUND_TRIPS);
