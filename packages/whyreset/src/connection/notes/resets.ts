import type { Segment } from '../../wire/segment.ts';
import { tcpOptions } from '../../wire/tcp-options.ts';
import { RESET } from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/** The record of a side's first RST. */
const NUMBER = 0;
const SEQ = 1;
const TIME = 2;
const MAC = 4;
const LENGTH = 5;
const PAYLOAD = 6;
/** RFC 9293 §3.5.2 lets a RST carry text; more than this is of no use to anyone. */
export const MAX_RESET_PAYLOAD = 256;
/** MP_TCPRST: 0 without, else the reason above a set bit, and bit 1 for "transient". */
const MPTCP = PAYLOAD + MAX_RESET_PAYLOAD / 4;

export interface ResetRecord {
  number: number;
  /** Raw number, the RST's own. */
  seq: number;
  time: number;
  mac: number;
  /** Offset and length of the payload in `live.resets.b`. */
  payloadAt: number;
  payloadLength: number;
  /** As in `MPTCP`. */
  mptcp: number;
}

/** Subtype of MP_FASTCLOSE, and its mark in `MPTCP`: the transient bit without the first bit. */
const FASTCLOSE_SUBTYPE = 7;
export const FAST_CLOSE = 2;

/** Keeps the first RST of side `e`. */
export function noteReset(live: Live, e: number, s: Segment): void {
  const rows = live.rows.v;
  if (rows[e + RESET]! >= 0) return;
  const at = live.resets.take();
  if (at < 0) return;
  rows[e + RESET] = at;
  const { v, d, b } = live.resets;
  v[at + NUMBER] = s.number;
  v[at + SEQ] = s.seq;
  d[(at + TIME) >> 1] = s.time;
  v[at + MAC] = live.links.intern(s.macHigh, s.macLow);
  const length = Math.min(s.payloadCaptured, s.payloadLength, MAX_RESET_PAYLOAD);
  v[at + LENGTH] = length;
  const to = (at + PAYLOAD) << 2;
  for (let i = 0; i < length; i++) b[to + i] = s.bytes[s.payloadOffset + i]!;
  const options = s.headerLength > 20 ? tcpOptions(s) : null;
  const mptcp = options?.mptcpReset ?? null;
  const without = options?.mptcp === FASTCLOSE_SUBTYPE ? FAST_CLOSE : 0;
  v[at + MPTCP] = mptcp === null ? without : (mptcp.reason << 2) | (mptcp.transient ? 2 : 0) | 1;
}

export function readReset(live: Live, at: number, into: ResetRecord): void {
  const { v, d } = live.resets;
  into.number = v[at + NUMBER]! >>> 0;
  into.seq = v[at + SEQ]! >>> 0;
  into.time = d[(at + TIME) >> 1]!;
  into.mac = v[at + MAC]!;
  into.payloadAt = (at + PAYLOAD) << 2;
  into.payloadLength = v[at + LENGTH]!;
  into.mptcp = v[at + MPTCP]!;
}

export function releaseReset(live: Live, e: number): void {
  const at = live.rows.v[e + RESET]!;
  if (at >= 0) live.resets.give(at);
}
