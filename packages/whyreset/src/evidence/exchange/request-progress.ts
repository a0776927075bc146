import { type KnownTimeout, matchTimeouts } from '@whyreset/guard/timeouts';
import type { TimelinePacket } from '../../connection/connection.ts';
import { MAX_HEAD } from '../../connection/notes/turns.ts';
import type { Message } from '../../protocol/application-message.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { distance, isData, isFin, isReset, later, past } from '../packets.ts';
import application, { BODILESS } from './application.ts';
import { isAtExpiry } from './timeout-tolerance.ts';

export interface RequestProgressFact extends Known {
  readonly known: true;
  /** The HTTP request that was under way when the connection ended. */
  head: Extract<Message, { protocol: 'http-request' }>;
  /** Its method may carry a body (RFC 9110 §9.3). */
  bodied: boolean;
  /** Seconds from its first byte to the end. */
  age: number;
  /** Bytes that had been sent by then, of it and of what followed it without waiting. */
  sent: number;
  /** Bytes that it lacked by its own Content-Length: 0 complete, -1 when that cannot be said. */
  lacks: number;
  /** Bytes that followed the complete request without waiting for its answer (pipelining); 0 when unknown. */
  extra: number;
  /** Its header block had not ended. */
  headersOpen: boolean;
  /** Known limits of servers on a request, of which `age` is one. */
  limits: readonly KnownTimeout[];
}

/** No server gives a request less, seconds. */
const SHORTEST_LIMIT = 1;

function limitsOn(age: number): KnownTimeout[] {
  return matchTimeouts(age, { what: ['header', 'request'], side: 'server' })
    .filter((match) => isAtExpiry(match))
    .map(({ timeout }) => timeout);
}

/**
 * How far the latest request had come when a FIN or RST ended the connection:
 * what the client still sent afterwards does not complete it.
 */
export default defineEvidence(
  'How much of the request had been sent when the connection ended',
  (subject) => {
    const app = application.of(subject);
    if (!app.known) return unknown(app.why);
    const { timeline, originator, responder } = subject.connection;
    const end = timeline.findIndex((p) => isFin(p) || isReset(p));
    if (end < 0) return unknown('neither side ended the connection');
    const { firstRequest, lastRequest } = app;
    const before = (message: Message | null) =>
      message?.protocol === 'http-request' && message.number < timeline[end]!.number ? message : null;
    // A later turn of the client is the rest of the first request unless the server had answered before.
    const head = before(lastRequest) ?? (responder.turns <= 1 ? before(firstRequest) : null);
    if (head === null) return unknown('no HTTP request was under way');
    let start: TimelinePacket | null = null;
    let sentUpTo: number | null = null;
    for (const p of timeline.slice(0, end)) {
      if (p.from !== 'originator' || !isData(p)) continue;
      if (p.number === head.number) start = p;
      sentUpTo = later(sentUpTo, past(p));
    }
    if (start === null || sentUpTo === null) return unknown('the request was not kept in the timeline');
    const sent = distance(sentUpTo, start.seq);
    const bodied = !BODILESS.has(head.method);
    const length = head.contentLength < 0 && !bodied ? 0 : head.contentLength;
    const said = head.headerLength < 0 || length < 0 ? -1 : head.headerLength + length;
    const age = timeline[end]!.time - start.time;
    // Only a head that was kept to its last byte (snap length, room) can be said to lack its blank line.
    const turns = [originator.firstTurn, originator.lastTurn];
    const kept = turns.find((turn) => turn?.number === head.number)?.head.length ?? 0;
    return {
      known: true,
      head,
      bodied,
      age,
      sent,
      lacks: said < 0 ? -1 : Math.max(0, said - sent),
      extra: said < 0 ? 0 : Math.max(0, sent - said),
      headersOpen: head.headerLength < 0 && sent <= MAX_HEAD && kept >= sent,
      limits: age < SHORTEST_LIMIT ? [] : limitsOn(age),
    };
  },
).needsTimes(SILENCES);
