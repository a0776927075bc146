import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { bytes } from '../packets.ts';
import reset from '../reset/reset.ts';
import abort from './abort.ts';
import application, { type ApplicationFact } from './application.ts';
import closing from './closing.ts';
import endings from './endings.ts';
import exchange from './exchange.ts';
import requestProgress from './request-progress.ts';
import unread from './unread.ts';

export interface EarlyResponseFact extends Known {
  readonly known: true;
  /** HTTP status; null where the answer was encrypted. */
  status: number | null;
  /** Frame of the answer. */
  number: number;
  /** What of the request was still to come, in words. */
  still: string;
  /** Bytes of the body came after the answer, or its announced length had not been reached. */
  certain: boolean;
  /** The server's first RST, and whether it sent it of its own accord; null when it sent none. */
  rst: { number: number; active: boolean } | null;
  /** Frame of the server's FIN, and of the first payload that came after it. */
  fin: number | null;
  late: number | null;
  /** RSTs of the server. */
  resets: number;
  /** Seconds from the server's last payload to its RST; 0 without one. */
  wait: number;
}

/**
 * The beginning of the last answer. A server that writes head and body apart (Python http.server, CGI) has bytes of
 * the client between the two: what it sent last then begins no answer, and the only one is the first. Behind
 * `Connection: close` there is no other; behind a refusal that keeps the connection there may be one after two turns.
 */
function answerOf({ connection }: Subject, app: ApplicationFact) {
  const { firstRequest, lastRequest, firstResponse, lastResponse } = app;
  if (lastResponse?.protocol !== 'other' || firstResponse?.protocol !== 'http-response') return lastResponse;
  if (firstRequest?.protocol !== 'http-request' || lastRequest?.protocol === 'http-request')
    return lastResponse;
  const only = firstResponse.close || (firstResponse.status >= 400 && connection.originator.turns <= 2);
  return only ? firstResponse : lastResponse;
}

/** What of the request was still to come when the server had answered; null when nothing shows that any was. */
function outstanding(subject: Subject, app: ApplicationFact, status: number): [string, boolean] | null {
  const { firstRequest, lastRequest, requestLength } = app;
  const lastResponse = answerOf(subject, app);
  const goesOn = lastRequest !== null && lastRequest.number > (lastResponse?.number ?? 0);
  // What follows the answer is the rest of the body unless it begins a request of its own.
  if (goesOn && (lastRequest.protocol !== 'other' || firstRequest?.protocol !== 'http-request')) return null;
  const progress = requestProgress.of(subject);
  const lacks = progress.known ? progress.lacks : -1;
  const bodied = progress.known && progress.bodied;
  if (lacks === 0) return null;
  // Without the head of the request only a refusal tells that what follows is the body it refused.
  if (goesOn && !bodied && status < 400) return null;
  if (goesOn) return [`the client sent ${bytes(requestLength)} of body after it`, true];
  if (lacks > 0) return [`${bytes(lacks)} of the announced body had not been sent yet`, true];
  const open = unread.of(subject);
  const inFlight = open.known && open.midTurn ? open.beyondAck : 0;
  return bodied && inFlight > 0 ? [`${bytes(inFlight)} of the body were still on their way`, false] : null;
}

/** An answer that came before the request was complete, and the end of the connection behind it. */
export default defineEvidence(
  'An answer before the request was complete, and a close behind it',
  (subject) => {
    const app = application.of(subject);
    const said = exchange.of(subject);
    const ends = endings.of(subject);
    if (!app.known || !said.known || !ends.known) return unknown('no request and answer were seen');
    const { firstResponse } = app;
    const lastResponse = answerOf(subject, app);
    const close = closing.of(subject);
    const r = reset.of(subject);
    const closed = close.known && close.side === 'responder' ? close : null;
    const rst = r.known && r.side === 'responder' ? r : null;
    const fact = (
      status: number | null,
      number: number,
      still: string,
      certain: boolean,
    ): EarlyResponseFact => ({
      known: true,
      status,
      number,
      still,
      certain,
      rst: rst === null ? null : { number: rst.packet.number, active: rst.shape === 'active' },
      fin: closed?.fin.number ?? null,
      late: closed?.dataAfter[0]?.number ?? null,
      resets: rst?.fromResponder ?? 0,
      wait: rst === null ? 0 : Math.max(0, rst.packet.time - said.responder.lastDataTime),
    });
    if (firstResponse?.protocol.startsWith('tls') === true) {
      const aborted = abort.of(subject);
      if (!aborted.known || aborted.side !== 'responder' || aborted.passed === 0)
        return unknown('nothing shows that the client was still sending when the server answered');
      return fact(
        null,
        said.responder.lastDataNumber,
        `${bytes(aborted.passed)} of it are not acknowledged`,
        false,
      );
    }
    // A 408 says that the server had waited for the rest.
    if (
      lastResponse?.protocol !== 'http-response' ||
      lastResponse.status < 200 ||
      lastResponse.status === 408
    )
      return unknown('no final answer was seen');
    const end = closed?.fin ?? ends.responder ?? rst?.packet ?? null;
    if (end === null || end.number < lastResponse.number)
      return unknown('the server did not end the connection');
    if (ends.originator !== null && ends.originator.number < end.number)
      return unknown('the client had closed before');
    const open = outstanding(subject, app, lastResponse.status);
    if (open === null) return unknown('the request was complete when it was answered');
    if (closed !== null && rst === null && closed.dataAfter.length === 0)
      return unknown('the client sent nothing after the close');
    // A server that goes on acknowledging behind its FIN reads the body out: RFC 9112 §9.6, done right.
    if (!r.known && (ends.both || closed?.dataAfterAcked === true))
      return unknown('the server read the rest of the request');
    return fact(lastResponse.status, lastResponse.number, open[0], open[1]);
  },
);
