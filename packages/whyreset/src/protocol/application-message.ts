import { latin1 } from '../wire/bytes.ts';

/** What the first bytes of a turn are, as far as they say so themselves. */
export type Message = { number: number } & (
  | {
      protocol: 'http-request';
      method: string;
      /** `Connection: close` was asked for, or HTTP/1.0 without `keep-alive`: one answer, then the end. */
      close: boolean;
      expectsContinue: boolean;
      contentLength: number;
      headerLength: number;
    }
  | {
      protocol: 'http-response';
      status: number;
      /** `Connection: close` was announced. */
      close: boolean;
      /** HTTP/1.0 without `Connection: keep-alive`: the end of the connection follows the answer (RFC 9112 §9.3). */
      old: boolean;
      /** `Content-Length`, -1 without. */
      contentLength: number;
      /** Seconds of `Keep-Alive: timeout=`, -1 without. */
      keepAlive: number;
      /** Length of the header block, -1 when it did not fit into the head. */
      headerLength: number;
    }
  | { protocol: 'http2-preface' }
  | { protocol: 'proxy-header'; version: 1 | 2 }
  | { protocol: 'tls-handshake'; clientHello: boolean; version: string }
  | { protocol: 'tls-alert'; level: 'warning' | 'fatal' | 'encrypted'; code: number; name: string }
  | { protocol: 'tls-data' }
  | { protocol: 'other'; text: boolean }
);

/** RFC 8446 §6 and its predecessors. */
const ALERTS: Record<number, string> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

const TLS_VERSIONS: Record<number, string> = {
  0: 'SSL 3.0',
  1: 'TLS 1.0',
  2: 'TLS 1.1',
  3: 'TLS 1.2 or later',
};

const CR = 13;
const LF = 10;
const SPACE = 32;

/** `text` stands at `at`. */
function holds(head: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (head[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** What a header block holds of interest: values without the blanks around them, null where there is none. */
interface Headers {
  connection: string | null;
  contentLength: string | null;
  expect: string | null;
  keepAlive: string | null;
  /** Length of the block with the blank line that ends it, -1 when it did not fit into the head. */
  length: number;
}

/** `name` in lower case, whatever the case in the head. */
function isNamed(head: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const byte = head[at + i]!;
    if ((byte >= 65 && byte <= 90 ? byte + 32 : byte) !== name.charCodeAt(i)) return false;
  }
  return true;
}

/** The value that begins at `from`, or null when its line did not fit into the head. */
function valueAt(head: Uint8Array, from: number): string | null {
  let end = head.indexOf(CR, from);
  while (end >= 0 && head[end + 1] !== LF) end = head.indexOf(CR, end + 1);
  return end < 0 ? null : latin1(head, from, end).trim();
}

/**
 * Looks through the bytes once and makes text only of the values wanted: a
 * capture holds tens of thousands of heads, and most have none. The first
 * header of a name counts.
 */
function headersOf(head: Uint8Array): Headers {
  let connection: string | null = null;
  let contentLength: string | null = null;
  let expect: string | null = null;
  let keepAlive: string | null = null;
  let length = -1;
  for (let i = head.indexOf(CR); i >= 0; i = head.indexOf(CR, i + 1)) {
    if (head[i + 1] !== LF) continue;
    const at = i + 2;
    const initial = head[at]! | 32;
    if (initial === 99) {
      if (connection === null && isNamed(head, at, 'connection:')) connection = valueAt(head, at + 11);
      else if (contentLength === null && isNamed(head, at, 'content-length:'))
        contentLength = valueAt(head, at + 15);
    } else if (initial === 107) {
      if (keepAlive === null && isNamed(head, at, 'keep-alive:')) keepAlive = valueAt(head, at + 11);
    } else if (initial === 101) {
      if (expect === null && isNamed(head, at, 'expect:')) expect = valueAt(head, at + 7);
    } else if (length < 0 && head[at] === CR && head[at + 1] === LF) length = at + 2;
  }
  return { connection, contentLength, expect, keepAlive, length };
}

/** The hint of `Keep-Alive: timeout=5, max=100` in seconds; -1 without one. */
function keepAliveTimeout({ keepAlive: value }: Headers): number {
  const found = value === null ? null : /(?:^|[\s,;])timeout\s*=\s*"?(\d{1,9})/i.exec(value);
  return found === null ? -1 : Number(found[1]);
}

function contentLength({ contentLength: value }: Headers): number {
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : -1;
}

function tls(head: Uint8Array, number: number): Message | null {
  const type = head[0]!;
  if (head.length < 6 || head[1] !== 3 || head[2]! > 4 || type < 20 || type > 23) return null;
  const length = (head[3]! << 8) | head[4]!;
  if (length === 0 || length > 16_640) return null;
  if (type === 23 || type === 20) return { number, protocol: 'tls-data' };
  if (type === 22) {
    const version = TLS_VERSIONS[head[9] === 3 ? head[10]! : head[2]!] ?? 'TLS';
    return { number, protocol: 'tls-handshake', clientHello: head[5] === 1, version };
  }
  if (length !== 2) return { number, protocol: 'tls-alert', level: 'encrypted', code: -1, name: 'encrypted' };
  const code = head[6] ?? -1;
  return {
    number,
    protocol: 'tls-alert',
    level: head[5] === 2 ? 'fatal' : 'warning',
    code,
    name: ALERTS[code] ?? `alert ${code}`,
  };
}

const PROXY_V2 = '\r\n\r\n\0\r\nQUIT\n';

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 48 && byte <= 57;

/** The status of `HTTP/1.1 200`, -1 when the head is no such line. */
function statusOf(head: Uint8Array): number {
  if (!holds(head, 0, 'HTTP/1.') || (head[7] !== 48 && head[7] !== 49) || head[8] !== SPACE) return -1;
  if (!isDigit(head[9]) || !isDigit(head[10]) || !isDigit(head[11])) return -1;
  return (head[9]! - 48) * 100 + (head[10]! - 48) * 10 + head[11]! - 48;
}

/** Length of the method before the first blank: 3 to 16 capitals; 0 when there is none. */
function methodLength(head: Uint8Array): number {
  let length = 0;
  while (length < 17 && head[length]! >= 65 && head[length]! <= 90) length++;
  return length >= 3 && length <= 16 && head[length] === SPACE ? length : 0;
}

/** What `\S` leaves out of the first 256 characters. */
const isBlank = (byte: number) => byte === SPACE || (byte >= 9 && byte <= 13) || byte === 160;

const VERSION = ' HTTP/1';

/** It says which protocol it is, or was cut before it could. */
function isPlausible(head: Uint8Array): boolean {
  if (head.length < 64 || !head.includes(LF)) return true;
  for (let i = head.indexOf(SPACE); i >= 0; i = head.indexOf(SPACE, i + 1))
    if (holds(head, i, VERSION)) return true;
  return false;
}

const ZERO = 48;

/** The request line ends with HTTP/1.0. */
function isOld(head: Uint8Array, from: number): boolean {
  const at = head.indexOf(CR, from);
  return at > 8 && holds(head, at - 8, 'HTTP/1.0');
}

/** The connection ends with the answer; the header block must have been kept to its end to say so of HTTP/1.0. */
function closes({ connection, length }: Headers, old: boolean): boolean {
  if (connection !== null) return /close/i.test(connection) || (old && !/keep-alive/i.test(connection));
  return old && length >= 0;
}

function request(head: Uint8Array, number: number): Message | null {
  const method = methodLength(head);
  const target = head[method + 1];
  if (method === 0 || target === undefined || isBlank(target) || !isPlausible(head)) return null;
  const headers = headersOf(head);
  return {
    number,
    protocol: 'http-request',
    method: latin1(head, 0, method),
    close: closes(headers, isOld(head, method + 1)),
    expectsContinue: headers.expect !== null && /100-continue/i.test(headers.expect),
    contentLength: contentLength(headers),
    headerLength: headers.length,
  };
}

function response(head: Uint8Array, number: number): Message | null {
  const status = statusOf(head);
  if (status < 0) return null;
  const headers = headersOf(head);
  return {
    number,
    protocol: 'http-response',
    status,
    close: headers.connection !== null && /close/i.test(headers.connection),
    old: head[7] === ZERO && (headers.connection === null || !/keep-alive/i.test(headers.connection)),
    contentLength: contentLength(headers),
    keepAlive: keepAliveTimeout(headers),
    headerLength: headers.length,
  };
}

/** Reads the head of a turn; never throws, whatever the bytes. */
export function readMessage(head: Uint8Array, number: number): Message {
  const first = head[0] ?? 0;
  if (first >= 20 && first <= 23) {
    const record = tls(head, number);
    if (record !== null) return record;
  }
  const answer = response(head, number);
  if (answer !== null) return answer;
  if (holds(head, 0, 'PRI * HTTP/2')) return { number, protocol: 'http2-preface' };
  if (holds(head, 0, 'PROXY ')) return { number, protocol: 'proxy-header', version: 1 };
  if (holds(head, 0, PROXY_V2)) return { number, protocol: 'proxy-header', version: 2 };
  return (
    request(head, number) ?? {
      number,
      protocol: 'other',
      text: head.every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b < 127)),
    }
  );
}
