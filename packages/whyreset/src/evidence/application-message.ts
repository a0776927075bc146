/** What the first bytes of a turn are, as far as they say so themselves. */
export type Message = { number: number } & (
  | {
      protocol: 'http-request';
      method: string;
      target: string;
      expectsContinue: boolean;
      contentLength: number;
      headerLength: number;
    }
  | {
      protocol: 'http-response';
      status: number;
      /** `Connection: close` was announced. */
      close: boolean;
      /** Seconds of a `Keep-Alive: timeout=` hint, -1 without. */
      keepAlive: number;
      /** `Content-Length`, -1 without. */
      contentLength: number;
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

function ascii(head: Uint8Array): string {
  let text = '';
  for (const byte of head) text += String.fromCharCode(byte);
  return text;
}

function header(text: string, name: string): string | null {
  const start = text.toLowerCase().indexOf(`\r\n${name}:`);
  if (start < 0) return null;
  const from = start + name.length + 3;
  const end = text.indexOf('\r\n', from);
  return end < 0 ? null : text.slice(from, end).trim();
}

function contentLength(text: string): number {
  const value = header(text, 'content-length');
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : -1;
}

function headerLength(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  return end < 0 ? -1 : end + 4;
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

const REQUEST = /^([A-Z]{3,16}) (\S{1,200})/;
const RESPONSE = /^HTTP\/1\.[01] (\d{3})/;
const PROXY_V2 = '\r\n\r\n\0\r\nQUIT\n';

/** Reads the head of a turn; never throws, whatever the bytes. */
export function readMessage(head: Uint8Array, number: number): Message {
  const first = head[0] ?? 0;
  if (first >= 20 && first <= 23) {
    const record = tls(head, number);
    if (record !== null) return record;
  }
  const text = ascii(head);
  const response = RESPONSE.exec(text);
  if (response !== null) {
    const hint = /timeout=(\d{1,9})/.exec(header(text, 'keep-alive') ?? '');
    return {
      number,
      protocol: 'http-response',
      status: Number(response[1]),
      close: /close/i.test(header(text, 'connection') ?? ''),
      keepAlive: hint === null ? -1 : Number(hint[1]),
      contentLength: contentLength(text),
      headerLength: headerLength(text),
    };
  }
  if (text.startsWith('PRI * HTTP/2')) return { number, protocol: 'http2-preface' };
  if (text.startsWith('PROXY ')) return { number, protocol: 'proxy-header', version: 1 };
  if (text.startsWith(PROXY_V2)) return { number, protocol: 'proxy-header', version: 2 };
  const request = REQUEST.exec(text);
  if (request !== null && (text.includes(' HTTP/1') || head.length < 64 || !text.includes('\n'))) {
    return {
      number,
      protocol: 'http-request',
      method: request[1]!,
      target: request[2]!,
      expectsContinue: /100-continue/i.test(header(text, 'expect') ?? ''),
      contentLength: contentLength(text),
      headerLength: headerLength(text),
    };
  }
  return {
    number,
    protocol: 'other',
    text: head.every((b) => b === 9 || b === 10 || b === 13 || (b >= 32 && b < 127)),
  };
}
