import { type KnownTimeout, matchTimeouts } from '@whyreset/guard/timeouts';
import type { TimelinePacket } from '../connection/connection.ts';
import application from './application.ts';
import closing from './closing.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import endings from './endings.ts';
import exchange from './exchange.ts';
import { distance, hasAck, isData, past } from './packets.ts';
import requestProgress from './request-progress.ts';
import reset from './reset.ts';

export interface AbandonedFact extends Known {
  readonly known: true;
  /** The server's FIN or active RST. */
  end: TimelinePacket;
  byFin: boolean;
  /** Frame of the last byte that the client had sent by then. */
  request: number;
  /** Seconds from that byte to the end. */
  wait: number;
  /** Seconds from the first byte of an HTTP request to the end; `wait` where that is not known. */
  age: number;
  /** Known limits of servers on a request, of which `age` is one. */
  limits: readonly KnownTimeout[];
  /** Bytes the response lacked by its own Content-Length; 0 when no byte of it had come. */
  lacks: number;
  /** It is an HTTP request. */
  http: boolean;
  /** By its own words, or as far as is known, the request was complete. */
  complete: boolean;
  /** The server had answered an earlier request of this connection, or begun to answer this one. */
  served: boolean;
}

/** A supervisor looks once a second, and its victim takes a moment to die. */
const LATENESS = 2;

/** Limits whose expiry is the end of the connection; others are told by an answer (408, 504). */
function limitsOf(age: number): KnownTimeout[] {
  return matchTimeouts(age, { what: 'request', side: 'server', tolerance: LATENESS })
    .filter(({ rule, timeout }) => rule === 'at-expiry' && timeout.atExpiry !== 'error')
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
    const app = application.of(subject);
    const { timeline, responder } = subject.connection;
    const cut = app.known && responder.gaps === 0 ? Math.max(0, app.responseLacks) : 0;
    if (!said.unanswered && cut === 0) return unknown('all that was asked had been answered');
    const last = timeline.findLast((p) => p.from === 'originator' && isData(p) && p.number < end.number);
    if (last !== undefined && end === fin && hasAck(end) && distance(end.ack, past(last)) < 0)
      return unknown('the request and the FIN passed each other');
    const wait = end.time - said.originator.lastDataTime;
    const progress = requestProgress.of(subject);
    const request = app.known ? app.lastRequest : null;
    const age = progress.known ? progress.age : wait;
    return {
      known: true,
      end,
      byFin: end === fin,
      request: said.originator.lastDataNumber,
      wait,
      age,
      limits: limitsOf(age),
      lacks: said.unanswered ? 0 : cut,
      http: request?.protocol === 'http-request',
      complete: !progress.known || (progress.lacks <= 0 && !progress.headersOpen),
      served: said.responses > 0,
    };
  },
);
