import type { Segment } from '../../wire/segment.ts';
import { OPTIONS, STATE, SYN_SEEN, TIMESTAMPS } from '../store/layout.ts';

/** What a SYN offers; overwritten by each `readSynOptions`. */
const synOptions = { mss: 0, scale: -1 };

/** MSS and window scale of a SYN (RFC 9293 §3.2, RFC 7323 §2), as far as captured and well formed. */
function readSynOptions(s: Segment): void {
  synOptions.mss = 0;
  synOptions.scale = -1;
  const { bytes, tcpOffset } = s;
  const end = tcpOffset + Math.min(s.headerLength, s.tcpCaptured);
  for (let at = tcpOffset + 20; at < end; ) {
    const kind = bytes[at]!;
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    if (at + 1 >= end) return;
    const length = bytes[at + 1]!;
    if (length < 2 || at + length > end) return;
    if (kind === 2 && length >= 4) synOptions.mss = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    // RFC 7323 §2.3: a shift above 14 counts as 14.
    if (kind === 3 && length >= 3) synOptions.scale = Math.min(14, bytes[at + 2]!);
    at += length;
  }
}

/** Notes that side `e` opened, and what it offers in its SYN. */
export function noteOptions(v: Int32Array, e: number, s: Segment): void {
  readSynOptions(s);
  v[e + OPTIONS] = synOptions.mss | ((synOptions.scale + 1) << 16);
  v[e + STATE] = v[e + STATE]! | SYN_SEEN | (s.tsVal >= 0 ? TIMESTAMPS : 0);
}
