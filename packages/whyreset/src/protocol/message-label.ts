import type { Message } from './application-message.ts';

/** Characters of a target that a label shows. */
const MOST = 32;

/**
 * The target of the request line up to its query, printable characters only: a query may hold a secret, and a
 * result is pasted into tickets.
 */
function targetOf(head: Uint8Array, from: number): string {
  let target = '';
  for (let i = from; i < head.length && target.length <= MOST; i++) {
    const byte = head[i]!;
    if (byte <= 32 || byte >= 127 || byte === 63) break;
    target += String.fromCharCode(byte);
  }
  return target.length > MOST ? `${target.slice(0, MOST - 1)}…` : target;
}

/** What the first bytes of a turn are, in a few words for a diagram: `POST /orders`, `200`, `TLS alert: unknown_ca`; null where they do not say. */
export function labelMessage(message: Message, head: Uint8Array): string | null {
  switch (message.protocol) {
    case 'http-request':
      return `${message.method} ${targetOf(head, message.method.length + 1)}`.trimEnd();
    case 'http-response':
      return String(message.status);
    case 'http2-preface':
      return 'HTTP/2 preface';
    case 'proxy-header':
      return `PROXY v${message.version}`;
    case 'tls-handshake':
      return message.clientHello ? 'TLS ClientHello' : 'TLS handshake';
    case 'tls-alert':
      return message.level === 'encrypted' ? 'TLS alert' : `TLS alert: ${message.name}`;
    case 'tls-data':
      return 'TLS data';
    case 'other':
      return null;
  }
}
