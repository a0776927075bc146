import type { TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, unknown } from '../define.ts';
import handshake from '../handshake/handshake.ts';
import { seconds, thousands } from '../packets.ts';
import rtt from '../path/rtt.ts';
import reset from '../reset/reset.ts';
import { AT_HAND } from '../thresholds.ts';
import closing from './closing.ts';
import exchange from './exchange.ts';

export interface AcceptAndCloseFact extends Known {
  readonly known: true;
  /** The server's FIN or active RST. */
  end: TimelinePacket;
  by: 'FIN' | 'RST';
  /** Frame of the client's acknowledgement that completed the handshake. */
  ack: TimelinePacket;
  /** Seconds from there to `end`. */
  elapsed: number;
  /** Sooner than any program that waits for a request would give up. */
  atOnce: boolean;
  /**
   * A request had arrived by then. The server does not wait for one: it ended other connections as soon, before their
   * client had sent a byte.
   */
  heard: boolean;
  /** One sentence without a final stop. */
  says: string;
  packets: number[];
}

/** The server ended a connection before it had read or sent a byte. */
export default defineEvidence(
  'Whether the server ended the connection before it had read or sent a byte',
  (subject) => {
    const shake = handshake.of(subject);
    if (!shake.known) return unknown(shake.why);
    const said = exchange.of(subject);
    if (shake.ack === null || !said.known) return unknown('the handshake was not completed');
    if (said.responder.sent > 0) return unknown('the server had sent payload');
    const rst = reset.of(subject);
    const close = closing.of(subject);
    const active = rst.known && rst.side === 'responder' && rst.shape === 'active';
    const fin = close.known && close.side === 'responder' ? close.fin : null;
    const end = fin ?? (active ? rst.packet : null);
    if (end === null) return unknown('the server did not end the connection of its own accord');
    // What the server had not received cannot have brought it about.
    const { originator } = said;
    const heard = originator.sent > originator.unacked || (originator.sent > 0 && end.ack > 1);
    const others = heard ? (subject.world.neighbours(subject.world.index)?.endedAtAccept ?? 0) : 0;
    if (heard && others === 0) return unknown('the server had received payload');
    const elapsed = end.time - shake.ack.time;
    const times = rtt.of(subject);
    const roundTrip = times.known ? Math.max(times.originator, 0) + Math.max(times.responder, 0) : 0;
    // The client's ACK and the server's answer each cross half the path.
    const atOnce = elapsed <= AT_HAND + 2 * roundTrip;
    if (heard && !atOnce) return unknown('the server had received payload');
    const by = fin === null ? 'RST' : 'FIN';
    const without = heard
      ? `as it ended ${thousands(others)} other${others === 1 ? '' : 's'} before the client had sent a byte`
      : 'before it had read or sent a byte';
    return {
      known: true,
      end,
      by,
      ack: shake.ack,
      elapsed,
      atOnce,
      heard,
      says: `${seconds(elapsed)} after the handshake the server ended the connection with a ${by}, ${without}`,
      packets: [shake.ack.number, end.number],
    };
  },
).needsTimes(DELAYS);
