import type { Connection } from '../connection/connection.ts';

/** Shorter openings are too common to recognise a connection by. */
const LEAST = 16;
const LF = 0x0a;
const PROXY_V2 = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

/** Where the payload proper begins: a balancer may have put a PROXY header before it (HAProxy's proxy-protocol.txt). */
function afterProxyHeader(head: Uint8Array): number {
  if (PROXY_V2.every((byte, i) => head[i] === byte)) return 16 + (head[14] ?? 0) * 256 + (head[15] ?? 0);
  const text = 'PROXY ';
  for (let i = 0; i < text.length; i++) if (head[i] !== text.charCodeAt(i)) return 0;
  return head.indexOf(LF) + 1;
}

/**
 * What the client said first, without what a proxy adds: an HTTP request up to
 * the end of its first line (a proxy changes the headers), else all that was
 * kept, at most 64 bytes. Null when too little was seen to know it again.
 */
export function openingOf(connection: Connection): string | null {
  const head = connection.originator.firstTurn?.head;
  if (head === undefined) return null;
  const from = afterProxyHeader(head);
  const line = head.indexOf(LF, from);
  const binary = head[from] === undefined || head[from] < 0x20;
  const to = Math.min(head.length, !binary && line >= 0 ? line : from + 64);
  if (to - from < LEAST) return null;
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(head[i]!);
  return text;
}

/** Both connections begin with the same words of the client. */
export function samePayload(one: Connection, two: Connection): boolean {
  const opening = openingOf(one);
  return opening !== null && opening === openingOf(two);
}
