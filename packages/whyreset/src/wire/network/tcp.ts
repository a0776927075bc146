import { be32 } from '../bytes.ts';
import type { PacketDecoder } from '../packet-decoder.ts';

/** NOP NOP Timestamps(10): how nearly every stack lays the option out (RFC 7323 appendix A). */
const NOP_NOP_TIMESTAMPS = 0x0101080a;

/** A TCP header (RFC 9293 §3.1): fills the segment and hands it to the sink. */
export function tcp(
  decoder: PacketDecoder,
  bytes: Uint8Array,
  at: number,
  end: number,
  wireEnd: number,
): void {
  if (end - at < 20) {
    decoder.warn('short-tcp', 'A packet was captured too short for its TCP header.');
    return;
  }
  const view = decoder.view;
  const word3 = view.getInt32(at + 12);
  const headerLength = (word3 >>> 26) & 0x3c;
  const payloadLength = wireEnd - at - headerLength;
  if (headerLength < 20 || payloadLength < 0) {
    decoder.warn('malformed-tcp', 'A TCP header length does not fit its packet.');
    return;
  }
  const segment = decoder.segment;
  const ports = view.getInt32(at);
  segment.sourcePort = ports >>> 16;
  segment.destinationPort = ports & 0xffff;
  segment.seq = view.getUint32(at + 4);
  segment.ack = view.getUint32(at + 8);
  segment.flags = (word3 >>> 16) & 0xff;
  segment.window = word3 & 0xffff;
  segment.headerLength = headerLength;
  const optionsEnd = Math.min(at + headerLength, end);
  if (optionsEnd - at >= 32 && view.getInt32(at + 20) === NOP_NOP_TIMESTAMPS) {
    segment.tsVal = view.getUint32(at + 24);
    segment.tsEcr = view.getUint32(at + 28);
  } else {
    segment.tsVal = -1;
    segment.tsEcr = -1;
    if (headerLength >= 30) findTimestamps(decoder, bytes, at + 20, optionsEnd);
  }
  segment.payloadLength = payloadLength;
  segment.payloadOffset = at + headerLength;
  const captured = end - at;
  segment.payloadCaptured = captured > headerLength ? captured - headerLength : 0;
  segment.tcpCaptured = captured;
  segment.tcpOffset = at;
  segment.bytes = bytes;
  decoder.tcpPackets++;
  decoder.sink.segment(segment);
}

function findTimestamps(decoder: PacketDecoder, bytes: Uint8Array, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const kind = bytes[at]!;
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > end) return;
    if (kind === 8 && length === 10) {
      decoder.segment.tsVal = be32(bytes, at + 2);
      decoder.segment.tsEcr = be32(bytes, at + 6);
      return;
    }
    at += length;
  }
}
