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
