import type { ChecksumVerdict, Segment } from './segment.ts';

/** Bytes summed between folds: keeps the sum within 31 bits. */
const BLOCK = 32_768;
/** The view on the bytes of the latest segment, kept because all segments of a chunk share them. */
let view: DataView = new DataView(new ArrayBuffer(0));

/**
 * What the TCP checksum says (RFC 9293 §3.1).
 *
 * A capture on the sending host sees segments before the network card has
 * finished them: the field then holds the sum of the pseudo-header alone,
 * not complemented, with or without the length (Linux leaves it so for
 * CHECKSUM_PARTIAL, include/linux/skbuff.h), or zero. That is `offloaded`.
 * `unverifiable` when the snap length cut the segment.
 */
export function checksumVerdict(segment: Segment): ChecksumVerdict {
  const { bytes, tcpOffset } = segment;
  const length = segment.headerLength + segment.payloadLength;
  const addresses = sumAddresses(segment);
  const field = (bytes[tcpOffset + 16]! << 8) | bytes[tcpOffset + 17]!;
  const whole = segment.tcpCaptured >= length;
  if (whole && fold(addresses + 6 + halves(length) + sumBytes(bytes, tcpOffset, length)) === 0xffff)
    return 'good';
  const partial = fold(addresses + 6 + halves(length));
  if (field === 0 || field === partial || field === fold(addresses + 6)) return 'offloaded';
  return whole ? 'bad' : 'unverifiable';
}

function sumAddresses(segment: Segment): number {
  let sum = 0;
  for (let i = 0; i < 4; i++) sum += halves(segment.source[i]!) + halves(segment.destination[i]!);
  return sum;
}

function sumBytes(bytes: Uint8Array, start: number, length: number): number {
  if (
    view.buffer !== bytes.buffer ||
    view.byteOffset !== bytes.byteOffset ||
    view.byteLength !== bytes.length
  ) {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const end = start + length;
  let sum = 0;
  let at = start;
  while (end - at >= 4) {
    const blockEnd = Math.min(at + BLOCK, end - 3);
    for (; at < blockEnd; at += 4) {
      const word = view.getInt32(at);
      sum += (word >>> 16) + (word & 0xffff);
    }
    sum = fold(sum);
  }
  if (end - at >= 2) {
    sum += view.getUint16(at);
    at += 2;
  }
  // An odd last byte is padded with a zero to its right.
  return at < end ? sum + (bytes[at]! << 8) : sum;
}

function halves(word: number): number {
  return (word >>> 16) + (word & 0xffff);
}

/** Ones' complement: carries are added back in. */
function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
