import type { TimelinePacket } from '../connection/connection.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import { distance, hasAck, isReset } from './packets.ts';
import reset from './reset.ts';

export interface ClimbingFact extends Known {
  readonly known: true;
  /** RSTs of one side whose sequence numbers climb past all that side had sent, in order; at least two. */
  packets: TimelinePacket[];
}

/** An injector hedges within this time, seconds (Weaver, Sommer, Paxson, NDSS 2009, RST_SEQ_CHANGE). */
const HEDGING = 2;

/**
 * A RST train that guesses at the receiver's window. A host that answers
 * several stray packets with one RST each climbs as well, but only through
 * numbers the other side has acknowledged, so those do not count.
 */
export default defineEvidence('RSTs that climb past what their sender had sent', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { timeline } = subject.connection;
  const answered = new Set<number>();
  for (const p of timeline) if (p.from !== r.side && hasAck(p) && !isReset(p)) answered.add(p.rawAck);
  const train = r.all.filter((p) => p.from === r.side && p.time - r.packet.time < HEDGING);
  const climbs = train.every((p, i) => i === 0 || distance(p.seq, train[i - 1]!.seq) > 2);
  if (train.length < 2 || !climbs) return unknown('there is no train of climbing RSTs');
  const next = r.packet.seq - r.ahead;
  const guesses = train.filter((p) => distance(p.seq, next) > 0 && !answered.has(p.rawSeq));
  if (guesses.length === 0 || r.ahead < 0) return unknown('every RST of the train answers a packet');
  return { known: true, packets: train };
});
