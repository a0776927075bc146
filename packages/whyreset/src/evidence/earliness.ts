import type { TimelinePacket } from '../connection/connection.ts';
import ackTiming, { roundTrips } from './ack-timing.ts';
import { defineEvidence, type Known, type Subject, unknown } from './define.ts';
import { distance, hasAck, isReset } from './packets.ts';
import reset from './reset.ts';
import rtt from './rtt.ts';
import trigger from './trigger.ts';

export interface EarlinessFact extends Known {
  readonly known: true;
  /** What the RST answers, or acknowledges. */
  packet: TimelinePacket;
  by: 'trigger' | 'ackTiming';
  /** Seconds between the two at the vantage. */
  elapsed: number;
  /** Smallest round trip to the claimed sender, seconds. */
  roundTrip: number;
  /** Less than half of it passed: the claimed sender can hardly have answered. */
  tooSoon: boolean;
}

/** diagnose.md §6.7 S7. */
const SHARE = 0.5;
const MEANINGFUL_RTT = 0.004;
/** A packet that a host would answer with a RST is answered within this time, or four round trips. */
const ANSWERED_WITHIN = 1;

/**
 * The first packet that the RST may be the answer to: several in a row carry the same ACK number. Null when it may
 * be one of those that were not kept: only an older ACK number between shows that none of them carried this one.
 */
function earliest(subject: Subject, latest: TimelinePacket, roundTrip: number): TimelinePacket | null {
  const { timeline, elided, elidedAt } = subject.connection;
  const horizon = Math.max(ANSWERED_WITHIN, 4 * roundTrip);
  let first: TimelinePacket = latest;
  let older = false;
  for (let i = timeline.indexOf(latest) - 1; i >= 0; i--) {
    if (elided > 0 && i === elidedAt - 1 && !older) return null;
    const p = timeline[i]!;
    if (latest.time - p.time >= horizon) break;
    if (p.from !== latest.from || isReset(p) || !hasAck(p)) continue;
    if (p.rawAck === latest.rawAck) first = p;
    else if (distance(p.ack, latest.ack) < 0) older = true;
  }
  return first;
}

/** The smallest round trip; that of this connection alone only when its handshake gave one, as answers dawdle. */
function distanceTo(subject: Subject, side: 'originator' | 'responder'): number {
  const times = rtt.of(subject);
  const samples = roundTrips(subject.connection.timeline, side);
  const own = samples.length === 0 ? -1 : Math.min(...samples);
  const address =
    side === 'originator' ? subject.connection.originator.address : subject.connection.responder.address;
  const elsewhere = subject.world.address(address)?.minRtt ?? -1;
  if (own < 0 && elsewhere < 0) return -1;
  return Math.min(
    own < 0 ? elsewhere : own,
    times.known && times[side] >= 0 ? times[side] : Number.POSITIVE_INFINITY,
  );
}

export default defineEvidence(
  'Whether the RST came sooner than its claimed sender could answer',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    const roundTrip = distanceTo(subject, r.side);
    if (roundTrip < 0) return unknown('no round trip to the claimed sender was seen');
    const cause = trigger.of(subject);
    const timing = ackTiming.of(subject);
    const by = cause.known ? 'trigger' : 'ackTiming';
    const packet = cause.known
      ? earliest(subject, cause.packet, roundTrip)
      : timing.known
        ? timing.packet
        : null;
    if (packet === null) return unknown('what the RST answers was not captured, or not kept');
    const elapsed = r.packet.time - packet.time;
    const tooSoon = roundTrip >= MEANINGFUL_RTT && elapsed >= 0 && elapsed < SHARE * roundTrip;
    return { known: true, packet, by, elapsed, roundTrip, tooSoon };
  },
);
