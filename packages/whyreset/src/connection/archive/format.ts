import type { Connection } from '../connection.ts';

/* What `pack.ts` writes and `unpack.ts` reads: words of a fixed list by their place, and flags. */

export const STATES = [
  'S0',
  'S1',
  'SF',
  'REJ',
  'S2',
  'S3',
  'RSTO',
  'RSTR',
  'RSTOS0',
  'RSTRH',
  'SH',
  'SHR',
  'OTH',
] as const;
export const ENDS = ['closed', 'timeout', 'end-of-input', 'reused', 'evicted'] as const;
export type Ended = Connection['ended'];

/** Flags of an archived connection. */
export const P_IPV6 = 1;
export const P_ORIGINATOR_IS_1 = 2;
export const P_SAW_HANDSHAKE = 4;
export const P_PREDECESSOR = 8;
/** Flags of an archived side. */
export const P_SYN = 1;
export const P_FIN = 2;
export const P_RST = 4;
export const P_TIMESTAMPS = 8;
export const P_SENT = 16;
export const P_ACKED = 32;
/** Flags of an archived packet. */
export const P_FROM_1 = 1;
export const P_DONT_FRAGMENT = 2;
export const P_AGAIN = 4;
export const P_PROBE = 8;
export const P_TS = 16;
export const P_NO_ID = 32;
export const P_NO_WINDOW = 64;
export const P_NO_RAW_NUMBERS = 128;
/** Beside a header length, which is a multiple of four below 64. */
export const P_COPIED = 1;
export const P_DIRECTION_SHIFT = 6;

/** Times are whole nanoseconds from the connection's start. */
export function nanoseconds(time: number, start: number): number {
  return Math.round((time - start) * 1e9);
}
