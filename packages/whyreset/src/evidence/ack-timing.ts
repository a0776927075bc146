import type { Side, TimelinePacket } from '../connection/connection.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import { distance, hasAck, isReset, other, past } from './packets.ts';
import reset from './reset.ts';
import rtt from './rtt.ts';

export interface AckTimingFact extends Known {
  readonly known: true;
  /** The packet whose bytes (or whose arrival) the RST presupposes. */
  packet: TimelinePacket;
  /** Seconds from that packet to the RST at the vantage. */
  elapsed: number;
  /** Smallest round trip vantage ↔ claimed sender, seconds. */
  roundTrip: number;
  /** Round trips of the claimed sender seen in this connection; one alone may be a slow first one. */
  samples: number;
  /** The RST acknowledges bytes that cannot have reached the claimed sender and come back. */
  impossible: boolean;
}

/** Below this a round trip is scheduling noise, not distance. */
const MEANINGFUL_RTT = 0.004;

/** Round trips vantage ↔ `side` in the timeline: first transmissions and the first ACK that covers them. */
export function roundTrips(timeline: readonly TimelinePacket[], side: Side): number[] {
  const samples: number[] = [];
  const waiting: TimelinePacket[] = [];
  for (const p of timeline) {
    if (isReset(p)) continue;
    if (p.from !== side) {
      if (past(p) !== p.seq && !p.retransmission && !p.keepAliveProbe) waiting.push(p);
      continue;
    }
    if (!hasAck(p)) continue;
    while (waiting.length > 0 && distance(p.ack, past(waiting[0]!)) >= 0)
      samples.push(p.time - waiting.shift()!.time);
  }
  return samples;
}

/**
 * HP1 of diagnose.md §6.7: a RST that acknowledges bytes which passed the
 * vantage less than 0.9 round trips ago was not made where it says. A single
 * round trip may be inflated (address resolution, radio wake-up), so the proof
 * asks for two that agree within a factor of two.
 */
export default defineEvidence(
  'Whether the claimed sender can have seen what its RST acknowledges',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    if (!hasAck(r.packet)) return unknown('a bare RST acknowledges nothing');
    const times = rtt.of(subject);
    const roundTrip = times.known ? times[r.side] : -1;
    if (roundTrip < 0) return unknown('no round trip to the claimed sender was seen');
    const { timeline } = subject.connection;
    const peer = other(r.side);
    let packet: TimelinePacket | null = null;
    for (let i = 0; i < r.index; i++) {
      const p = timeline[i]!;
      if (p.from !== peer || isReset(p) || past(p) === p.seq) continue;
      // The first transmission that reaches the acknowledged byte.
      if (distance(past(p), r.packet.ack) >= 0 && distance(r.packet.ack, p.seq) > 0) {
        packet = p;
        break;
      }
    }
    if (packet === null) return unknown('the RST acknowledges nothing that was captured');
    const samples = roundTrips(timeline, r.side).sort((a, b) => a - b);
    const elapsed = r.packet.time - packet.time;
    const smallest = samples[0] ?? roundTrip;
    const agree = samples.length >= 2 && samples[1]! <= 2 * smallest;
    const base = Math.min(smallest, roundTrip);
    const impossible = agree && base >= MEANINGFUL_RTT && elapsed < 0.9 * base && base - elapsed > 0.001;
    return { known: true, packet, elapsed, roundTrip: base, samples: samples.length, impossible };
  },
);
