import type { Side, TimelinePacket, Turn } from '../../connection/connection.ts';
import {
  type ReasonClass,
  reasonInWebSocket,
  type SpokenReason,
  spokenReason,
} from '../../protocol/spoken/index.ts';
import { reasonInReset } from '../../protocol/spoken/reset-text.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { endpoint, isFin, isReset, other, who } from '../packets.ts';
import rtt from '../path/rtt.ts';
import resetPayload from '../reset/reset-payload.ts';
import http2, { http2Code } from './http2.ts';

export interface SpokenReasonFact extends Known, SpokenReason {
  readonly known: true;
  /** Whose words they are. */
  side: Side;
  /** The side whose FIN or RST came first is the one that spoke. */
  byEnding: boolean;
  /** Frame in which it was said. */
  number: number;
  /** Seconds from these words to the FIN or RST. */
  apart: number;
  /** One sentence without a final stop. */
  says: string;
}

/** The end belongs to the words when it follows this soon, seconds; round trips are added. */
const FOLLOWS = 1;

/** RFC 8684 §3.5: the host ends the whole Multipath TCP connection at once, as a RST does in plain TCP. */
const MP_FASTCLOSE: SpokenReason = { class: 'goodbye', protocol: 'Multipath TCP', quote: 'MP_FASTCLOSE' };

/** Codes of GOAWAY (RFC 9113 §7) that mean something else than a broken protocol. */
const GOAWAY: Readonly<Record<number, ReasonClass>> = {
  0: 'goodbye',
  2: 'internal-error',
  4: 'request-timeout',
  7: 'limit',
  8: 'goodbye',
  11: 'limit',
  12: 'refused-policy',
};

function isWebSocket({ connection: { responder } }: Subject): boolean {
  const head = responder.firstTurn?.head;
  if (head === undefined || head.length < 12) return false;
  return head[9] === 0x31 && head[10] === 0x30 && head[11] === 0x31;
}

/** What the latest turn of a side before `end` says, and in which frame. */
function saidBy(
  subject: Subject,
  side: Side,
  end: TimelinePacket,
): (SpokenReason & { number: number }) | null {
  const { lastTurn, firstTurn } = endpoint(subject.connection, side);
  const before = (turn: Turn | null) => turn !== null && turn.number <= end.number;
  const turn = before(lastTurn) ? lastTurn : before(firstTurn) ? firstTurn : null;
  if (turn === null) return null;
  const frames = http2.of(subject);
  if (frames.known) {
    const last = frames.ends.findLast(({ from, kind }) => from === side && kind === 'GOAWAY');
    if (last === undefined) return null;
    const { code, number } = last;
    return {
      class: GOAWAY[code] ?? 'protocol-error',
      protocol: 'HTTP/2',
      quote: `GOAWAY ${http2Code(code)}`,
      number,
    };
  }
  const found = isWebSocket(subject) ? reasonInWebSocket(turn.head) : spokenReason(turn.head);
  if (found === null) return null;
  // A page that is left closes with 1001 too (RFC 6455 §7.4.1): then it is the client that goes away.
  const leaves = side === 'originator' && found.class === 'shutdown';
  return { ...found, class: leaves ? 'goodbye' : found.class, number: turn.number };
}

/**
 * What the last message before the end says in words: an administrator's command, a shutdown, an idle timeout, a
 * limit. The words decide where the timing only suggests: PostgreSQL's 57P01 after a silence is no idle timeout.
 */
export default defineEvidence('The reason that the last message before the end gives', (subject) => {
  const { connection } = subject;
  const end = connection.timeline.find((p) => isFin(p) || isReset(p));
  if (end === undefined) return unknown('neither side ended the connection');
  const text = resetPayload.of(subject);
  const reset = connection.timeline.find(isReset);
  const written =
    text.known && reset !== undefined
      ? reasonInReset(text.payload)
      : connection.mptcpFastClose
        ? MP_FASTCLOSE
        : null;
  if (written !== null && reset !== undefined) {
    const says = `the RST says why: "${written.quote}"`;
    return {
      known: true,
      ...written,
      side: reset.from,
      byEnding: reset === end,
      number: reset.number,
      apart: 0,
      says,
    };
  }
  const times = rtt.of(subject);
  const roundTrip = times.known ? Math.max(times.originator, 0) + Math.max(times.responder, 0) : 0;
  for (const side of [end.from, other(end.from)]) {
    const said = saidBy(subject, side, end);
    const { lastDataTime, lastDataNumber } = endpoint(connection, side);
    const apart = lastDataNumber > end.number ? 0 : end.time - lastDataTime;
    if (said === null || apart > FOLLOWS + 2 * roundTrip) continue;
    const says = `the ${who(side)} said so itself (${said.protocol}): "${said.quote}"`;
    return { known: true, ...said, side, byEnding: side === end.from, apart, says };
  }
  return unknown('no message before the end gives a reason that can be read');
});
