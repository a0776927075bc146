import { be16 } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { etherType, mpls, pppoe } from './ethernet.ts';

/** PPP (RFC 1661), with or without the HDLC address and control bytes, protocol field of one or two bytes. */
export function ppp(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): void {
  let at = start;
  if (end - at >= 2 && bytes[at] === 0xff && bytes[at + 1] === 0x03) at += 2;
  if (end - at < 3) {
    decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
    return;
  }
  // RFC 1661 §6.5: an odd first byte is a compressed protocol field.
  const compressed = (bytes[at]! & 1) === 1;
  const protocol = compressed ? bytes[at]! : be16(bytes, at);
  at += compressed ? 1 : 2;
  if (protocol === 0x0021 || protocol === 0x0057) decoder.ip(bytes, at, end, wireEnd);
  else if (protocol === 0x0281 || protocol === 0x0283) mpls(decoder, bytes, at, end, wireEnd);
  else decoder.other('PPP protocol', protocol);
}

/** PPP in HDLC-like framing (LINKTYPE_PPP_HDLC); Cisco HDLC shares the link type. */
export function pppHdlc(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at >= 4 && (bytes[at] === 0x0f || bytes[at] === 0x8f))
    ciscoHdlc(decoder, bytes, at, end, wireEnd);
  else ppp(decoder, bytes, at, end, wireEnd);
}

/** Cisco HDLC: address, control, EtherType. */
export function ciscoHdlc(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at >= 4) etherType(decoder, be16(bytes, at + 2), bytes, at + 4, end, wireEnd);
}

/** PPP with a direction byte before it (LINKTYPE_PPP_WITHDIR). */
export function pppWithDirection(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end > at) ppp(decoder, bytes, at + 1, end, wireEnd);
}

/** Cisco HDLC with a direction byte before it. */
export function hdlcWithDirection(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end > at) ciscoHdlc(decoder, bytes, at + 1, end, wireEnd);
}

/** PPPoE as a link type of its own (LINKTYPE_PPP_ETHER). */
export { pppoe };
