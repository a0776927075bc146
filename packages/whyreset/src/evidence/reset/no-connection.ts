import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import endings from '../exchange/endings.ts';
import exchange from '../exchange/exchange.ts';
import handshake from '../handshake/handshake.ts';
import { endpoint, isReset, other } from '../packets.ts';
import reset from './reset.ts';
import trigger from './trigger.ts';

export interface NoConnectionFact extends Known {
  readonly known: true;
  /** Whose address the RST carries. */
  side: Side;
  trigger: TimelinePacket;
  reset: TimelinePacket;
  /** That side had taken part: it had sent payload, or acknowledged some. False where the beginning was not captured. */
  tookPart: boolean;
  /**
   * Longest time without a sign of life of that side before `trigger`, seconds: no packet of it here, and no
   * connection that its port accepted. 0 where it was never seen.
   */
  absence: number;
  /** Seconds before `trigger` that the same port accepted a connection, within the absence; -1 when none was seen. */
  accepted: number;
  /** That side's FIN came after its RST, so the RST overtook it, or answered what crossed it. Frame; 0 without. */
  laterFin: number;
}

/**
 * A RST that says “no such connection” (RFC 9293 §3.10.7.1) although nothing had closed the connection here. A
 * host that restarted, another host with the address, a translator, a filter and a lost FIN all look like this.
 */
export default defineEvidence('A packet answered as one of no connection, with no close seen', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  if (r.shape !== 'passive') return unknown('the RST is not the answer of a stack without the connection');
  const closes = endings.of(subject);
  if (closes.known && (closes.closed.originator || closes.closed.responder))
    return unknown('one side had closed the connection');
  const shake = handshake.of(subject);
  if (shake.known && !shake.complete) return unknown('the handshake was not complete');
  const answered = trigger.of(subject);
  if (!answered.known) return unknown(answered.why);
  const { side } = r;
  const { connection, world } = subject;
  const said = exchange.of(subject);
  const tookPart = said.known && (said[side].sent > 0 || said[other(side)].heard);
  const before = connection.timeline.filter(
    (p) => p.from === side && !isReset(p) && p.number < answered.packet.number,
  );
  const last = before.at(-1)?.time ?? answered.packet.time;
  const { address, port } = endpoint(connection, side);
  const later = side === 'responder' ? world.after(address, port, last) : null;
  const since = later === null || later.firstAccepted < 0 ? -1 : answered.packet.time - later.firstAccepted;
  const accepted = since > 0 ? since : -1;
  const whole = answered.packet.time - last;
  const fin = endpoint(connection, side).fin;
  return {
    known: true,
    side,
    trigger: answered.packet,
    reset: r.packet,
    tookPart,
    absence: accepted < 0 ? whole : Math.max(accepted, whole - accepted),
    accepted,
    laterFin: fin !== null && fin.number > r.packet.number ? fin.number : 0,
  };
});
