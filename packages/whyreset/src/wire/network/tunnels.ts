import { be16, beWord } from '../bytes.ts';
import { ETHER_IPV4, ETHER_IPV6, ETHER_NSH, ETHER_TEB } from '../link/ether-types.ts';
import { ethernet, mpls } from '../link/ethernet.ts';
import { wifi } from '../link/wifi.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { gre } from './gre.ts';
import { gtpUser } from './gtp.ts';
import { l2tp } from './l2tp.ts';
import { tzsp } from './tzsp.ts';

/**
 * Reads a UDP payload, `bytes[at..end)`, as a tunnel's.
 *
 * @returns false when it is none: the port is used for something else, or for the tunnel's control messages
 */
export type UdpTunnel = (
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
) => boolean;

const vxlan: UdpTunnel = (decoder, bytes, at, end, wireEnd) => {
  // RFC 7348: only "VNI valid" (and the group-policy bits of VXLAN-GBP) may be set.
  if (end - at < 8 || (bytes[at]! & 0x7f) !== 0x08) return false;
  decoder.tunnelled(ETHER_TEB, bytes, at + 8, end, wireEnd);
  return true;
};

/** Next protocols of VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe §3.2). */
const GPE_TYPES: Readonly<Record<number, number>> = {
  1: ETHER_IPV4,
  2: ETHER_IPV6,
  3: ETHER_TEB,
  4: ETHER_NSH,
};

const vxlanGpe: UdpTunnel = (decoder, bytes, at, end, wireEnd) => {
  if (end - at < 8 || (bytes[at]! & 0x0c) !== 0x0c) return vxlan(decoder, bytes, at, end, wireEnd);
  const type = GPE_TYPES[bytes[at + 3]!];
  if (type !== undefined) decoder.tunnelled(type, bytes, at + 8, end, wireEnd);
  return type !== undefined;
};

/** Geneve (RFC 8926). */
const geneve: UdpTunnel = (decoder, bytes, at, end, wireEnd) => {
  if (end - at < 8) return false;
  const header = 8 + (bytes[at]! & 0x3f) * 4;
  if (bytes[at]! >> 6 !== 0 || end - at < header) return false;
  decoder.tunnelled(be16(bytes, at + 2), bytes, at + header, end, wireEnd);
  return true;
};

/** MPLS in UDP (RFC 7510). */
const mplsInUdp: UdpTunnel = (decoder, bytes, at, end, wireEnd) => {
  if (decoder.descend()) mpls(decoder, bytes, at, end, wireEnd);
  return true;
};

/** GRE in UDP (RFC 8086). */
const greInUdp: UdpTunnel = (decoder, bytes, at, end, wireEnd) => {
  gre(decoder, bytes, at, end, wireEnd);
  return true;
};

/** Teredo (RFC 4380 §5.1.1): IPv6, perhaps behind an authentication or origin header. */
const teredo: UdpTunnel = (decoder, bytes, start, end, wireEnd) => {
  let at = start;
  if (end - at >= 13 && be16(bytes, at) === 1) at += 13 + bytes[at + 2]! + bytes[at + 3]!;
  if (end - at >= 8 && be16(bytes, at) === 0) at += 8;
  if (end - at < 40 || bytes[at]! >> 4 !== 6) return false;
  decoder.tunnelled(ETHER_IPV6, bytes, at, end, wireEnd);
  return true;
};

/** LISP data (RFC 9300 §5.1): eight bytes, then IP. */
const lisp: UdpTunnel = (decoder, bytes, at, end, wireEnd) => {
  if (end - at < 28) return false;
  const version = bytes[at + 8]! >> 4;
  if (version !== 4 && version !== 6) return false;
  decoder.tunnelled(version === 4 ? ETHER_IPV4 : ETHER_IPV6, bytes, at + 8, end, wireEnd);
  return true;
};

/** CAPWAP data (RFC 5415 §4.3): a header of its own length, then an Ethernet or, by its T bit, an 802.11 frame. */
const capwap: UdpTunnel = (decoder, bytes, at, end, wireEnd) => {
  // Type 1 is DTLS, and a fragment cannot be read alone.
  if (end - at < 8 || (bytes[at]! & 0x0f) !== 0) return false;
  const word = beWord(bytes, at);
  const header = ((word >>> 19) & 0x1f) * 4;
  const fragment = (word & 0x80) !== 0;
  const keepAlive = (word & 0x08) !== 0;
  if (header < 8 || end - at < header || fragment || keepAlive || !decoder.descend()) return false;
  const layer = (word & 0x100) !== 0 ? wifi : ethernet;
  layer(decoder, bytes, at + header, end, wireEnd);
  return true;
};

/** By destination port (IANA; 8472 is what Linux used for VXLAN before 4789 was assigned). */
const UDP_TUNNELS: Readonly<Record<number, UdpTunnel>> = {
  1701: l2tp,
  2152: gtpUser,
  3544: teredo,
  4341: lisp,
  4754: greInUdp,
  4789: vxlan,
  4790: vxlanGpe,
  5247: capwap,
  6081: geneve,
  6635: mplsInUdp,
  8472: vxlan,
  37008: tzsp,
};

/** Tunnels whose answers come from the port, and go to any. */
const BOTH_WAYS: readonly number[] = [1701, 3544, 5247];

/** A UDP datagram (RFC 768): a tunnel, or something without TCP inside. */
export function udp(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 8) {
    decoder.warn('short-ip', 'A packet was captured too short for its IP header.');
    return;
  }
  const source = be16(bytes, at);
  const destination = be16(bytes, at + 2);
  const port = UDP_TUNNELS[destination] === undefined && BOTH_WAYS.includes(source) ? source : destination;
  const tunnel = UDP_TUNNELS[port];
  if (tunnel?.(decoder, bytes, at + 8, end, wireEnd) === true) return;
  decoder.contents.addUdp(source, destination, decoder.recordOffset);
}
