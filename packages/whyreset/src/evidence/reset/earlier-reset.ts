import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import {
  distance,
  endpoint,
  hasAck,
  isData,
  isFin,
  isReset,
  isSyn,
  later,
  other,
  past,
  seconds,
  who,
} from '../packets.ts';
import maker from '../sender/maker.ts';
import reset from './reset.ts';
import trigger from './trigger.ts';

export interface EarlierResetFact extends Known {
  readonly known: true;
  /** Whose socket was gone when the first RST of the capture was sent. */
  side: Side;
  /** Its last packet before that, and what its stack then refused. */
  last: TimelinePacket;
  refused: TimelinePacket;
  /** Seconds between the two. */
  elapsed: number;
  /** Moments before, a client was waiting for an answer, or a server's bytes were on their way: the socket was in use. */
  inUse: boolean;
  /** One sentence without a final stop. */
  says: string;
}

/** A host does not go down and come up again within this, seconds. */
const REBOOT = 30;

/**
 * The first RST of the capture need not be the first of the connection. A program that closes sends a FIN, or a
 * RST+ACK of its own; a socket that vanishes without a packet has mostly *received* a RST, and its stack then refuses
 * what still comes with a bare one. That RST is only the shadow of the other: who made the first one, and why, has to
 * be looked for at this side's end.
 */
export default defineEvidence(
  'Whether a RST that is not in this capture must have come before',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    const cause = trigger.of(subject);
    if (r.shape !== 'passive' || !cause.known)
      return unknown('the first RST is not the answer of a stack without the connection');
    const made = maker.of(subject);
    if (made.known && (made.madeOutsideStack === 'proven' || made.madeOutsideStack === 'likely'))
      return unknown('the RST was not made by the stack whose address it carries');
    const { connection } = subject;
    const { timeline } = connection;
    const { side } = r;
    const own = endpoint(connection, side);
    if (own.gaps > 0) return unknown('the capture misses packets of that side, perhaps its FIN or RST');
    let sent: number | null = null;
    let acked: number | null = null;
    let last: TimelinePacket | null = null;
    let asked: TimelinePacket | null = null;
    let answered: TimelinePacket | null = null;
    for (const p of timeline.slice(0, r.index)) {
      if (isReset(p)) continue;
      if (p.from === side) {
        if (isFin(p)) return unknown('that side had closed with a FIN');
        sent = later(sent, past(p));
        last = p;
        if (isData(p)) asked = p;
      } else {
        if (hasAck(p)) acked = later(acked, p.ack);
        if (isData(p) && p !== cause.packet) answered = p;
      }
    }
    if (last === null || sent === null || isSyn(last)) return unknown('that side had not taken part before');
    if (acked !== null && distance(acked, sent) > 0)
      return unknown('the other side acknowledged more of it than was captured, perhaps its FIN');
    const elapsed = cause.packet.time - last.time;
    const waiting = asked !== null && (answered === null || answered.number < asked.number);
    // A server owes the answer and waits for nothing: only bytes of it that are still on their way show a live program.
    const underWay = asked !== null && (acked === null || distance(past(asked), acked) > 0);
    const inUse = elapsed < REBOOT && (side === 'originator' ? waiting : underWay);
    const name = who(side);
    const using = !inUse
      ? ''
      : side === 'originator'
        ? ', to which it still expected the answer'
        : ', with bytes of it still on their way';
    const says = `the ${name}’s host refused packet ${cause.packet.number} of the ${who(other(side))} ${seconds(elapsed)} after its own packet ${last.number}${using}, although it had sent no FIN and no RST: ${inUse ? 'a RST that is not in this capture most likely reached it before' : 'its socket was gone'}`;
    return { known: true, side, last, refused: cause.packet, elapsed, inUse, says };
  },
).needsTimes(SILENCES);
