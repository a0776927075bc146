import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isReset, later, other, past } from '../packets.ts';
import reset from './reset.ts';

export interface RisingResetsFact extends Known {
  readonly known: true;
  /** RSTs of one side whose sequence numbers climb past all that side had sent, in order; at least two. */
  packets: TimelinePacket[];
  /** Trains ran towards both ends. */
  both: boolean;
}

/** An injector hedges within this time, seconds (Weaver, Sommer, Paxson, NDSS 2009, RST_SEQ_CHANGE). */
const HEDGING = 2;

/** RSTs of `side` that climb; empty when there is no train, or every one of them answers a packet. */
function trainOf(
  timeline: readonly TimelinePacket[],
  all: readonly TimelinePacket[],
  side: Side,
): TimelinePacket[] {
  const own = all.filter((p) => p.from === side);
  const train = own.filter((p) => p.time - own[0]!.time < HEDGING);
  if (train.length < 2 || !train.every((p, i) => i === 0 || distance(p.seq, train[i - 1]!.seq) > 2))
    return [];
  const answered = new Set<number>();
  let sent: number | null = null;
  for (const p of timeline) {
    if (isReset(p)) continue;
    if (p.from === side) sent = later(sent, past(p));
    else if (hasAck(p)) {
      answered.add(p.rawAck);
      sent = later(sent, p.ack);
    }
  }
  const guessed = train.some((p) => !answered.has(p.rawSeq) && sent !== null && distance(p.seq, sent) > 0);
  return guessed ? train : [];
}

/**
 * A RST train that guesses at the receiver's window. A host that answers
 * several stray packets with one RST each climbs as well, but only through
 * numbers the other side has acknowledged, so those do not count.
 */
export default defineEvidence('RSTs that climb past what their sender had sent', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { timeline } = subject.connection;
  const packets = trainOf(timeline, r.all, r.side);
  if (packets.length === 0) return unknown('there is no train of climbing RSTs');
  return { known: true, packets, both: trainOf(timeline, r.all, other(r.side)).length > 0 };
}).needsTimes(DELAYS);
