import { be16, be32, le16, leWord } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { ethernet, etherType, llc } from './ethernet.ts';
import type { LinkLayer } from './link-types.ts';
import { wifi } from './wifi.ts';

/*
 * Link types that put a header of their own before a frame or packet
 * (tcpdump.org/linktypes). All decode one frame as `LinkLayer` says.
 */

/** OpenBSD's encapsulating interface `enc0`: family, SPI, flags, then the IP packet as IPsec saw it. */
export const enc: LinkLayer = (decoder, bytes, at, end, wireEnd) => {
  if (end - at > 12) decoder.ip(bytes, at + 12, end, wireEnd);
};

/** The BSDs' packet filter log: a header that tells its own length, padded to four bytes. */
export const pflog: LinkLayer = (decoder, bytes, at, end, wireEnd) => {
  const header = ((bytes[at] ?? 0) + 3) & ~3;
  if (header >= 45 && end - at > header) decoder.ip(bytes, at + header, end, wireEnd);
  else decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
};

/** Per-Packet Information before an 802.11 frame (AirPcap): little-endian length and inner link type. */
export const ppi: LinkLayer = (decoder, bytes, at, end, wireEnd) => {
  const length = end - at >= 8 ? le16(bytes, at + 2) : 0;
  const inner = end - at >= 8 ? leWord(bytes, at + 4) : -1;
  const layer = inner === 105 ? wifi : inner === 1 ? ethernet : null;
  if (layer === null || length < 8 || length >= end - at)
    decoder.warn(
      'short-frame',
      'A PPI header does not fit its frame, or names a link type that is not read.',
    );
  else layer(decoder, bytes, at + length, end, wireEnd);
};

/** Frame Relay (RFC 2427): an address of two bytes, UI, and NLPID or SNAP; Cisco puts an EtherType there. */
export const frameRelay: LinkLayer = (decoder, bytes, at, end, wireEnd) => {
  if (end - at < 5) {
    decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
    return;
  }
  if (bytes[at + 2] !== 0x03) {
    etherType(decoder, be16(bytes, at + 2), bytes, at + 4, end, wireEnd);
    return;
  }
  const padded = bytes[at + 3] === 0 ? 1 : 0;
  const protocol = bytes[at + 3 + padded]!;
  const inner = at + 4 + padded;
  if (protocol === 0xcc || protocol === 0x8e) decoder.ip(bytes, inner, end, wireEnd);
  else if (protocol === 0x80 && end - inner > 5)
    etherType(decoder, be16(bytes, inner + 3), bytes, inner + 5, end, wireEnd);
  else decoder.other('LLC', 0);
};

/** RFC 2684 over ATM: LLC and SNAP. */
export const atm: LinkLayer = (decoder, bytes, at, end, wireEnd) => llc(decoder, bytes, at, end, wireEnd);

/** SunATM: four bytes of direction and circuit; low bits 2 are LLC. */
export const sunAtm: LinkLayer = (decoder, bytes, at, end, wireEnd) => {
  if (end - at > 4 && (bytes[at]! & 0x0f) === 2) llc(decoder, bytes, at + 4, end, wireEnd);
  else decoder.other('LLC', 0);
};

/** Token Ring and FDDI: addresses, then LLC; a routing field where the source address announces one. */
export const tokenRing: LinkLayer = (decoder, bytes, at, end, wireEnd) => {
  if (end - at < 16) {
    decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
    return;
  }
  const routed = (bytes[at + 8]! & 0x80) !== 0 ? bytes[at + 14]! & 0x1f : 0;
  address(decoder, bytes, at + 8);
  llc(decoder, bytes, at + 14 + routed, end, wireEnd);
};

/** FDDI: frame control, addresses, LLC. */
export const fddi: LinkLayer = (decoder, bytes, at, end, wireEnd) => {
  if (end - at < 13) {
    decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
    return;
  }
  address(decoder, bytes, at + 7);
  llc(decoder, bytes, at + 13, end, wireEnd);
};

/** A frame behind a header of fixed length. */
function behind(length: number, inner: LinkLayer): LinkLayer {
  return (decoder, bytes, at, end, wireEnd) => {
    if (end - at > length) inner(decoder, bytes, at + length, end, wireEnd);
    else decoder.warn('short-frame', 'A frame is shorter than its link-layer header.');
  };
}

/** Hilscher netANALYZER: four bytes before an Ethernet frame. */
export const netAnalyzer = behind(4, ethernet);
/** IEEE 802.3br: preamble and start bytes, which are eight, before an Ethernet frame. */
export const mPacket = behind(8, ethernet);
/** Solaris and illumos `ipnet`: 24 bytes, then the IP packet. */
export const ipNet = behind(24, (decoder, bytes, at, end, wireEnd) => decoder.ip(bytes, at, end, wireEnd));

function address(decoder: PacketDecoder, bytes: Uint8Array, at: number): void {
  decoder.segment.macHigh = be16(bytes, at) & 0x7fff;
  decoder.segment.macLow = be32(bytes, at + 2);
}
