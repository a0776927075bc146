import type { Endpoint, Side, TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isData, isFin, isReset, later, other } from '../packets.ts';

export interface SideOfExchange {
  /** Payload bytes sent, as seen at the vantage. */
  sent: number;
  /** Of these, bytes the other side had not acknowledged when the connection ended (its RST's ACK not counted). */
  unacked: number;
  /** The other side acknowledged some of it, other than by a RST. */
  heard: boolean;
  /** Frame of its last new payload before the end, 0 when it sent none. */
  lastDataNumber: number;
  lastDataTime: number;
  /** Its first new payload after the end, null when it said nothing more: it had been in the middle of something. */
  late: TimelinePacket | null;
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
  summary: Endpoint,
): SideOfExchange {
  let lastDataNumber = 0;
  let lastDataTime = -1;
  let highest: number | null = null;
  let acked: number | null = null;
  for (let i = 0; i < endIndex; i++) {
    const p = timeline[i]!;
    if (isReset(p)) continue;
    if (p.from === side) {
      if (isData(p)) {
        if (!p.retransmission) {
          lastDataNumber = p.number;
          lastDataTime = p.time;
        }
        highest = later(highest, (p.seq + p.length) >>> 0);
      }
    } else if (hasAck(p)) acked = later(acked, p.ack);
  }
  // Without one ACK of the other side in view nothing can be said, and an open byte is the graver claim.
  const unacked = highest === null || acked === null ? 0 : Math.max(0, distance(highest, acked));
  // What was said last may lie in the part of the timeline that was not kept.
  const endNumber = timeline[endIndex]?.number ?? Number.POSITIVE_INFINITY;
  const { lastDataNumber: latest } = summary;
  if (latest > lastDataNumber && latest < endNumber && !timeline.some((p) => p.number === latest)) {
    lastDataNumber = latest;
    lastDataTime = summary.lastDataTime;
  }
  // Nor need any of it have been kept: the turn is remembered where its packets are not.
  const turn = summary.lastTurn;
  if (turn !== null && turn.number > lastDataNumber && turn.number < endNumber) {
    lastDataNumber = turn.number;
    lastDataTime = turn.time;
  }
  const late =
    timeline.find((p, i) => i > endIndex && p.from === side && isData(p) && !p.retransmission) ?? null;
  const heard = summary.bytes > 0 && summary.acked > (summary.synSeen ? 1 : 0);
  return { sent: summary.bytes, unacked, heard, lastDataNumber, lastDataTime, late };
}

export default defineEvidence(
  'What each side had said, what was acknowledged, whose turn it was',
  (subject) => {
    const half = oneDirection.of(subject);
    if (half.known) return unknown(half.says);
    const { connection } = subject;
    const { timeline } = connection;
    let endIndex = timeline.findIndex(isReset);
    if (endIndex < 0) endIndex = timeline.findIndex(isFin);
    if (endIndex < 0) endIndex = timeline.length;
    const originator = sideOf(timeline, endIndex, 'originator', connection.originator);
    const responder = sideOf(timeline, endIndex, 'responder', connection.responder);
    return {
      known: true,
      end: timeline[endIndex] ?? timeline.at(-1) ?? null,
      originator,
      responder,
      requests: connection.originator.turns,
      responses: connection.responder.turns,
      unanswered: originator.lastDataNumber > responder.lastDataNumber,
      silent: connection.originator.turns === 0 && connection.responder.turns === 0,
    };
  },
);

/** The part of an exchange that belongs to one side, and to the other. */
export function sides(exchange: ExchangeFact, side: Side): { own: SideOfExchange; peer: SideOfExchange } {
  return { own: exchange[side], peer: exchange[other(side)] };
}
