import { be16, beWord } from '../bytes.ts';
import { ipv4 } from '../network/ipv4.ts';
import { ipv6 } from '../network/ipv6.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { ETHER_IPV4, ETHER_IPV6, ETHER_MPLS, ETHER_PPP, ETHER_TEB } from './ether-types.ts';
import { ppp } from './ppp.ts';
import { shim } from './shims.ts';

/** Ethernet II, or 802.3 with LLC/SNAP. */
export function ethernet(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 14) {
    decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
    return;
  }
  const segment = decoder.segment;
  const view = decoder.view;
  segment.macHigh = view.getUint16(at + 6);
  segment.macLow = view.getUint32(at + 8);
  const type = view.getUint16(at + 12);
  if (type === ETHER_IPV4) ipv4(decoder, bytes, at + 14, end, wireEnd);
  else etherType(decoder, type, bytes, at + 14, end, wireEnd);
}

/** What follows an EtherType: IP, or tags and shims that end in IP. Anything else is no TCP and is counted. */
export function etherType(
  decoder: PacketDecoder,
  first: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): void {
  let type = first;
  let at = start;
  // 802.1Q, 802.1ad and the pre-standard QinQ types, stacked in any number.
  while (type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200 || type === 0x9300) {
    if (end - at < 4) {
      shortFrame(decoder);
      return;
    }
    decoder.segment.vlan = be16(bytes, at) & 0x0fff;
    type = be16(bytes, at + 2);
    at += 4;
  }
  if (type === ETHER_IPV4) ipv4(decoder, bytes, at, end, wireEnd);
  else if (type === ETHER_IPV6) ipv6(decoder, bytes, at, end, wireEnd);
  else if (type === ETHER_MPLS || type === 0x8848) mpls(decoder, bytes, at, end, wireEnd);
  else if (type === 0x8864) pppoe(decoder, bytes, at, end, wireEnd);
  else if (type === ETHER_TEB) {
    if (decoder.descend()) ethernet(decoder, bytes, at, end, wireEnd);
  } else if (type === 0x88be || type === 0x22eb) erspan(decoder, type, bytes, at, end, wireEnd);
  else if (type < 0x0600) llc(decoder, bytes, at, end, wireEnd);
  else if (type === ETHER_PPP) {
    if (decoder.descend()) ppp(decoder, bytes, at, end, wireEnd);
  } else if (!shim(decoder, type, bytes, at, end, wireEnd)) decoder.other('EtherType', type);
}

export function shortFrame(decoder: PacketDecoder): void {
  decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
}

/** IEEE 802.2 LLC with a SNAP header (RFC 1042); other LLC users carry no IP. */
export function llc(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  const snap = end - at >= 8 && be16(bytes, at) === 0xaaaa && bytes[at + 2] === 3;
  const type = snap ? be16(bytes, at + 6) : 0;
  if (type >= 0x0600) etherType(decoder, type, bytes, at + 8, end, wireEnd);
  else decoder.other('LLC', 0);
}

/** MPLS label stack (RFC 3032). The payload has no type field: IP by its version, else a pseudowire control word (RFC 4385) before Ethernet. */
export function mpls(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): void {
  let at = start;
  for (;;) {
    if (end - at < 5) {
      decoder.other('EtherType', ETHER_MPLS);
      return;
    }
    const bottom = (bytes[at + 2]! & 1) === 1;
    at += 4;
    if (bottom) break;
  }
  const version = bytes[at]! >> 4;
  if (version === 4 || version === 6) decoder.ip(bytes, at, end, wireEnd);
  else if (version === 0 && decoder.descend()) ethernet(decoder, bytes, at + 4, end, wireEnd);
  else decoder.other('EtherType', ETHER_MPLS);
}

/** A PPPoE session packet (RFC 2516): six bytes, then PPP without its framing. */
export function pppoe(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  // Code 0 is session data; discovery carries no IP.
  if (end - at < 8 || bytes[at + 1] !== 0) {
    decoder.other('EtherType', 0x8863);
    return;
  }
  ppp(decoder, bytes, at + 6, end, wireEnd);
}

/** ERSPAN, a switch's mirror port inside GRE: 8 bytes (type II), or 12 and an optional 8 (type III), then Ethernet. */
function erspan(
  decoder: PacketDecoder,
  type: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 12) {
    decoder.other('IP protocol', 47);
    return;
  }
  if (!decoder.descend()) return;
  if (type === 0x88be) {
    ethernet(decoder, bytes, at + 8, end, wireEnd);
    return;
  }
  const platformHeader = (beWord(bytes, at + 8) & 1) === 1 ? 8 : 0;
  ethernet(decoder, bytes, at + 12 + platformHeader, end, wireEnd);
}
