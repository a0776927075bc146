import { isSettings } from './http2-frames.ts';

/** What the first bytes of a side are, as far as ports are told apart by it. */
export const PROTOCOLS = ['tls', 'http1', 'http2', 'other'] as const;
export type SpokenProtocol = (typeof PROTOCOLS)[number];

function begins(b: Uint8Array, at: number, length: number, text: string): boolean {
  if (length < text.length) return false;
  for (let i = 0; i < text.length; i++) if (b[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The first bytes of a client are a PROXY header, version 1 or 2 (HAProxy doc/proxy-protocol.txt). */
export function isProxyHeader(b: Uint8Array, at: number, length: number): boolean {
  return begins(b, at, length, 'PROXY ') || begins(b, at, length, '\r\n\r\n\0\r\nQUIT\n');
}

/**
 * The protocol in which a server answered, where its answer accepts what the client began with: a TLS handshake, a
 * status that is no complaint about the request itself, SETTINGS. Index into `PROTOCOLS`; -1 when it said nothing,
 * or complained. Asked of every finished connection, so it makes no objects.
 */
export function acceptedProtocol(b: Uint8Array, at: number, length: number): number {
  if (length < 3) return -1;
  if (b[at]! >= 20 && b[at]! <= 23 && b[at + 1] === 3) return b[at] === 22 ? 0 : -1;
  if (begins(b, at, length, 'HTTP/1.')) {
    const refuses = b[at + 9] === 0x34 && b[at + 10] === 0x30 && b[at + 11] === 0x30;
    return length < 12 || refuses ? -1 : 1;
  }
  return isSettings(b, at, length) ? 2 : 3;
}
