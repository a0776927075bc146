import { ACK, FIN, RST, SYN } from '../wire/segment.ts';
import type { Connection, Endpoint, Side, TimelinePacket } from './connection.ts';

/** Shared looks at a timeline. Relative sequence numbers wrap at 2^32, so differences are taken modulo that. */

export const isReset = (p: TimelinePacket) => (p.flags & RST) !== 0;
export const isSyn = (p: TimelinePacket) => (p.flags & SYN) !== 0;
export const isFin = (p: TimelinePacket) => (p.flags & FIN) !== 0;
export const hasAck = (p: TimelinePacket) => (p.flags & ACK) !== 0;

export function other(side: Side): Side {
  return side === 'originator' ? 'responder' : 'originator';
}

export function endpoint(connection: Connection, side: Side): Endpoint {
  return side === 'originator' ? connection.originator : connection.responder;
}

/** a − b modulo 2^32, as a signed number (RFC 9293 §3.4). */
export function distance(a: number, b: number): number {
  return (a - b) | 0;
}

/** The sequence number just past a packet: payload, SYN and FIN each count (RFC 9293 §3.4). */
export function past(p: TimelinePacket): number {
  return (p.seq + p.length + (isSyn(p) ? 1 : 0) + (isFin(p) ? 1 : 0)) >>> 0;
}

/** Packets that came after the last one kept (see timeline.ts: a storm of resets is not written down). */
export function unkept({ originator, responder, timeline, elided }: Connection): number {
  return Math.max(0, originator.packets + responder.packets - timeline.length - elided);
}
