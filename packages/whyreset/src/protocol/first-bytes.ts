import { isSettings, mayBeSettings } from './http2-frames.ts';
import { limitIn } from './limit-words.ts';

/** A TLS handshake record that holds a ClientHello (RFC 8446 §5.1, §4). */
function isClientHello(b: Uint8Array, at: number, length: number): boolean {
  return length >= 6 && b[at] === 0x16 && b[at + 1] === 0x03 && b[at + 5] === 0x01;
}

const isUpper = (byte: number) => byte >= 0x41 && byte <= 0x5a;

/** First bytes of version 2 of the PROXY protocol. */
const PROXY_V2 = '\r\n\r\n\0\r\nQUIT\n';

/** `text` stands at `at`, whole. */
function begins(b: Uint8Array, at: number, length: number, text: string): boolean {
  if (length < text.length) return false;
  for (let i = 0; i < text.length; i++) if (b[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Three to nine capitals, a space, then a target: `GET /`, `OPTIONS *`, `PRI * HTTP/2.0` (RFC 9112 §3). */
function isRequestLine(b: Uint8Array, at: number, length: number): boolean {
  let i = 0;
  while (i < length && i < 10 && isUpper(b[at + i]!)) i++;
  if (i < 3 || i > 9 || i + 1 >= length || b[at + i] !== 0x20) return false;
  const target = b[at + i + 1]!;
  return target > 0x20 && target < 0x7f;
}

/** A HEAD request: its answer announces a body that it does not have. */
export function isHead(b: Uint8Array, at: number): boolean {
  return (
    b[at] === 0x48 && b[at + 1] === 0x45 && b[at + 2] === 0x41 && b[at + 3] === 0x44 && b[at + 4] === 0x20
  );
}

/** The head of a turn is a question to which an answer is due. */
export function asksForAnswer(bytes: Uint8Array, at: number, length: number): boolean {
  return (
    isRequestLine(bytes, at, length) ||
    isClientHello(bytes, at, length) ||
    begins(bytes, at, length, PROXY_V2)
  );
}

/** A TLS record of any kind (RFC 8446 §5.1). */
function isTlsRecord(b: Uint8Array, at: number, length: number): boolean {
  return length >= 3 && b[at]! >= 0x14 && b[at]! <= 0x17 && b[at + 1] === 0x03;
}

/** A fatal alert that can be read: sent before the keys are in use (RFC 8446 §6). */
export function isFatalAlert(b: Uint8Array, at: number, length: number): boolean {
  return length >= 6 && b[at] === 0x15 && b[at + 1] === 0x03 && b[at + 4] === 2 && b[at + 5] === 2;
}

/** The answer is not in the language of the question: one speaks TLS, or HTTP/2, and the other does not. */
export function talksPast(
  question: Uint8Array,
  q: number,
  questionLength: number,
  answer: Uint8Array,
  a: number,
  answerLength: number,
): boolean {
  if (answerLength === 0) return false;
  if (isClientHello(question, q, questionLength)) return !isTlsRecord(answer, a, answerLength);
  if (!isRequestLine(question, q, questionLength)) return false;
  // Whatever speaks HTTP/2 begins with SETTINGS (RFC 9113 §3.4): a page of HTTP/0.9 is an answer of something else.
  if (isPreface(question, q, questionLength)) return !mayBeSettings(answer, a, answerLength);
  return isTlsRecord(answer, a, answerLength) || isSettings(answer, a, answerLength);
}

/** The start of every HTTP/2 connection (RFC 9113 §3.4). */
export function isPreface(b: Uint8Array, at: number, length: number): boolean {
  return begins(b, at, length, 'PRI * HTTP/2');
}

/** The last words refuse the client for want of room. */
export function speaksOfLimit(b: Uint8Array, at: number, length: number): boolean {
  return limitIn(b, at, length) !== null;
}

/** `HTTP/1.1 400` or `408`: the server could not read a request at all, or waited too long for it. */
export function refusesRequest(b: Uint8Array, at: number, length: number): boolean {
  if (length < 12 || b[at] !== 0x48 || b[at + 1] !== 0x54 || b[at + 4] !== 0x2f) return false;
  return b[at + 9] === 0x34 && b[at + 10] === 0x30 && (b[at + 11] === 0x30 || b[at + 11] === 0x38);
}
