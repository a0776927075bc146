import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import rtt from '../path/rtt.ts';
import { FIN_SLACK } from '../thresholds.ts';
import application from './application.ts';
import closing from './closing.ts';
import exchange from './exchange.ts';
import goodbye from './goodbye.ts';

export interface ReuseFact extends Known {
  readonly known: true;
  /** The server's FIN. */
  fin: TimelinePacket;
  /** The client's first payload that the server received, or would have received, after it had closed. */
  request: TimelinePacket;
  /** Seconds from the FIN to the request as the capture saw them; negative when the request passed first. */
  late: number;
  /**
   * `knew`: the request, or an ACK before it, acknowledges the FIN. `crossed`: neither acknowledges the other and
   * they lie less than a round trip apart. `unaware`: the request does not acknowledge a FIN that had been sent
   * long before, so the FIN was lost or held up on the way.
   */
  course: 'knew' | 'crossed' | 'unaware';
  /** The round trip that `crossed` rests on was measured; otherwise the order in the capture has to do. */
  measured: boolean;
  /** It begins an HTTP request of its own: a new use of a kept connection, not the rest of something. */
  anew: boolean;
}

/** A connection that had served at least one request, was closed by the server, and was used again by the client. */
export default defineEvidence('The next request on a connection that the server had closed', (subject) => {
  const close = closing.of(subject);
  if (!close.known || close.side !== 'responder') return unknown('the server did not close first');
  const said = exchange.of(subject);
  if (!said.known || said.responses === 0) return unknown('the connection had served no request');
  const { originator, responder } = subject.connection;
  // A greeting that the server sends unasked answers nothing.
  const first = originator.firstTurn;
  if (first === null || responder.lastTurn === null || responder.lastTurn.number < first.number)
    return unknown('the server had answered no request');
  const { fin, finAcked, crossing, dataAfter, dataAfterAcked } = close;
  if (dataAfterAcked) return unknown('the server had shut down its sending direction only');
  const request = crossing ?? dataAfter[0];
  if (request === undefined) return unknown('the client sent nothing after the close');
  const polite = goodbye.of(subject);
  if (polite.known && polite.side === 'originator') return unknown(polite.says);
  const knew = crossing === null && finAcked !== null && finAcked.number <= request.number;
  if (!knew && crossing === null) return unknown('whether the client had the FIN is not in view');
  const times = rtt.of(subject);
  const measured = times.known && times.originator >= 0;
  const late = request.time - fin.time;
  // A FIN takes half a round trip to the client, and the request takes the other half back.
  const crossed = !measured || late <= times.originator + FIN_SLACK;
  const app = application.of(subject);
  const last = app.known ? app.lastRequest : null;
  return {
    known: true,
    fin,
    request,
    late,
    course: knew ? 'knew' : crossed ? 'crossed' : 'unaware',
    measured,
    anew: last?.protocol === 'http-request' && last.number === request.number,
  };
});
