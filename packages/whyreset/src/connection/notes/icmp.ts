import type { IcmpQuote } from '../../wire/segment.ts';
import { ICMP } from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/** An ICMP error about a connection, in the pool of notes. */
const NEXT = 0;
const NUMBER = 1;
const TIME = 2;
const REPORTER = 4;
const TYPE_CODE = 8;
const MTU = 9;
/** Side (0 or 1) whose packet was quoted, and the reporter's family. */
const ABOUT = 10;

/** One connection keeps this many; a router that repeats itself says nothing new. */
const MOST = 4;

export interface NoteRecord {
  number: number;
  time: number;
  family: 4 | 6;
  reporter: Uint32Array;
  type: number;
  code: number;
  mtu: number;
  side: number;
}

/** False when it was not kept. */
export function noteIcmp(live: Live, r: number, q: IcmpQuote, side: number): boolean {
  const rows = live.rows.v;
  let count = 0;
  let last = -1;
  for (let at = rows[r + ICMP]!; at >= 0; at = live.notes.v[at + NEXT]!) {
    last = at;
    count++;
  }
  const at = count < MOST ? live.notes.take() : -1;
  if (at < 0) return false;
  const { v, d } = live.notes;
  v[at + NEXT] = -1;
  v[at + NUMBER] = q.number;
  d[(at + TIME) >> 1] = q.time;
  for (let i = 0; i < 4; i++) v[at + REPORTER + i] = q.reporter[i]!;
  v[at + TYPE_CODE] = (q.type << 8) | q.code;
  v[at + MTU] = q.mtu;
  v[at + ABOUT] = side | (q.family << 4);
  if (last < 0) rows[r + ICMP] = at;
  else v[last + NEXT] = at;
  return true;
}

/** Follows the list from `at`; returns the next offset. */
export function readNote(live: Live, at: number, into: NoteRecord): number {
  const { v, d } = live.notes;
  into.number = v[at + NUMBER]! >>> 0;
  into.time = d[(at + TIME) >> 1]!;
  into.family = v[at + ABOUT]! >> 4 === 6 ? 6 : 4;
  for (let i = 0; i < 4; i++) into.reporter[i] = v[at + REPORTER + i]!;
  into.type = v[at + TYPE_CODE]! >>> 8;
  into.code = v[at + TYPE_CODE]! & 0xff;
  into.mtu = v[at + MTU]! >>> 0;
  into.side = v[at + ABOUT]! & 1;
  return v[at + NEXT]!;
}

export function releaseNotes(live: Live, r: number): void {
  for (let at = live.rows.v[r + ICMP]!; at >= 0; ) {
    const next = live.notes.v[at + NEXT]!;
    live.notes.give(at);
    at = next;
  }
}
