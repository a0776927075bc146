import type { Side, TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isReset, later, other, past } from '../packets.ts';

export interface LossFact extends Known {
  readonly known: true;
  /** Repetitions of payload that was never acknowledged, in order. */
  unanswered: TimelinePacket[];
  /** Seconds from the first transmission of those bytes to the last repetition. */
  span: number;
  /** First packet of the other side after those bytes were first sent, RST excluded; null: never heard of again. */
  heardSince: TimelinePacket | null;
  /** Repetitions in the whole connection. */
  retransmissions: number;
}

/** Payload repeated into silence: the other side, or the path to it, is gone. */
export default defineEvidence('Payload that was repeated and never acknowledged', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const { connection } = subject;
  const { timeline } = connection;
  const acked: Record<Side, number | null> = { originator: null, responder: null };
  for (const p of timeline) {
    if (!isReset(p) && hasAck(p)) acked[other(p.from)] = later(acked[other(p.from)], p.ack);
  }
  const open = (p: TimelinePacket) => {
    const highest = acked[p.from];
    return p.length > 0 && !p.keepAliveProbe && (highest === null || distance(past(p), highest) > 0);
  };
  const unanswered = timeline.filter((p) => p.retransmission && !isReset(p) && open(p));
  const side = unanswered[0]?.from;
  const first = timeline.find((p) => open(p) && p.from === side);
  const heard = timeline.find((p) => p.number > (first?.number ?? 0) && p.from !== side && !isReset(p));
  return {
    known: true,
    unanswered,
    span: first === undefined || unanswered.length === 0 ? 0 : unanswered.at(-1)!.time - first.time,
    heardSince: unanswered.length === 0 ? null : (heard ?? null),
    retransmissions: connection.originator.retransmissions + connection.responder.retransmissions,
  };
});
