import type { Connection, Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, ROUND_TRIPS, type Subject, unknown } from '../define.ts';
import { distance, endpoint, hasAck, isReset, later, other, past } from '../packets.ts';
import rtt from '../path/rtt.ts';
import reset, { type ResetFact } from '../reset/reset.ts';
import trigger from '../reset/trigger.ts';
import ackTiming, { RECENT, roundTrips } from './ack-timing.ts';
import { marksOf, runsOn } from './own-marks.ts';

export interface EarlyResetFact extends Known {
  readonly known: true;
  /** What the RST answers, or acknowledges. */
  packet: TimelinePacket;
  by: 'trigger' | 'ackTiming';
  /** Seconds between the two at the vantage. */
  elapsed: number;
  /** Smallest round trip to the claimed sender, seconds. */
  roundTrip: number;
  /** So much less than it passed that the claimed sender can hardly have answered. */
  tooSoon: boolean;
  /**
   * The path may have become shorter instead: the RST continues the claimed sender's counters, or the last round
   * trip was measured long before, and not by far longer.
   */
  shorterPath: boolean;
}

/** diagnose.md §6.7 S7. */
const SHARE = 0.5;
const SHARE_OF_ONE = 0.2;
/** Times are rounded on their way here. */
const OTHERS = 0.99;
/** Round trips that differ by less than this factor measure the same path. */
const AGREE = 1.5;
const MEANINGFUL_RTT = 0.004;
/** Of a round trip measured long before, a RST has to undercut this share: routes do not become so much shorter. */
const SHARE_OF_OLD = 0.05;
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

/** Payload of `side` before `index` follows on no payload that was kept: the capture may have missed what the RST answers. */
function hasHole({ timeline, elided, elidedAt }: Connection, side: Side, index: number): boolean {
  let sent: number | null = null;
  for (let i = 0; i < index; i++) {
    const p = timeline[i]!;
    if (elided > 0 && i === elidedAt) sent = null;
    if (p.from !== side || isReset(p)) continue;
    if (sent !== null && distance(p.seq, sent) > 0) return true;
    sent = later(sent, past(p));
  }
  return false;
}

/** RFC 9293 §3.8.6.3 and Linux (TCP_DELACK_MIN): data is acknowledged within this time, seconds, or something is missing. */
const DELAYED_ACK = 0.045;

/**
 * The data that the RST's number ends was acknowledged late, and a round trip lies between it and the RST: a bare ACK
 * that the capture missed may be what the RST answers. No gap shows that it is missing.
 */
function mayAnswerMissedAck(subject: Subject, r: ResetFact, roundTrip: number): boolean {
  const before = subject.connection.timeline.slice(0, r.index).filter((p) => !isReset(p));
  const data = before.find((p) => p.from === r.side && past(p) !== p.seq && past(p) === r.packet.seq);
  if (data === undefined) return false;
  const first = before.find((p) => p.from !== r.side && hasAck(p) && p.ack === r.packet.seq);
  const times = rtt.of(subject);
  const away = times.known ? Math.max(0, times[other(r.side)]) : 0;
  const late = first === undefined || first.time - data.time > away + DELAYED_ACK;
  return late && r.packet.time - data.time >= 0.9 * roundTrip;
}

/** How far the claimed sender is, and how much of that a RST may fall short of before it is too soon. */
interface Distance {
  roundTrip: number;
  share: number;
}

/**
 * The smallest round trip, of this connection only where its handshake gave one, as other answers dawdle. One
 * measurement alone may be inflated (address resolution, a queue, a first packet that the capture missed), so it
 * has to be undercut by far more than one that another agrees with. Null when there is none.
 */
function distanceTo(subject: Subject, side: Side): Distance | null {
  const times = rtt.of(subject);
  const { address, minRtt } = endpoint(subject.connection, side);
  const samples = roundTrips(subject.connection.timeline, side).map((sample) => sample.seconds);
  const best = subject.world.address(address)?.minRtt ?? -1;
  // The best of all connections is no second witness when it is this one's own.
  const elsewhere = best >= 0 && (minRtt < 0 || best < OTHERS * minRtt) ? best : -1;
  const own = samples.length === 0 ? -1 : Math.min(...samples);
  if (own < 0 && elsewhere < 0) return null;
  const measured = times.known && times[side] >= 0 ? times[side] : Number.POSITIVE_INFINITY;
  const roundTrip = Math.min(own < 0 ? elsewhere : own, measured);
  const agreeing = samples.filter((sample) => sample <= AGREE * roundTrip).length;
  return { roundTrip, share: agreeing >= 2 || elsewhere >= 0 ? SHARE : SHARE_OF_ONE };
}

export default defineEvidence(
  'Whether the RST came sooner than its claimed sender could answer',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    const { connection } = subject;
    const { originator, responder } = connection;
    if (originator.gaps + responder.gaps > 0 || hasHole(connection, other(r.side), r.index))
      return unknown('the capture lost packets, and the RST may answer one of those');
    const away = distanceTo(subject, r.side);
    if (away === null) return unknown('no round trip to the claimed sender was seen');
    const { roundTrip, share } = away;
    const cause = trigger.of(subject);
    const timing = ackTiming.of(subject);
    const by = cause.known ? 'trigger' : 'ackTiming';
    const packet = cause.known
      ? earliest(subject, cause.packet, roundTrip)
      : timing.known
        ? timing.packet
        : null;
    if (packet === null) return unknown('what the RST answers was not captured, or not kept');
    if (by === 'trigger' && mayAnswerMissedAck(subject, r, roundTrip))
      return unknown('the capture may have missed the ACK that the RST answers');
    const elapsed = r.packet.time - packet.time;
    const tooSoon = roundTrip >= MEANINGFUL_RTT && elapsed >= 0 && elapsed < share * roundTrip;
    const own = runsOn(marksOf(connection.timeline, r.packet, r.index));
    const trips = roundTrips(connection.timeline, r.side);
    // The shortest of all other connections is no old one.
    const old = trips.length > 0 && !trips.some(({ at }) => at > r.packet.time - RECENT);
    const shorterPath = own || (old && elapsed >= SHARE_OF_OLD * roundTrip);
    return { known: true, packet, by, elapsed, roundTrip, tooSoon, shorterPath };
  },
).needsTimes(ROUND_TRIPS);
