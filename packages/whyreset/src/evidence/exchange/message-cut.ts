import type { Side, TimelinePacket } from '../../connection/connection.ts';
import {
  announcedLength,
  CHUNKED,
  chunksEndIn,
  isStatusLine,
  UNTIL_CLOSE,
} from '../../protocol/message-length.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint, isFin, isReset, who } from '../packets.ts';
import reset from '../reset/reset.ts';
import application from './application.ts';

export interface MessageCutFact extends Known {
  readonly known: true;
  /** Whose message it is: the side that ended the connection with a FIN or an active RST. */
  side: Side;
  /** That FIN or RST. */
  end: TimelinePacket;
  /** Frame in which the message begins. */
  message: number;
  /** What says that more was to come. */
  by: 'Content-Length' | 'chunked' | 'TLS record';
  /** Bytes that were missing; -1 of a chunked body, whose length nothing tells. */
  lacks: number;
  /** One sentence without a final stop. */
  says: string;
}

/**
 * A side that ended the connection in the middle of its own message, by what the message says of its length: an
 * HTTP/1.1 body without its last chunk (RFC 9112 §7.1) or shorter than Content-Length (§8), a TLS record cut
 * (RFC 8446 §5.1). A program that dies with all requests read does so with a FIN, and without this looks like a
 * normal end. Whether a length-prefixed message of another protocol was cut cannot be known.
 */
export default defineEvidence('A message that its sender broke off by ending the connection', (subject) => {
  const { connection } = subject;
  const r = reset.of(subject);
  const end = connection.timeline.find((p) => isFin(p) || isReset(p));
  if (end === undefined) return unknown('no side ended the connection');
  if (isReset(end) && (!r.known || r.packet !== end || r.shape !== 'active'))
    return unknown('the RST answers a packet and ends no message of its side');
  const own = endpoint(connection, end.from);
  const turn = own.lastTurn;
  if (turn === null || turn.number > end.number) return unknown(`the ${who(end.from)} had sent no payload`);
  if (own.gaps > 0) return unknown('the capture lacks bytes of the message');
  const cut = (by: MessageCutFact['by'], lacks: number, says: string): MessageCutFact => ({
    known: true,
    side: end.from,
    end,
    message: turn.number,
    by,
    lacks,
    says,
  });
  const { head, length } = turn;
  if (own.tlsRecordLacks > 0)
    return cut('TLS record', own.tlsRecordLacks, `its TLS record still lacked ${own.tlsRecordLacks} bytes`);
  const app = application.of(subject);
  const asked = app.known ? app.lastRequest : null;
  if (asked?.protocol === 'http-request' && asked.method === 'HEAD' && isStatusLine(head, 0, head.length))
    return unknown('an answer to HEAD has no body, whatever it announces');
  const total = announcedLength(head, 0, head.length);
  if (total === UNTIL_CLOSE) return unknown('the end of the connection ends such an answer');
  if (total === CHUNKED) {
    if (chunksEndIn(own.tail) !== false)
      return unknown('the chunked message was complete, or its end was not captured');
    return cut('chunked', -1, 'its chunked message lacks the last chunk');
  }
  if (total < 0) return unknown('nothing in the message says how long it is');
  if (total <= length) return unknown('the message was complete');
  const missing = total - length;
  return cut('Content-Length', missing, `its message lacks ${missing} of ${total} bytes`);
});
