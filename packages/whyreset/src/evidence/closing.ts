import type { Side, TimelinePacket } from '../connection/connection.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import { distance, hasAck, isData, isFin, isReset, other, past } from './packets.ts';

export interface ClosingFact extends Known {
  readonly known: true;
  /** The first FIN. */
  fin: TimelinePacket;
  /** Who sent it: the side that closed first. */
  side: Side;
  /** The other side's first acknowledgement that covers it; null when none was seen before the RST. */
  finAcked: TimelinePacket | null;
  /** The other side's FIN, null when it never closed. */
  secondFin: TimelinePacket | null;
  /** New payload the other side sent after the FIN passed the vantage, in order. */
  dataAfter: TimelinePacket[];
  /** Both sides had closed before the first RST (or there is none). */
  bothBeforeReset: boolean;
}

export default defineEvidence(
  'Who closed first, whether the other side knew, and what it still sent',
  ({ connection }) => {
    const { timeline, originator, responder } = connection;
    const finIndex = timeline.findIndex((p) => isFin(p) && !isReset(p));
    const fin = timeline[finIndex];
    if (fin === undefined) {
      return unknown(
        originator.fin === null && responder.fin === null
          ? 'no side sent a FIN'
          : 'the FIN was not kept in the timeline',
      );
    }
    const peer = other(fin.from);
    let finAcked: TimelinePacket | null = null;
    let secondFin: TimelinePacket | null = null;
    let resetSeen = timeline.slice(0, finIndex).some(isReset);
    let bothBeforeReset = false;
    const dataAfter: TimelinePacket[] = [];
    for (let i = finIndex + 1; i < timeline.length; i++) {
      const p = timeline[i]!;
      if (isReset(p)) {
        resetSeen = true;
        continue;
      }
      if (p.from !== peer) continue;
      if (finAcked === null && !resetSeen && hasAck(p) && distance(p.ack, past(fin)) >= 0) finAcked = p;
      if (isData(p) && !p.retransmission) dataAfter.push(p);
      if (isFin(p) && secondFin === null) {
        secondFin = p;
        bothBeforeReset = !resetSeen;
      }
    }
    return { known: true, fin, side: fin.from, finAcked, secondFin, dataAfter, bothBeforeReset };
  },
);
