import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, SILENCES, type Subject, unknown } from '../define.ts';
import { bytes, distance, isData, other, past, seconds, thousands, who } from '../packets.ts';
import rtt from '../path/rtt.ts';
import reset from '../reset/reset.ts';
import resetWindow from '../reset/reset-window.ts';
import { AT_HAND } from '../thresholds.ts';
import endings from './endings.ts';
import exchange, { type SideOfExchange, sides } from './exchange.ts';
import messageCut from './message-cut.ts';
import requestProgress from './request-progress.ts';
import unread from './unread.ts';

/** Something in the packets that shows bytes which the aborting program had not read. */
export interface UnreadSign {
  says: string;
  packets: number[];
}

export interface AbortFact extends Known {
  readonly known: true;
  side: Side;
  /** The RST. */
  packet: TimelinePacket;
  /**
   * What the side owed the other when it aborted. `answer`: the other side's payload had arrived and none came
   * back. `rest`: its own message was broken off. `nothing`: it had answered. `unreceived`: no payload of the
   * other side had reached it.
   */
  owed: 'answer' | 'rest' | 'nothing' | 'unreceived';
  /** Payload bytes of the other side that had arrived, as far as the capture holds them. */
  received: number;
  /**
   * Seconds from the last payload of the side that spoke last, or of the other side where an answer was owed; null
   * where the times of the input are too coarse.
   */
  wait: number | null;
  /** Frame of that payload, 0 where none was sent. */
  since: number;
  /** It came as soon as a program acts on what has just arrived. */
  prompt: boolean;
  /** Payload bytes that the other side had sent before this side's last payload came, and that the RST does not acknowledge. */
  passed: number;
  /** Signs of bytes left unread; empty where the packets show none. */
  left: readonly UnreadSign[];
  /** One sentence without a final stop. */
  says: string;
  packets: number[];
}

/** Payload that the other side had sent before this side's last message came, and that the RST does not acknowledge. */
function passedBy({ connection: { timeline } }: Subject, rst: TimelinePacket, own: SideOfExchange): number {
  let missing = 0;
  for (const p of timeline)
    if (p.from !== rst.from && isData(p) && p.number < own.lastDataNumber)
      missing = Math.max(missing, distance(past(p), rst.ack));
  return missing;
}

function signsOf(subject: Subject, rst: TimelinePacket, passed: number, peer: SideOfExchange): UnreadSign[] {
  const signs: UnreadSign[] = [];
  const add = (says: string, ...packets: number[]) => signs.push({ says, packets });
  const side = rst.from;
  const name = who(other(side));
  const open = unread.of(subject);
  if (open.known && open.midTurn)
    add(
      `the ${name} was still sending: the RST does not acknowledge its last ${bytes(open.beyondAck)}`,
      peer.lastDataNumber,
      rst.number,
    );
  else if (passed > 0)
    add(
      `the ${name} was still sending when the answer came: the RST does not acknowledge ${bytes(passed)} that had left before`,
      rst.number,
    );
  // A window that is as small in the RST shows that no program closed the socket, see `resetWindow`.
  const window = resetWindow.of(subject);
  if (open.known && open.shrunk !== null && !(window.known && window.change === 'unchanged'))
    add(
      `the window of the ${who(side)} had shrunk from ${thousands(open.largest)} to ${thousands(open.smallest)}: its program had stopped reading`,
      open.shrunk.number,
    );
  const progress = requestProgress.of(subject);
  if (side === 'originator' || !progress.known) return signs;
  if (progress.lacks > 0)
    add(`the request lacked ${bytes(progress.lacks)} of its announced length`, peer.lastDataNumber);
  if (progress.extra > 0)
    add(
      `${bytes(progress.extra)} followed the complete request without waiting for its answer, and got none`,
      progress.head.number,
    );
  if (progress.headersOpen) add('the header of the request had not ended', progress.head.number);
  return signs;
}

/**
 * A side ended a connection with a RST of its own in the place of a FIN: ABORT
 * (RFC 9293 §3.10.5), or a close with bytes unread (RFC 2525 §2.17).
 */
export default defineEvidence('A connection that one side ended with a RST of its own', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  if (r.shape !== 'active') return unknown('the RST answers a packet');
  const ends = endings.of(subject);
  if (ends.known && ends.closed[r.side]) return unknown('its side had sent a FIN before');
  const said = exchange.of(subject);
  if (!said.known) return unknown(said.why);
  if (said.silent) return unknown('neither side had sent payload');
  const { packet, side } = r;
  const { own, peer } = sides(said, side);
  const open = unread.of(subject);
  const name = who(side);
  const received = Math.max(0, peer.sent - (open.known ? open.beyondAck : peer.unacked));
  const cut = messageCut.of(subject);
  const asked = peer.lastDataNumber > own.lastDataNumber;
  const owed =
    peer.sent > 0 && received === 0 && subject.connection.sawHandshake
      ? 'unreceived'
      : asked
        ? 'answer'
        : cut.known && cut.side === side
          ? 'rest'
          : 'nothing';
  const last = owed === 'answer' || own.lastDataNumber === 0 ? peer : own;
  const timed = subject.world.resolution <= SILENCES;
  const passedTime = last.lastDataNumber === 0 ? 0 : Math.max(0, packet.time - last.lastDataTime);
  const wait = timed ? passedTime : null;
  const after = wait === null ? 'after' : `${seconds(wait)} after`;
  const passed = passedBy(subject, packet, own);
  const times = rtt.of(subject);
  const roundTrip = times.known ? Math.max(times.originator, 0) + Math.max(times.responder, 0) : 0;
  const says = {
    answer: `the ${name} sent an active RST+ACK ${after} the last payload of the ${who(other(side))}, which got no answer`,
    rest: `the ${name} sent an active RST+ACK in the middle of its own message, ${after} the last byte of it`,
    nothing: `the ${name} sent an active RST+ACK ${after} its own last payload, in the place of a FIN`,
    unreceived: `the ${name} sent an active RST+ACK before any payload of the ${who(other(side))} had reached it`,
  }[owed];
  const fact: AbortFact = {
    known: true,
    side,
    packet,
    owed,
    received,
    wait,
    since: last.lastDataNumber,
    prompt: wait !== null && wait < AT_HAND + roundTrip,
    passed,
    left: signsOf(subject, packet, passed, peer),
    says,
    packets: last.lastDataNumber === 0 ? [packet.number] : [last.lastDataNumber, packet.number],
  };
  return fact;
});
