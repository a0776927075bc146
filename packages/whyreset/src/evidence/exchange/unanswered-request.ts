import { type KnownTimeout, matchTimeouts } from '@whyreset/guard/timeouts';
import type { Connection, Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { distance, endpoint, hasAck, isData, past } from '../packets.ts';
import reset from '../reset/reset.ts';
import application, { type ApplicationFact } from './application.ts';
import closing from './closing.ts';
import endings from './endings.ts';
import exchange from './exchange.ts';
import messageCut from './message-cut.ts';
import requestProgress from './request-progress.ts';
import { isAtExpiry } from './timeout-tolerance.ts';

export interface UnansweredRequestFact extends Known {
  readonly known: true;
  /** The server's FIN or active RST. */
  end: TimelinePacket;
  byFin: boolean;
  /** Frame of the last byte that the client had sent by then. */
  request: number;
  /** Seconds from that byte to the end. */
  wait: number;
  /** Seconds from anybody's last byte to the end. */
  quiet: number;
  /** Seconds from the first byte of an HTTP request to the end; `wait` where that is not known. */
  age: number;
  /** Known limits of servers on a request, of which `age` is one. */
  limits: readonly KnownTimeout[];
  /** Bytes the response lacked by its own Content-Length; 0 when no byte of it had come, or nothing tells how many. */
  lacks: number;
  /** How the response was broken off, in words (see `messageCut`); null when nothing but its absence shows. */
  cut: string | null;
  /** It is an HTTP request. */
  http: boolean;
  /** By its own words, or as far as is known, the request was complete. */
  complete: boolean;
  /** The server had answered an earlier request of this connection, or begun to answer this one. */
  served: boolean;
}

/** A side's latest new payload before `end`, as far as it was kept. */
function lastBefore(
  connection: Connection,
  side: Side,
  end: TimelinePacket,
): { number: number; time: number } | null {
  const { timeline } = connection;
  const packet = timeline.findLast(
    (p) => p.from === side && isData(p) && !p.retransmission && p.number < end.number,
  );
  const { lastDataNumber: number, lastDataTime: time } = endpoint(connection, side);
  // What was said last may lie in the part of the timeline that was not kept.
  const latest = number > 0 && number < end.number ? { number, time } : null;
  if (packet === undefined) return latest;
  return latest !== null && latest.number > packet.number && !timeline.some((p) => p.number === latest.number)
    ? latest
    : packet;
}

/** What the client sent last is the rest of a body that the server had refused before it was complete: no request. */
function isRestOfRefused({ firstRequest, lastRequest, lastResponse }: ApplicationFact): boolean {
  if (firstRequest?.protocol !== 'http-request' || lastRequest?.protocol !== 'other') return false;
  const refused = lastResponse?.protocol === 'http-response' && lastResponse.status >= 400;
  return refused && lastRequest.number > lastResponse.number;
}

/** A supervisor looks once a second, and its victim takes a moment to die. */
const LATENESS = 2;

/** Limits whose expiry is the end of the connection; others are told by an answer (408, 504). */
function limitsOf(age: number): KnownTimeout[] {
  return matchTimeouts(age, { what: 'request', side: 'server', tolerance: LATENESS })
    .filter((match) => isAtExpiry(match, LATENESS) && match.timeout.atExpiry !== 'error')
    .map(({ timeout }) => timeout);
}

/**
 * A request that had reached the server's host and was left without its
 * answer, or with half of it, when the server ended the connection. A program
 * that dies does so, whether its kernel then sends a RST (bytes unread) or a
 * FIN (all read): one event, two faces.
 */
export default defineEvidence(
  'A request that the server had received and never answered in full',
  (subject) => {
    const said = exchange.of(subject);
    if (!said.known || said.silent) return unknown('nothing was asked');
    const close = closing.of(subject);
    const ends = endings.of(subject);
    const r = reset.of(subject);
    const aborted = r.known && r.side === 'responder' && r.shape === 'active' ? r.packet : null;
    const fin = close.known && close.side === 'responder' ? close.fin : null;
    const end = fin !== null && (aborted === null || fin.number < aborted.number) ? fin : aborted;
    if (end === null) return unknown('the server did not end the connection of its own accord');
    if (ends.known && ends.originator !== null && ends.originator.number < end.number)
      return unknown('the client had closed before');
    const { connection } = subject;
    const asked = lastBefore(connection, 'originator', end);
    const answered = lastBefore(connection, 'responder', end);
    if (asked === null) return unknown('nothing was asked');
    const app = application.of(subject);
    const open =
      (answered === null || asked.number > answered.number) && !(app.known && isRestOfRefused(app));
    const missing = app.known && connection.responder.gaps === 0 ? Math.max(0, app.responseLacks) : 0;
    const broken = messageCut.of(subject);
    const cut =
      !open && broken.known && broken.side === 'responder' && broken.end === end ? broken.says : null;
    if (!open && missing === 0 && cut === null) return unknown('all that was asked had been answered');
    const packet = connection.timeline.find(({ number }) => number === asked.number);
    if (packet !== undefined && hasAck(end) && end === fin && distance(end.ack, past(packet)) < 0)
      return unknown('the request and the FIN passed each other');
    const wait = end.time - asked.time;
    const progress = requestProgress.of(subject);
    const age = progress.known ? progress.age : wait;
    return {
      known: true,
      end,
      byFin: end === fin,
      request: asked.number,
      wait,
      quiet: end.time - Math.max(asked.time, answered?.time ?? asked.time),
      age,
      limits: limitsOf(age),
      lacks: open ? 0 : missing,
      cut,
      http: progress.known,
      complete: !progress.known || (progress.lacks <= 0 && !progress.headersOpen),
      served: answered !== null,
    };
  },
).needsTimes(SILENCES);
