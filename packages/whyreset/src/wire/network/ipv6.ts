import { be16, be32, beWord } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { transport } from './transport.ts';

/** An IPv6 packet (RFC 8200) with its extension headers. */
export function ipv6(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 40) {
    decoder.warn('short-ip', 'A packet was captured too short for its IP header.');
    return;
  }
  if (bytes[at]! >> 4 !== 6) {
    decoder.warn('malformed-ip', 'An IPv6 header is malformed (version).');
    return;
  }
  const segment = decoder.segment;
  segment.family = 6;
  segment.headerDamaged = false;
  for (let i = 0; i < 4; i++) {
    segment.source[i] = beWord(bytes, at + 8 + 4 * i);
    segment.destination[i] = beWord(bytes, at + 24 + 4 * i);
  }
  segment.trafficClass = (be16(bytes, at) >> 4) & 0xff;
  segment.ipId = -1;
  segment.dontFragment = false;
  segment.ttl = bytes[at + 7]!;
  // Length 0: a jumbogram (RFC 2675) or, far more often, segmentation offload ("BIG TCP").
  const length = be16(bytes, at + 4);
  const payloadEnd = length === 0 ? wireEnd : at + 40 + length;
  extensionHeaders(decoder, bytes[at + 6]!, bytes, at + 40, Math.min(payloadEnd, end), payloadEnd);
}

function extensionHeaders(
  decoder: PacketDecoder,
  first: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  wireEnd: number,
): void {
  let next = first;
  let at = start;
  while (isExtension(next)) {
    if (end - at < 8) {
      decoder.warn('short-ip', 'A packet was captured too short for its IP header.');
      return;
    }
    if (next === 44) {
      const field = be16(bytes, at + 2);
      // An "atomic" fragment (RFC 6946) is whole: offset 0, nothing more to come.
      if ((field & 0xfff9) !== 0) {
        const more = (field & 1) !== 0;
        decoder.fragments.add(
          decoder,
          bytes[at]!,
          be32(bytes, at + 4),
          field & 0xfff8,
          more,
          bytes,
          at + 8,
          end,
          wireEnd,
        );
        return;
      }
    }
    const length = extensionLength(next, bytes[at + 1]!);
    next = bytes[at]!;
    at += length;
  }
  if (at > wireEnd) decoder.warn('malformed-ip', 'IPv6 extension headers are longer than their packet.');
  else transport(decoder, next, bytes, at, end, wireEnd);
}

/** Hop-by-hop, routing, fragment, authentication, destination, mobility, HIP, shim6 (IANA). */
export function isExtension(protocol: number): boolean {
  return (
    protocol === 0 ||
    protocol === 43 ||
    protocol === 44 ||
    protocol === 51 ||
    protocol === 60 ||
    protocol === 135 ||
    protocol === 139 ||
    protocol === 140
  );
}

/** Bytes of an extension header from its length field; the authentication header counts in words (RFC 4302 §2.2). */
export function extensionLength(protocol: number, field: number): number {
  if (protocol === 44) return 8;
  return protocol === 51 ? (field + 2) * 4 : (field + 1) * 8;
}
