import type { Side } from '../../connection/connection.ts';
import type { Message } from '../../protocol/application-message.ts';
import { mayBeSettings } from '../../protocol/http2-frames.ts';
import { portCustom } from '../../protocol/port-customs.ts';
import { latin1 } from '../../wire/bytes.ts';
import nextAttempts, { refuses } from '../around/next-attempts.ts';
import portSpeaks from '../around/port-speaks.ts';
import unaffectedConnections from '../around/unaffected-connections.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { seconds } from '../packets.ts';
import reset from '../reset/reset.ts';
import application from './application.ts';
import promptClose from './prompt-close.ts';
import unawaitedAnswer from './unawaited-answer.ts';

export type Mismatch =
  | 'plain-to-tls'
  | 'tls-to-plain'
  | 'http2-to-other'
  | 'http1-to-http2'
  | 'proxy-header-unexpected'
  | 'proxy-header-missing';

export interface ProtocolMismatchFact extends Known {
  readonly known: true;
  mismatch: Mismatch;
  /**
   * What shows it. `answer`: the server's own first bytes, which prove it. `port`: other connections to the port
   * spoke another protocol with success, and this one was ended without a byte. `silence`: the server ended it right
   * behind the first bytes, without a byte; a mismatch is one reading of that among others.
   */
  by: 'answer' | 'port' | 'silence';
  /** Who ended the connection over it. */
  ended: Side;
  /**
   * A second witness for `silence`: several connections to the port were seen and none of them ever got a byte of an
   * answer, or the port is registered for the protocol that the client did not speak.
   */
  always: boolean;
  /** What each side said, one sentence each without a final stop, and the frames that show it. */
  says: string[];
  packets: number[];
}

/** What servers that expect TLS answer to plain text: nginx, Go, Tomcat and Undertow, Apache, Envoy. */
const SAYS_TLS =
  /plain HTTP|HTTP request to an HTTPS server|requires TLS|SSL-enabled server port|HTTP to (?:an? )?(?:HTTPS|SSL|TLS)/i;

function headText(subject: Subject): string {
  const { firstTurn } = subject.connection.responder;
  return firstTurn === null ? '' : latin1(firstTurn.head, 0, firstTurn.head.length);
}

/** How the client began, in words; null for TLS and what cannot be told. */
function plainWords(request: Message): string | null {
  if (request.protocol === 'http-request') return `an HTTP request in plain text (${request.method})`;
  return request.protocol === 'other' && request.text ? 'plain text' : null;
}

/** The number of the port says that the client began with the wrong one of TLS and plain text. A hint, no more. */
function isRegistered(subject: Subject): boolean {
  const app = application.of(subject);
  const tls = app.known && app.firstRequest?.protocol === 'tls-handshake';
  return portCustom(subject.connection.responder.port) === (tls ? 'plain' : 'tls');
}

/** As many connections make a port that refuses every first byte. */
const SEVERAL = 3;

/** What both ways of showing it share. */
function around(subject: Subject): Pick<ProtocolMismatchFact, 'known' | 'ended' | 'always'> {
  const r = reset.of(subject);
  const others = unaffectedConnections.of(subject);
  const always =
    isRegistered(subject) ||
    (others.known && others.count === 0 && others.attempts >= SEVERAL && others.troubled >= others.attempts);
  return { known: true, ended: r.known ? r.side : 'responder', always };
}

function byAnswer(subject: Subject, request: Message, response: Message) {
  const fact = (mismatch: Mismatch, first: string, answer: string): ProtocolMismatchFact => ({
    ...around(subject),
    mismatch,
    by: 'answer',
    says: [`the client began with ${first}`, `the server answered ${answer}`],
    packets: [request.number, response.number],
  });
  const tls = response.protocol === 'tls-alert' || response.protocol === 'tls-handshake';
  const inTls = response.protocol === 'tls-alert' ? `with a TLS alert, ${response.name}` : 'in TLS';
  const status = response.protocol === 'http-response' ? response.status : null;
  const text = response.protocol === 'other' && response.text;
  const plain = plainWords(request);
  const { firstTurn } = subject.connection.responder;
  const head = firstTurn?.head ?? new Uint8Array(0);
  if (request.protocol === 'proxy-header') {
    if (tls && response.protocol === 'tls-alert')
      return fact('proxy-header-unexpected', `a PROXY header, version ${request.version}`, inTls);
    if (status === 400)
      return fact('proxy-header-unexpected', `a PROXY header, version ${request.version}`, '400');
    return null;
  }
  if (request.protocol === 'http2-preface')
    return mayBeSettings(head, 0, head.length)
      ? null
      : fact(
          'http2-to-other',
          'the connection preface of HTTP/2',
          status === null ? 'with no SETTINGS frame' : `in HTTP/1, ${status}`,
        );
  if (plain !== null && tls) return fact('plain-to-tls', plain, inTls);
  if (plain !== null && status !== null && SAYS_TLS.test(headText(subject)))
    return fact('plain-to-tls', plain, `${status}, and that it expects TLS`);
  if (request.protocol === 'http-request' && response.protocol === 'other' && head[3] === 4)
    return mayBeSettings(head, 0, head.length) && head.length >= 9
      ? fact('http1-to-http2', plain ?? 'HTTP/1', 'with the SETTINGS frame of HTTP/2')
      : null;
  // A greeting that came before the ClientHello announces a protocol that may switch to TLS.
  if (request.protocol === 'tls-handshake' && request.clientHello && response.number > request.number) {
    if (status !== null) return fact('tls-to-plain', 'a TLS ClientHello', `in plain text, HTTP ${status}`);
    if (text) return fact('tls-to-plain', 'a TLS ClientHello', 'in plain text');
    if (response.protocol === 'other')
      return fact('tls-to-plain', 'a TLS ClientHello', 'in another protocol');
  }
  return null;
}

/**
 * The server acknowledged the client's first bytes and said nothing until the client gave up: a server of the other
 * kind waits for the rest of what it takes for a line, or for a record (a ClientHello has no line break, and the text
 * of a request read as the header of a TLS record announces thousands of bytes).
 */
function byWaiting(subject: Subject, request: Message): ProtocolMismatchFact | null {
  const waited = unawaitedAnswer.of(subject);
  if (!waited.known || waited.state !== 'none' || subject.connection.originator.turns !== 1) return null;
  if (portSpeaks.of(subject).known) return null;
  const plain = plainWords(request);
  const hello = request.protocol === 'tls-handshake' && request.clientHello;
  const custom = portCustom(subject.connection.responder.port);
  if (custom === (hello ? 'tls' : 'plain') || (plain === null && !hello)) return null;
  return {
    ...around(subject),
    mismatch: hello ? 'tls-to-plain' : 'plain-to-tls',
    by: 'silence',
    ended: 'originator',
    says: [
      `the client began with ${plain ?? 'a TLS ClientHello'}`,
      `the server acknowledged it and sent nothing for ${seconds(waited.wait)}`,
    ],
    packets: [request.number, waited.end.number],
  };
}

/** The server ended it without a byte: what the port speaks decides, else it stays one reading among others. */
function bySilence(subject: Subject, request: Message): ProtocolMismatchFact | null {
  const close = promptClose.of(subject);
  if (!close.known) return byWaiting(subject, request);
  // A port whose process is gone answers nothing either, whatever is said to it.
  const next = nextAttempts.of(subject);
  if (next.known && refuses(next)) return null;
  const port = portSpeaks.of(subject);
  const custom = portCustom(subject.connection.responder.port);
  const plain = plainWords(request);
  const hello = request.protocol === 'tls-handshake' && request.clientHello;
  const preface = request.protocol === 'http2-preface';
  const header = request.protocol === 'proxy-header';
  const first =
    plain ??
    (hello ? 'a TLS ClientHello' : preface ? 'the preface of HTTP/2' : header ? 'a PROXY header' : null);
  if (first === null) return null;
  const fact = (mismatch: Mismatch, by: 'port' | 'silence'): ProtocolMismatchFact => ({
    ...around(subject),
    mismatch,
    by,
    says: [
      `the client began with ${first}`,
      'the server ended the connection right behind it, without a byte',
      ...(port.known ? [port.says] : []),
    ],
    packets: [request.number, close.end.number],
  });
  const always =
    port.known && port.proxied > 0 && port.proxied === port.tls + port.http1 + port.http2 + port.other;
  if (always && !header) return fact('proxy-header-missing', 'port');
  if (header) return fact('proxy-header-unexpected', port.known && port.proxied === 0 ? 'port' : 'silence');
  if (plain !== null)
    return port.known
      ? port.only === 'tls'
        ? fact('plain-to-tls', 'port')
        : port.only === 'http2'
          ? fact('http1-to-http2', 'port')
          : null
      : custom === 'plain'
        ? null
        : fact('plain-to-tls', 'silence');
  if (hello)
    return port.known
      ? port.tls === 0
        ? fact('tls-to-plain', 'port')
        : null
      : custom === 'tls'
        ? null
        : fact('tls-to-plain', 'silence');
  return port.known
    ? port.http2 === 0
      ? fact('http2-to-other', 'port')
      : null
    : fact('http2-to-other', 'silence');
}

/**
 * Two protocols on one port, by what is said and not by the port's number: the client's first bytes against the
 * server's, and against what other connections to the same port spoke with success.
 */
export default defineEvidence('First bytes of client and server that are of two protocols', (subject) => {
  const app = application.of(subject);
  if (!app.known) return unknown(app.why);
  const { firstRequest: request, firstResponse: response } = app;
  if (request === null) return unknown('the client’s first bytes were not captured');
  // In the middle of a connection the first bytes in view are not the first ones said.
  if (!subject.connection.sawHandshake)
    return unknown('the beginning of the connection is not in the capture');
  const found = response === null ? bySilence(subject, request) : byAnswer(subject, request, response);
  return found ?? unknown('both sides spoke the same protocol, or nothing tells which the server speaks');
});
