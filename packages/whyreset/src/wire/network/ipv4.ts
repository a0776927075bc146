import { be16 } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';
import { tcp } from './tcp.ts';
import { transport } from './transport.ts';

/** An IPv4 packet (RFC 791). */
export function ipv4(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 20) {
    decoder.warn('short-ip', 'A packet was captured too short for its IP header.');
    return;
  }
  const view = decoder.view;
  // The whole fixed header in five words: the checksum needs each of them anyway.
  const word0 = view.getInt32(at);
  const word1 = view.getInt32(at + 4);
  const word2 = view.getInt32(at + 8);
  const from = view.getInt32(at + 12);
  const to = view.getInt32(at + 16);
  const headerLength = (word0 >>> 22) & 0x3c;
  let total = word0 & 0xffff;
  // Length 0 is left by segmentation offload: the card was to fill it in for each piece.
  if (total === 0) total = wireEnd - at;
  if (word0 >>> 28 !== 4 || headerLength < 20 || total < headerLength) {
    decoder.warn('malformed-ip', 'An IPv4 header is malformed (version or lengths).');
    return;
  }
  const segment = decoder.segment;
  segment.headerDamaged = false;
  if ((word2 & 0xffff) !== 0) {
    let sum = (word0 >>> 16) + (word0 & 0xffff) + (word1 >>> 16) + (word1 & 0xffff);
    sum += (word2 >>> 16) + (word2 & 0xffff) + (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff);
    if (headerLength > 20) sum += optionSum(bytes, at + 20, at + headerLength, end);
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    // A header cut inside its options cannot be checked.
    if (sum !== 0xffff && at + headerLength <= end) {
      segment.headerDamaged = true;
      if (!decoder.marksDamage) {
        decoder.warn('bad-ip-checksum', 'A packet with a wrong IPv4 header checksum was skipped.');
        return;
      }
    }
  }
  if (segment.family !== 4) {
    segment.family = 4;
    segment.source.fill(0);
    segment.destination.fill(0);
  }
  segment.source[0] = from;
  segment.destination[0] = to;
  segment.trafficClass = (word0 >>> 16) & 0xff;
  segment.ipId = word1 >>> 16;
  segment.dontFragment = (word1 & 0x4000) !== 0;
  segment.ttl = word2 >>> 24;
  const protocol = (word2 >>> 16) & 0xff;
  const payload = at + headerLength;
  const payloadEnd = at + total;
  const captured = Math.min(payloadEnd, end);
  if ((word1 & 0x3fff) !== 0) {
    const offset = (word1 & 0x1fff) << 3;
    decoder.fragments.add(
      decoder,
      protocol,
      word1 >>> 16,
      offset,
      (word1 & 0x2000) !== 0,
      bytes,
      payload,
      captured,
      payloadEnd,
    );
  } else if (protocol === 6) tcp(decoder, bytes, payload, captured, payloadEnd);
  else transport(decoder, protocol, bytes, payload, captured, payloadEnd);
}

function optionSum(bytes: Uint8Array, at: number, headerEnd: number, end: number): number {
  let sum = 0;
  for (let i = at; i < headerEnd && i + 2 <= end; i += 2) sum += be16(bytes, i);
  return sum;
}
