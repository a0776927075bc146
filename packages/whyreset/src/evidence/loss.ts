import type { TimelinePacket } from '../connection/connection.ts';
import { defineEvidence, type Known } from './define.ts';
import { distance, hasAck, isReset, past } from './packets.ts';

export interface LossFact extends Known {
  readonly known: true;
  /** Repetitions of payload that was never acknowledged, in order. */
  unanswered: TimelinePacket[];
  /** Seconds from the first transmission of those bytes to the last repetition. */
  span: number;
  /** Repetitions in the whole connection. */
  retransmissions: number;
}

/** Payload repeated into silence: the other side, or the path to it, is gone. */
export default defineEvidence('Payload that was repeated and never acknowledged', ({ connection }) => {
  const { timeline } = connection;
  const highestAck = { originator: 0, responder: 0 };
  for (const p of timeline) {
    if (!isReset(p) && hasAck(p)) {
      const to = p.from === 'originator' ? 'responder' : 'originator';
      if (distance(p.ack, highestAck[to]) > 0) highestAck[to] = p.ack;
    }
  }
  const open = (p: TimelinePacket) =>
    p.length > 0 && !p.keepAliveProbe && distance(past(p), highestAck[p.from]) > 0;
  const unanswered = timeline.filter((p) => p.retransmission && !isReset(p) && open(p));
  const first = timeline.find((p) => open(p) && p.from === unanswered[0]?.from);
  return {
    known: true,
    unanswered,
    span: first === undefined || unanswered.length === 0 ? 0 : unanswered.at(-1)!.time - first.time,
    retransmissions: connection.originator.retransmissions + connection.responder.retransmissions,
  };
});
