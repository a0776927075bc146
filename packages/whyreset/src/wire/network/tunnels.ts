import { be16 } from '../bytes.ts';
import { ETHER_TEB } from '../link/ethernet.ts';
import type { PacketDecoder } from '../packet-decoder.ts';

/** GRE (RFC 2784, keys and sequence numbers of RFC 2890) and NVGRE (RFC 7637), which is GRE with a key. */
export function gre(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 4) return;
  const flags = be16(bytes, at);
  // Version 1 is PPTP; RFC 1701 routing (0x4000) is obsolete and of variable length.
  if ((flags & 0x4007) !== 0) return;
  let header = 4;
  if ((flags & 0x8000) !== 0) header += 4;
  if ((flags & 0x2000) !== 0) header += 4;
  const sequenced = (flags & 0x1000) !== 0;
  if (sequenced) header += 4;
  if (end - at < header) return;
  const type = be16(bytes, at + 2);
  // ERSPAN type I has no sequence number and no header of its own: plain Ethernet.
  const inner = type === 0x88be && !sequenced ? ETHER_TEB : type;
  decoder.tunnelled(inner, bytes, at + header, end, wireEnd);
}

/** VXLAN (RFC 7348; 8472 is what Linux used before 4789 was assigned) and Geneve (RFC 8926), known by the destination port. */
export function udpTunnel(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 16) return;
  const port = be16(bytes, at + 2);
  if (port === 4789 || port === 8472) {
    // Flags: only "VNI valid" (and the group-policy bits of VXLAN-GBP) may be set.
    if ((bytes[at + 8]! & 0x7f) === 0x08) decoder.tunnelled(ETHER_TEB, bytes, at + 16, end, wireEnd);
  } else if (port === 6081) {
    const first = bytes[at + 8]!;
    const header = 8 + 8 + (first & 0x3f) * 4;
    if (first >> 6 === 0 && end - at >= header) {
      decoder.tunnelled(be16(bytes, at + 10), bytes, at + header, end, wireEnd);
    }
  }
}
