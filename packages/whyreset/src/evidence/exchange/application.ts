import { type Message, readMessage } from '../../protocol/application-message.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface ApplicationFact extends Known {
  readonly known: true;
  /** What the client's first and latest turns, and the server's, begin with; null when that side was silent. */
  firstRequest: Message | null;
  lastRequest: Message | null;
  firstResponse: Message | null;
  lastResponse: Message | null;
  /** Payload bytes of the latest turn of each side, 0 when it was silent. */
  requestLength: number;
  responseLength: number;
  /** Bytes the latest turn still lacks by its own Content-Length: 0 when complete, -1 when it does not say. */
  requestLacks: number;
  responseLacks: number;
}

/** Methods whose requests end with the header block unless they announce a body (RFC 9110 §9.3). */
export const BODILESS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

function requestLacks(message: Message | null, length: number): number {
  if (message?.protocol !== 'http-request' || message.headerLength < 0) return -1;
  const { contentLength, headerLength, method } = message;
  if (contentLength < 0 && !BODILESS.has(method)) return -1;
  return Math.max(0, headerLength + Math.max(0, contentLength) - length);
}

function responseLacks(message: Message | null, length: number, request: Message | null): number {
  if (message?.protocol !== 'http-response' || message.headerLength < 0) return -1;
  // RFC 9112 §6.3: these never have a body, whatever Content-Length says.
  const toHead = request?.protocol === 'http-request' && request.method === 'HEAD';
  if (toHead || message.status === 204 || message.status === 304)
    return Math.max(0, message.headerLength - length);
  if (message.contentLength < 0) return -1;
  return Math.max(0, message.headerLength + message.contentLength - length);
}

/** The first bytes of the turns, read as the protocols they announce. */
export default defineEvidence('What the first bytes of each turn announce', ({ connection }) => {
  const { originator, responder } = connection;
  const read = (turn: { head: Uint8Array; number: number } | null) =>
    turn === null || turn.head.length === 0 ? null : readMessage(turn.head, turn.number);
  const firstRequest = read(originator.firstTurn);
  const firstResponse = read(responder.firstTurn);
  const lastRequest = originator.lastTurn === originator.firstTurn ? firstRequest : read(originator.lastTurn);
  const lastResponse = responder.lastTurn === responder.firstTurn ? firstResponse : read(responder.lastTurn);
  const requestLength = originator.lastTurn?.length ?? 0;
  const responseLength = responder.lastTurn?.length ?? 0;
  const fact: ApplicationFact = {
    known: true,
    firstRequest,
    lastRequest,
    firstResponse,
    lastResponse,
    requestLength,
    responseLength,
    requestLacks: requestLacks(lastRequest, requestLength),
    responseLacks: responseLacks(lastResponse, responseLength, lastRequest),
  };
  if (
    firstRequest === null &&
    firstResponse === null &&
    fact.lastRequest === null &&
    fact.lastResponse === null
  )
    return unknown('no payload was captured');
  return fact;
});
