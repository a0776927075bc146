import { defineEvidence, type Known, unknown } from '../define.ts';
import application from './application.ts';
import closing from './closing.ts';
import messageCut from './message-cut.ts';

export interface AnnouncedCloseFact extends Known {
  readonly known: true;
  /** Frame and kind of what announced the end. */
  number: number;
  by: 'response' | 'request' | 'HTTP/1.0';
  /** The answer was complete, or is one that only the end of the connection ends. */
  complete: boolean;
  /** Frame of the server's FIN; 0 when it did not close first. */
  fin: number;
  /** One sentence without a final stop. */
  says: string;
}

const SAYS = {
  response: 'the answer says `Connection: close`',
  request: 'the request says `Connection: close`',
  'HTTP/1.0': 'the answer is HTTP/1.0 without keep-alive, which the end of the connection ends',
} as const;

/** A server that closes behind a complete answer as announced ends nothing early (RFC 9112 §9.6). */
export default defineEvidence('A close behind the answer that HTTP had announced', (subject) => {
  const app = application.of(subject);
  if (!app.known) return unknown(app.why);
  const { lastRequest, lastResponse } = app;
  if (lastResponse?.protocol !== 'http-response') return unknown('the last answer is not HTTP/1');
  const asked = lastRequest?.protocol === 'http-request' && lastRequest.close ? lastRequest : null;
  const by = lastResponse.close
    ? 'response'
    : lastResponse.old
      ? 'HTTP/1.0'
      : asked !== null
        ? 'request'
        : null;
  if (by === null) return unknown('no close was announced');
  if (lastRequest !== null && lastRequest.number > lastResponse.number)
    return unknown('another request came behind the answer');
  const close = closing.of(subject);
  const cut = messageCut.of(subject);
  return {
    known: true,
    number: by === 'request' ? asked!.number : lastResponse.number,
    by,
    complete: !(cut.known && cut.side === 'responder'),
    fin: close.known && close.side === 'responder' ? close.fin.number : 0,
    says: SAYS[by],
  };
});
