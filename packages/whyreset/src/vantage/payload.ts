import { type Brief, joined } from '../connection/archive/brief.ts';
import type { Connection } from '../connection/connection.ts';

/** Shorter openings are too common to recognise a connection by. */
const LEAST = 16;
/** Of words that are no lines, so many bytes are looked at. */
const MOST = 64;
const LF = 0x0a;
const PROXY_V2 = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

/** Where the first line feed of `bytes[from, to)` stands; `to` when there is none. */
function lineEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== LF) at++;
  return at;
}

/** Where the payload proper begins: a balancer may have put a PROXY header before it (HAProxy's proxy-protocol.txt). */
function afterProxyHeader(bytes: Uint8Array, from: number, to: number): number {
  if (PROXY_V2.every((byte, i) => from + i < to && bytes[from + i] === byte))
    return from + 16 + (bytes[from + 14] ?? 0) * 256 + (bytes[from + 15] ?? 0);
  const text = 'PROXY ';
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return from;
  const line = lineEnd(bytes, from, to);
  return line === to ? from : line + 1;
}

/** Where the words lie that know a connection again, for `openingOf`. */
const opening = { from: 0, to: 0 };

/** Finds them in `bytes[from, to)`; false when too little was seen. */
function findOpening(bytes: Uint8Array, from: number, to: number): boolean {
  opening.from = afterProxyHeader(bytes, from, to);
  const binary = opening.from >= to || bytes[opening.from]! < 0x20;
  const end = Math.min(to, opening.from + MOST);
  const line = binary ? to : lineEnd(bytes, opening.from, to);
  opening.to = line < to ? line : end;
  return opening.to - opening.from >= LEAST;
}

/**
 * What the client said first, without what a proxy adds: an HTTP request up to
 * the end of its first line (a proxy changes the headers), else all that was
 * kept, at most 64 bytes. Null when too little was seen to know it again.
 */
function openingOf(connection: Connection): string | null {
  const head = connection.originator.firstTurn?.head;
  if (head === undefined || !findOpening(head, 0, head.length)) return null;
  let text = '';
  for (let i = opening.from; i < opening.to; i++) text += String.fromCharCode(head[i]!);
  return text;
}

/** The same as a number: equal for equal openings, and seldom for others. Null when too little was seen. */
export function openingHash({ bytes, headFrom, headTo }: Brief): number | null {
  if (headTo === headFrom || !findOpening(bytes, headFrom, headTo)) return null;
  let a = 0x811c9dc5;
  let b = opening.to - opening.from;
  for (let i = opening.from; i < opening.to; i++) {
    // FNV-1a, and a second sum that moves otherwise.
    a = Math.imul(a ^ bytes[i]!, 0x01000193);
    b = (Math.imul(b, 31) + bytes[i]!) | 0;
  }
  return joined(a, b);
}

/** Both connections begin with the same words of the client. */
export function samePayload(one: Connection, two: Connection): boolean {
  const opening = openingOf(one);
  return opening !== null && opening === openingOf(two);
}
