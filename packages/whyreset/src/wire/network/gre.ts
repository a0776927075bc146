import { be16 } from '../bytes.ts';
import { ETHER_IPV4, ETHER_TEB } from '../link/ether-types.ts';
import { ethernet } from '../link/ethernet.ts';
import { ppp } from '../link/ppp.ts';
import { looksLikeData, wifi } from '../link/wifi.ts';
import type { PacketDecoder } from '../packet-decoder.ts';

/** MikroTik's Ethernet over IP: these flags and this type, then length and tunnel number. */
const EOIP = 0x2001_6400;
const PPTP = 0x880b;
const WCCP = 0x883e;
const ERSPAN = 0x88be;

/**
 * GRE (RFC 2784, keys and sequence numbers of RFC 2890) with what vendors made of it:
 * NVGRE (RFC 7637), ERSPAN, PPTP (RFC 2637), WCCP, EoIP, Aruba.
 */
export function gre(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 8) {
    decoder.other('IP protocol', 47);
    return;
  }
  const flags = be16(bytes, at);
  const type = be16(bytes, at + 2);
  if (flags * 0x10000 + type === EOIP) {
    if (decoder.descend()) ethernet(decoder, bytes, at + 8, end, wireEnd);
    return;
  }
  const version = flags & 7;
  // RFC 1701 routing (0x4000) is obsolete and of variable length.
  if (version > 1 || (flags & 0x4000) !== 0 || (version === 1 && type !== PPTP)) {
    decoder.other('IP protocol', 47);
    return;
  }
  let header = 4;
  if ((flags & 0x8000) !== 0) header += 4;
  if ((flags & 0x2000) !== 0) header += 4;
  const sequenced = (flags & 0x1000) !== 0;
  if (sequenced) header += 4;
  // RFC 2637 §4.1: an acknowledgement number, and packets that hold nothing else.
  if (version === 1 && (flags & 0x0080) !== 0) header += 4;
  const inner = at + header;
  if (end <= inner) decoder.other('GRE type', version === 1 ? 0 : type);
  else if (version === 1) {
    if (decoder.descend()) ppp(decoder, bytes, inner, end, wireEnd);
  } else inside(decoder, type, sequenced, bytes, inner, end, wireEnd);
}

function inside(
  decoder: PacketDecoder,
  type: number,
  sequenced: boolean,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  // ERSPAN type I has no sequence number and no header of its own: plain Ethernet.
  if (type === ERSPAN && !sequenced) decoder.tunnelled(ETHER_TEB, bytes, at, end, wireEnd);
  else if (type === WCCP) {
    // Version 2 puts a redirect header of four bytes before the packet, version 1 nothing.
    decoder.tunnelled(ETHER_IPV4, bytes, bytes[at]! >> 4 === 4 ? at : at + 4, end, wireEnd);
  } else if ((type >= 0x8200 && type <= 0x8370) || type === 0x9000)
    aruba(decoder, type, bytes, at, end, wireEnd);
  else if (type < 0x0600 || type === 0x2000 || type === 0x2001 || type === 0x8881 || type >= 0xb000)
    decoder.other('GRE type', type);
  else decoder.tunnelled(type, bytes, at, end, wireEnd);
}

/** Between Aruba's access points and controllers (types of Wireshark's packet-gre.h): an 802.11 frame without checksum, or Ethernet. */
function aruba(
  decoder: PacketDecoder,
  type: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  const etherType = end - at >= 14 ? be16(bytes, at + 12) : 0;
  const isEthernet = etherType === 0x0800 || etherType === 0x86dd || etherType === 0x8100;
  if (!decoder.descend()) return;
  if (looksLikeData(bytes, at, end)) wifi(decoder, bytes, at, end, wireEnd);
  else if (isEthernet) ethernet(decoder, bytes, at, end, wireEnd);
  else decoder.other('GRE type', type);
}
