import type { Side, TimelinePacket, Turn } from '../connection/connection.ts';
import { readMessage } from './application-message.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import { distance, endpoint, hasAck, isData, isFin, isReset, other, past } from './packets.ts';

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
  /** New payload the other side sent after the FIN passed the vantage, in order; TLS goodbyes are not counted. */
  dataAfter: TimelinePacket[];
  /** The closer still acknowledged such payload: it had shut down only its sending direction. */
  dataAfterAcked: boolean;
  /** TLS close_notify the other side sent after the FIN: polite, and nobody misses it. */
  goodbyes: TimelinePacket[];
  /** Both sides had closed before the first RST (or there is none). */
  bothBeforeReset: boolean;
}

/** TLS 1.3 hides the alert in a data record: header 5, level and code 2, inner type 1, tag 16 (RFC 8446 §5.2). */
const HIDDEN_ALERT = 24;

/** The payload after a FIN is one TLS record that can only be, or surely is, a close_notify. */
function isGoodbye(turn: Turn | null, dataAfter: readonly TimelinePacket[]): boolean {
  const first = dataAfter[0];
  if (first === undefined || turn === null || turn.number !== first.number) return false;
  const message = readMessage(turn.head, turn.number);
  if (message.protocol === 'tls-alert') return message.level === 'encrypted' || message.code === 0;
  return message.protocol === 'tls-data' && dataAfter.length === 1 && first.length === HIDDEN_ALERT;
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
    const polite = isGoodbye(endpoint(connection, peer).lastTurn, dataAfter);
    const first = dataAfter[0];
    const dataAfterAcked =
      first !== undefined &&
      timeline.some((p) => p.from === fin.from && !isReset(p) && hasAck(p) && distance(p.ack, first.seq) > 0);
    return {
      known: true,
      fin,
      side: fin.from,
      finAcked,
      secondFin,
      dataAfter: polite ? [] : dataAfter,
      dataAfterAcked,
      goodbyes: polite ? dataAfter : [],
      bothBeforeReset,
    };
  },
);
