import type { Endpoint, Side, TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { distance, endpoint, hasAck, isData, isFin, isReset, isSyn, later, other, past } from '../packets.ts';
import rtt from '../path/rtt.ts';
import packetsAfterReset from '../sender/packets-after-reset.ts';
import reset, { type ResetFact } from './reset.ts';

/**
 * Where a RST stands in the receiver's window (RFC 5961 §3.2): `exact` at a number that it may be waiting for,
 * so that it obeys; `window` within its window but elsewhere, so that it asks back with a challenge ACK;
 * `outside`, so that it drops the RST in silence.
 */
export type ResetPlace = 'exact' | 'window' | 'outside' | 'unknown';

export interface ChallengeAckFact extends Known {
  readonly known: true;
  place: ResetPlace;
  /** Bytes beyond the last number that would have been obeyed; negative when it lies behind. */
  offset: number;
  /** The receiver's duplicate acknowledgement right behind the RST: its challenge ACK; null when there was none. */
  challenge: TimelinePacket | null;
  /** The capture ran on for long enough, and the claimed sender did not confirm with another RST, as a dead socket would. */
  unanswered: boolean;
  /** A packet of each end, the claimed sender's first, that neither would have sent had the RST counted; empty when an end fell silent. */
  survived: TimelinePacket[];
  /** A RST that came after both had gone on; null when there was none. */
  again: TimelinePacket | null;
  /** `again` came from another side or in another form: the first RST ended nothing, and says nothing of who did. */
  superseded: boolean;
}

/** A host answers a RST at once; this long after it a duplicate ACK is about something else, seconds. */
const AT_ONCE = 1;
/** Packets this close together may have changed places on the way. */
const REORDERING = 0.01;

/** What the claimed sender had sent, and the receiver acknowledged, when the RST passed; relative numbers of the sender. */
interface Edges {
  sent: number | null;
  acked: number | null;
  /** Window that the receiver last offered, bytes; at least that when its scale is not known. */
  window: number;
  scaled: boolean;
}

function edgesBefore(timeline: readonly TimelinePacket[], r: ResetFact, receiver: Endpoint): Edges {
  const edges: Edges = { sent: null, acked: null, window: 0, scaled: receiver.synSeen };
  for (let i = 0; i < r.index; i++) {
    const p = timeline[i]!;
    if (isReset(p)) continue;
    if (p.from === r.side) edges.sent = later(edges.sent, past(p));
    else if (hasAck(p)) {
      edges.acked = later(edges.acked, p.ack);
      if (p.window < 0) continue;
      // RFC 7323 §2.2: the window of a SYN is never scaled.
      if (isSyn(p)) edges.window = p.window;
      // Without its SYN the scale is not known, and the field alone the least it can mean.
      else edges.window = p.window * 2 ** (receiver.synSeen ? Math.max(receiver.windowScale, 0) : 0);
    }
  }
  return edges;
}

function placeOf(
  r: ResetFact,
  { sent, acked, window, scaled }: Edges,
): { place: ResetPlace; offset: number } {
  if (acked === null && sent === null) return { place: 'unknown', offset: 0 };
  const low = acked ?? sent!;
  const high = later(low, sent ?? low);
  const { seq } = r.packet;
  if (distance(seq, low) < 0) return { place: 'outside', offset: distance(seq, low) };
  const offset = distance(seq, high);
  // Between the two it is exact for as long as what follows has not arrived.
  if (offset <= 0) return { place: 'exact', offset: 0 };
  if (acked === null) return { place: 'unknown', offset };
  if (distance(seq, low) <= window) return { place: 'window', offset };
  return { place: scaled ? 'outside' : 'unknown', offset };
}

/** The first packet of the receiver that shows it had not obeyed: it took in what was sent after the RST, or spoke anew a round trip later. */
function receiverAfter(subject: Subject, r: ResetFact): TimelinePacket | null {
  const { timeline } = subject.connection;
  const receiver: Side = other(r.side);
  const times = rtt.of(subject);
  const roundTrip = times.known ? times[receiver] : -1;
  const answered = roundTrip < 0 ? Number.POSITIVE_INFINITY : r.packet.time + 2 * roundTrip + REORDERING;
  let fresh: number | null = null;
  let said: number | null = null;
  for (let i = 0; i < timeline.length; i++) {
    const p = timeline[i]!;
    if (isReset(p) || p.keepAliveProbe) continue;
    const anew = p.from === receiver && past(p) !== p.seq && (said === null || distance(p.seq, said) >= 0);
    if (p.from === receiver) said = later(said, past(p));
    if (i < r.index) continue;
    if (p.from === r.side) {
      if (isData(p) && !p.retransmission && p.time - r.packet.time >= REORDERING)
        fresh = later(fresh, past(p));
    } else if (fresh !== null && hasAck(p) && distance(p.ack, fresh) >= 0) return p;
    else if (anew && p.time >= answered) return p;
  }
  return null;
}

/** RFC 5961 §3.2: a pure ACK that repeats the number already acknowledged. */
function challengeOf(
  timeline: readonly TimelinePacket[],
  r: ResetFact,
  { acked }: Edges,
): TimelinePacket | null {
  for (const p of timeline.slice(r.index + 1)) {
    if (p.time - r.packet.time > AT_ONCE) return null;
    if (p.from === r.side || isReset(p)) continue;
    const pure = past(p) === p.seq && !isSyn(p) && !isFin(p) && hasAck(p) && !p.keepAliveProbe;
    if (pure && acked !== null && p.ack === acked) return p;
  }
  return null;
}

/** Nobody confirmed the RST although the capture went on: a host without the connection answers the challenge at once. */
function isUnanswered(subject: Subject, r: ResetFact, challenge: TimelinePacket): boolean {
  if (r.all.some((p) => p.from === r.side && p.number > challenge.number)) return false;
  const times = rtt.of(subject);
  const patience = Math.max(AT_ONCE, times.known ? 4 * times[r.side] : 0);
  return Math.max(subject.world.until, subject.connection.end) - challenge.time >= patience;
}

/**
 * What the receiver made of the first RST. A stack since RFC 5961 (Linux 3.6, tcp_validate_incoming in
 * net/ipv4/tcp_input.c) obeys only one at exactly the number it waits for, which who cannot see the stream must guess.
 */
export default defineEvidence(
  'Whether the receiver obeyed the RST, challenged it or ignored it',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    const { connection } = subject;
    const { timeline } = connection;
    const edges = edgesBefore(timeline, r, endpoint(connection, other(r.side)));
    const { place, offset } = placeOf(r, edges);
    const sender = packetsAfterReset.of(subject);
    const receiver = receiverAfter(subject, r);
    const first = sender.known ? sender.packets[0] : undefined;
    const survived = first === undefined || receiver === null ? [] : [first, receiver];
    const since = Math.max(...survived.map((p) => p.number));
    const again = survived.length === 0 ? undefined : r.all.find((p) => p.number > since);
    const { from, flags, ttl } = r.packet;
    const superseded =
      again !== undefined && (again.from !== from || again.flags !== flags || again.ttl !== ttl);
    const challenge = challengeOf(timeline, r, edges);
    const unanswered = challenge !== null && isUnanswered(subject, r, challenge);
    return { known: true, place, offset, challenge, unanswered, survived, again: again ?? null, superseded };
  },
).needsTimes(DELAYS);
