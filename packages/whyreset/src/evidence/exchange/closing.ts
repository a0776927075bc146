import type { Side, TimelinePacket } from '../../connection/connection.ts';
import type { Message } from '../../protocol/application-message.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, endpoint, hasAck, isData, isFin, isReset, other, past } from '../packets.ts';
import application from './application.ts';

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
  /**
   * First payload of the other side that passed the FIN on the way: neither acknowledges the other, so neither
   * sender knew. It may stand before the FIN in the capture. Null when there is none, or only a TLS goodbye.
   */
  crossing: TimelinePacket | null;
  /** Both sides had closed before the first RST (or there is none). */
  bothBeforeReset: boolean;
}

/**
 * The longest record that holds a close_notify and nothing larger: header 5,
 * alert 2, and at most 24 of nonce, inner type and tag (RFC 8446 §5.2: 24 bytes
 * in TLS 1.3; RFC 5288: 31 with GCM in TLS 1.2).
 */
const LONGEST_GOODBYE = 31;

/** The payload that `side` sent after a FIN is one TLS record that can only be, or surely is, a close_notify. */
function isGoodbye(app: ReturnType<typeof application.of>, side: Side, dataAfter: readonly TimelinePacket[]) {
  const first = dataAfter[0];
  if (first === undefined || !app.known) return false;
  const earliest = side === 'originator' ? app.firstRequest : app.firstResponse;
  const latest = side === 'originator' ? app.lastRequest : app.lastResponse;
  // A goodbye behind a response belongs to its turn; then only the size tells.
  if (latest?.protocol === 'tls-alert' && latest.number === first.number)
    return latest.level === 'encrypted' || latest.code === 0;
  return (isTls(latest) || isTls(earliest)) && dataAfter.length === 1 && first.length <= LONGEST_GOODBYE;
}

function isTls(message: Message | null): boolean {
  return message !== null && (message.protocol === 'tls-data' || message.protocol === 'tls-handshake');
}

export default defineEvidence(
  'Who closed first, whether the other side knew, and what it still sent',
  (subject) => {
    const { connection } = subject;
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
    const earlier = endpoint(connection, peer).fin;
    if (earlier !== null && earlier.number < fin.number)
      return unknown('the first FIN was not kept in the timeline');
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
    const crossing = timeline.find(
      (p) =>
        p.from === peer &&
        isData(p) &&
        !p.retransmission &&
        distance(past(p), fin.ack) > 0 &&
        distance(p.ack, past(fin)) < 0,
    );
    const app = application.of(subject);
    const polite = isGoodbye(app, peer, dataAfter);
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
      crossing: crossing === undefined || isGoodbye(app, peer, [crossing]) ? null : crossing,
      bothBeforeReset,
    };
  },
);
