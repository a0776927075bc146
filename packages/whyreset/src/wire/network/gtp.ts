import { be16 } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';

/** Message type of user data (3GPP TS 29.281 §6.1). */
const G_PDU = 255;

/**
 * GTP-U, the user plane of mobile networks (3GPP TS 29.281 §5.1): a header of
 * eight bytes, four more when one of its three flags is set, and extension
 * headers that each name the next.
 */
export function gtpUser(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): boolean {
  if (end - start < 8) return false;
  const flags = bytes[start]!;
  if (flags >> 4 !== 3 || bytes[start + 1] !== G_PDU) return false;
  const until = start + 8 + be16(bytes, start + 2);
  let at = start + 8;
  if ((flags & 7) !== 0) {
    let extension = (flags & 4) !== 0 && end - at >= 4 ? bytes[at + 3]! : 0;
    at += 4;
    while (extension !== 0 && at < end) {
      const length = bytes[at]! * 4;
      if (length === 0 || at + length > end) return false;
      extension = bytes[at + length - 1]!;
      at += length;
    }
  }
  if (at >= end || !decoder.descend()) return false;
  const version = bytes[at]! >> 4;
  // A session of Ethernet type or "unstructured" carries no IP packet here.
  if (version !== 4 && version !== 6) return false;
  decoder.ip(bytes, at, Math.min(end, until), Math.min(wireEnd, until));
  return true;
}
