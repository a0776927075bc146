import { FIRST_HEAD, HEAD_LENGTHS, LAST_HEAD, TURNS } from './layout.ts';
import type { Live } from './live.ts';

/** Marks a handle of the pool of large heads; offsets are even. */
export const LARGE = 1;

/** The pool's bytes and where a head begins in them; the row says how many belong to it. */
export function headBytes(live: Live, handle: number): Uint8Array {
  return (handle & LARGE) !== 0 ? live.largeHeads.b : live.smallHeads.b;
}

export function headOffset(handle: number): number {
  return (handle & ~LARGE) << 2;
}

/** Handle of what a side said first, -1 when nothing of it was kept. */
export function firstHead(v: Int32Array, e: number): number {
  return v[e + TURNS]! > 1 ? v[e + FIRST_HEAD]! : v[e + LAST_HEAD]!;
}

/** Bytes kept of what a side said first. */
export function firstHeadLength(v: Int32Array, e: number): number {
  const lengths = v[e + HEAD_LENGTHS]!;
  return v[e + TURNS]! > 1 ? lengths >>> 16 : lengths & 0xffff;
}
