import type { Side, TimelinePacket } from '../connection/connection.ts';
import { defineEvidence, type Known } from './define.ts';
import { distance, hasAck, isData, isFin, isReset, other } from './packets.ts';

export interface SideOfExchange {
  /** Payload bytes sent, as seen at the vantage. */
  sent: number;
  /** Of these, bytes the other side had not acknowledged when the connection ended (its RST's ACK not counted). */
  unacked: number;
  /** Frame of its last new payload before the end, 0 when it sent none. */
  lastDataNumber: number;
  lastDataTime: number;
}

export interface ExchangeFact extends Known {
  readonly known: true;
  /** The packet that ended it: first RST, else first FIN, else the last packet. */
  end: TimelinePacket | null;
  originator: SideOfExchange;
  responder: SideOfExchange;
  /** Turns the client took (requests) and the server took (responses). */
  requests: number;
  responses: number;
  /** The client's last payload came after the server's last payload: a request without its answer. */
  unanswered: boolean;
  /** Neither side ever sent payload. */
  silent: boolean;
}

function sideOf(
  timeline: readonly TimelinePacket[],
  endIndex: number,
  side: Side,
  sentTotal: number,
): SideOfExchange {
  let lastDataNumber = 0;
  let lastDataTime = -1;
  let highest = 1;
  let acked = 1;
  for (let i = 0; i < endIndex; i++) {
    const p = timeline[i]!;
    if (isReset(p)) continue;
    if (p.from === side) {
      if (isData(p)) {
        if (!p.retransmission) {
          lastDataNumber = p.number;
          lastDataTime = p.time;
        }
        const end = (p.seq + p.length) >>> 0;
        if (distance(end, highest) > 0) highest = end;
      }
    } else if (hasAck(p) && distance(p.ack, acked) > 0) acked = p.ack;
  }
  return { sent: sentTotal, unacked: Math.max(0, distance(highest, acked)), lastDataNumber, lastDataTime };
}

export default defineEvidence(
  'What each side had said, what was acknowledged, whose turn it was',
  ({ connection }) => {
    const { timeline } = connection;
    let endIndex = timeline.findIndex(isReset);
    if (endIndex < 0) endIndex = timeline.findIndex(isFin);
    if (endIndex < 0) endIndex = timeline.length;
    const originator = sideOf(timeline, endIndex, 'originator', connection.originator.bytes);
    const responder = sideOf(timeline, endIndex, 'responder', connection.responder.bytes);
    return {
      known: true,
      end: timeline[endIndex] ?? timeline.at(-1) ?? null,
      originator,
      responder,
      requests: connection.originator.turns,
      responses: connection.responder.turns,
      unanswered: originator.lastDataTime >= 0 && originator.lastDataTime > responder.lastDataTime,
      silent: connection.originator.turns === 0 && connection.responder.turns === 0,
    };
  },
);

/** The part of an exchange that belongs to one side, and to the other. */
export function sides(exchange: ExchangeFact, side: Side): { own: SideOfExchange; peer: SideOfExchange } {
  return { own: exchange[side], peer: exchange[other(side)] };
}
