import type { Endpoint, TimelinePacket } from '../../connection/connection.ts';
import { announcedLength, CHUNKED, chunksEndIn } from '../../protocol/message-length.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import rtt from '../path/rtt.ts';
import reset from '../reset/reset.ts';
import trigger from '../reset/trigger.ts';
import { GIVES_UP, SHORTEST_PATIENCE, STREAM_GAP } from '../thresholds.ts';
import application from './application.ts';
import closing from './closing.ts';
import endings from './endings.ts';
import exchange from './exchange.ts';
import goodbye from './goodbye.ts';
import idle from './idle.ts';
import unread from './unread.ts';

export interface UnawaitedAnswerFact extends Known {
  readonly known: true;
  /** The client's FIN or active RST. */
  end: { number: number; time: number };
  /** Frame of the client's last payload before the end. */
  request: number;
  /** Seconds from that payload to the end. */
  wait: number;
  /** `none` of the answer had come, it was `short` of its announced length, or it was still `streaming`. */
  state: 'none' | 'short' | 'streaming';
  /** Bytes that the answer lacked by its own Content-Length; 0 where that is not known. */
  lacks: number;
  /** A chunked answer whose last chunk had not come. */
  open: boolean;
  /** What the server sent on, to a client that had ended; null when nothing came. */
  late: TimelinePacket | null;
  /** The client had waited for as long as a timeout may be, or the answer was visibly incomplete. */
  waited: boolean;
}

/** TLS 1.3 hides an alert in a data record of this size (RFC 8446 §5.2). */
const HIDDEN_ALERT = 24;

/** Whether the last chunk of a chunked answer has come (RFC 9112 §7.1); null for others, and where its end is not known. */
function chunksOf({ lastTurn, tail, gaps }: Endpoint): 'open' | 'complete' | null {
  if (lastTurn === null || gaps > 0) return null;
  if (announcedLength(lastTurn.head, 0, lastTurn.head.length) !== CHUNKED) return null;
  const ended = chunksEndIn(tail);
  return ended === null ? null : ended ? 'complete' : 'open';
}

/**
 * A client that ended the connection while an answer was outstanding. A client that said goodbye wanted none; a
 * FIN alone may shut down one direction only, so that only what the client refuses afterwards shows that it is gone.
 */
export default defineEvidence<UnawaitedAnswerFact>(
  'An answer that the client did not wait for',
  (subject) => {
    const said = exchange.of(subject);
    const ends = endings.of(subject);
    const silence = idle.of(subject);
    if (!said.known || !ends.known || !silence.known || said.requests === 0)
      return unknown('nothing was asked');
    const r = reset.of(subject);
    const fin = ends.originator;
    if (r.known && r.side === 'responder' && (fin === null || fin.number > r.packet.number))
      return unknown('the server sent the RST');
    const aborted = r.known && r.shape === 'active' ? r.packet : null;
    const end = ends.originator ?? aborted;
    if (end === null) return unknown('no end of the client was seen');
    if (ends.responder !== null && ends.responder.number < end.number)
      return unknown('the server had closed before');
    const polite = goodbye.of(subject);
    if (polite.known && polite.side === 'originator') return unknown(polite.says);
    const close = closing.of(subject);
    const answers = trigger.of(subject);
    const late = close.known && close.side === 'originator' ? (close.dataAfter[0] ?? null) : null;
    const met = late ?? (!close.known && answers.known && answers.packet.length > 0 ? answers.packet : null);
    const times = rtt.of(subject);
    const roundTrip = times.known ? Math.max(times.originator, 0) + Math.max(times.responder, 0) : 0;
    const wait = end.time - said.originator.lastDataTime;
    // A half-close comes right behind the request; a FIN that comes long after it, with nothing of the answer, ends the wait.
    const nothing = said.responder.sent === 0 || (said.unanswered && met === null);
    const gaveUp = nothing && wait > Math.max(GIVES_UP, 2 * roundTrip);
    if (ends.originator !== null && !gaveUp && (met === null || (close.known && close.dataAfterAcked)))
      return unknown('the client may have shut down its sending direction only');
    const app = application.of(subject);
    const last = app.known ? app.lastRequest : null;
    if (
      last?.protocol === 'tls-alert' ||
      (last?.protocol === 'tls-data' && app.known && app.requestLength === HIDDEN_ALERT)
    )
      return unknown('the last record of the client is a TLS alert');
    const begun = app.known ? app.lastResponse : null;
    const lacks = app.known && begun !== null && begun.number < end.number ? app.responseLacks : -1;
    const open =
      silence.ended === end.number &&
      (silence.sinceFrom === 'originator' || silence.brokenBy === 'originator');
    const none = said.unanswered || open;
    const chunks = chunksOf(subject.connection.responder);
    const begunHere = aborted !== null && begun?.protocol === 'http-response';
    // Nothing announces how long such a response is, and it had not come to rest.
    const growing =
      begunHere &&
      (chunks === null
        ? begun.contentLength < 0 && end.time - said.responder.lastDataTime < STREAM_GAP
        : chunks === 'open');
    const rest = unread.of(subject);
    const coming = met !== null || growing || (rest.known && rest.midTurn);
    if (!none && lacks <= 0 && (lacks === 0 || !coming)) return unknown('the client had its answer');
    const patient = wait > Math.max(SHORTEST_PATIENCE, 2 * roundTrip) && !(growing && !none);
    return {
      known: true,
      end,
      request: said.originator.lastDataNumber,
      wait,
      state: none ? 'none' : lacks > 0 ? 'short' : 'streaming',
      lacks: Math.max(0, lacks),
      open: begunHere && chunks === 'open',
      late: met,
      waited: patient || lacks > 0,
    };
  },
);
