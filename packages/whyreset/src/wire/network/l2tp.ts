import { be16 } from '../bytes.ts';
import { ppp } from '../link/ppp.ts';
import type { PacketDecoder } from '../packet-decoder.ts';

/** L2TP version 2 data (RFC 2661 §3.1): PPP behind a header whose fields its flags announce. */
export function l2tp(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): boolean {
  if (end - start < 8) return false;
  const flags = be16(bytes, start);
  const control = (flags & 0x8000) !== 0;
  if (control || (flags & 0x0f) !== 2) return false;
  let at = start + 6;
  if ((flags & 0x4000) !== 0) at += 2;
  if ((flags & 0x0800) !== 0) at += 4;
  if ((flags & 0x0200) !== 0) at += 2 + (end - at >= 2 ? be16(bytes, at) : 0);
  if (at >= end || !decoder.descend()) return false;
  ppp(decoder, bytes, at, end, wireEnd);
  return true;
}
