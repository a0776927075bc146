import { seqDifference } from '../../wire/sequence.ts';
import {
  ACK_KNOWN,
  ACKED,
  HANDSHAKE_RTT,
  MIN_RTT,
  RTT_OF_SYN,
  RTT_PENDING,
  RTT_SEQ,
  RTT_TIME,
  SENT,
  SENT_KNOWN,
  STATE,
  TTL,
  UNANSWERED,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/*
 * What was sent and what was acknowledged, as it stood on the wire; beside
 * Zeek's numbers, which a RST may move and which stop at a close.
 */

/** Side `e` sent up to `end`. True when that is new */
export function noteSent(live: Live, e: number, p: number, end: number, syn: boolean): boolean {
  const { v, d } = live.rows;
  const state = v[e + STATE]!;
  if ((state & SENT_KNOWN) !== 0 && seqDifference(end, v[e + SENT]!) <= 0) {
    // Karn's rule (RFC 6298 §3): after a repetition nobody knows which copy is being acknowledged.
    if (seqDifference(end, v[p + RTT_SEQ]!) <= 0) v[p + STATE] = v[p + STATE]! & ~RTT_PENDING;
    return false;
  }
  v[e + SENT] = end;
  v[e + STATE] = state | SENT_KNOWN;
  if ((v[p + STATE]! & RTT_PENDING) === 0) {
    v[p + RTT_SEQ] = end;
    d[(p + RTT_TIME) >> 1] = live.now;
    v[p + STATE] = (v[p + STATE]! & ~RTT_OF_SYN) | RTT_PENDING | (syn ? RTT_OF_SYN : 0);
  }
  return true;
}

/** Side `e` acknowledged side `p` up to `ack` in a segment that is no RST. */
export function noteAck(live: Live, r: number, e: number, p: number, ack: number): void {
  const v = live.rows.v;
  if ((v[p + STATE]! & ACK_KNOWN) === 0 || seqDifference(ack, v[p + ACKED]!) > 0) {
    v[p + ACKED] = ack;
    v[p + STATE] = v[p + STATE]! | ACK_KNOWN;
    v[p + UNANSWERED] = 0;
  }
  if ((v[e + STATE]! & RTT_PENDING) !== 0 && seqDifference(ack, v[e + RTT_SEQ]!) >= 0) takeRtt(live, r, e);
}

/** What side `e` was measured by has been acknowledged now. */
function takeRtt(live: Live, r: number, e: number): void {
  const { v, d, f } = live.rows;
  const state = v[e + STATE]!;
  v[e + STATE] = state & ~RTT_PENDING;
  const rtt = live.now - d[(e + RTT_TIME) >> 1]!;
  if (rtt < 0) return;
  if (f[e + MIN_RTT]! < 0 || rtt < f[e + MIN_RTT]!) f[e + MIN_RTT] = rtt;
  if ((state & RTT_OF_SYN) !== 0 && f[r + HANDSHAKE_RTT]! < 0) f[r + HANDSHAKE_RTT] = rtt;
}

/** Widens the range of TTLs seen from side `e`; 0 is unknown. */
export function noteTtl(live: Live, e: number, ttl: number): void {
  if (ttl === 0) return;
  const v = live.rows.v;
  const both = v[e + TTL]!;
  const least = both & 0xff;
  const most = both >> 8;
  if (both !== 0 && ttl >= least && ttl <= most) return;
  v[e + TTL] = ((both === 0 || ttl > most ? ttl : most) << 8) | (both === 0 || ttl < least ? ttl : least);
}
