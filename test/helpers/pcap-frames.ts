import { be16, be32, le32 } from '../../packages/whyreset/src/wire/bytes.ts';
import { type CapturedPacket, pcap } from '../../packages/whyreset/src/wire/testing/captures.ts';

/** The records of a classic pcap file, and how it is to be written again. */
export interface Frames {
  linkType: number;
  packets: Required<CapturedPacket>[];
}

/** Reads a little-endian pcap file, of microseconds or nanoseconds, without the reader under test. */
export function framesOf(file: Uint8Array): Frames {
  const nano = le32(file, 0) === 0xa1b23c4d;
  const packets: Required<CapturedPacket>[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = le32(file, at + 8);
    packets.push({
      seconds: le32(file, at),
      nanoseconds: le32(file, at + 4) * (nano ? 1 : 1000),
      originalLength: le32(file, at + 12),
      bytes: file.slice(at + 16, at + 16 + length),
      interfaceId: 0,
    });
    at += 16 + length;
  }
  return { linkType: le32(file, 20), packets };
}

export function fileOf({ linkType, packets }: Frames): Uint8Array {
  return pcap(packets, { linkType, nano: true });
}

/** The same file with each frame edited in place. */
export function editFrames(file: Uint8Array, edit: (frame: Uint8Array) => void): Uint8Array {
  const frames = framesOf(file);
  for (const { bytes } of frames.packets) edit(bytes);
  return fileOf(frames);
}

/** Moves a packet in time. */
export function later(packet: Required<CapturedPacket>, nanoseconds: number): Required<CapturedPacket> {
  const total = packet.nanoseconds + nanoseconds;
  return {
    ...packet,
    seconds: packet.seconds + Math.floor(total / 1e9),
    nanoseconds: ((total % 1e9) + 1e9) % 1e9,
  };
}

/** Where the IPv4 header of an Ethernet frame begins; -1 when it holds none. */
export function ipv4At(frame: Uint8Array): number {
  return be16(frame, 12) === 0x0800 ? 14 : -1;
}

/** Where the TCP header of an Ethernet frame with IPv4 begins; -1 when it holds none. */
export function tcpAt(frame: Uint8Array): number {
  const ip = ipv4At(frame);
  return ip < 0 || frame[ip + 9] !== 6 ? -1 : ip + (frame[ip]! & 15) * 4;
}

/** Writes the IPv4 header checksum anew. */
export function sumHeader(frame: Uint8Array): void {
  const at = ipv4At(frame);
  if (at < 0) return;
  frame[at + 10] = 0;
  frame[at + 11] = 0;
  let sum = 0;
  for (let i = 0; i < (frame[at]! & 15) * 4; i += 2) sum += be16(frame, at + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame[at + 10] = (~sum >>> 8) & 0xff;
  frame[at + 11] = ~sum & 0xff;
}

/** The frame as a router sends it on: TTL one lower, link-layer addresses of its own. */
export function forwarded(frame: Uint8Array): Uint8Array {
  const copy = frame.slice();
  const at = ipv4At(copy);
  copy.set([2, 0xee, 0, 0, 0, 2, 2, 0xee, 0, 0, 0, 1]);
  if (at >= 0) {
    copy[at + 8] = copy[at + 8]! - 1;
    sumHeader(copy);
  } else if (be16(copy, 12) === 0x86dd) copy[21] = copy[21]! - 1;
  return copy;
}

/** Sequence number of the TCP segment in a frame, for tests that look for one. */
export const seqOf = (frame: Uint8Array) => be32(frame, tcpAt(frame) + 4);

/** The frame with another last byte where an address of IPv4 ends in `from`; checksums with it (RFC 1624), good or not. */
export function readdressed(frame: Uint8Array, from: number, to: number): Uint8Array {
  const copy = frame.slice();
  const ip = ipv4At(copy);
  const tcp = tcpAt(copy);
  for (const at of [ip + 15, ip + 19]) {
    if (copy[at] !== from) continue;
    const old = be16(copy, at - 1);
    copy[at] = to;
    if (tcp < 0) continue;
    let sum = (~be16(copy, tcp + 16) & 0xffff) + (~old & 0xffff) + be16(copy, at - 1);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    copy[tcp + 16] = (~sum >>> 8) & 0xff;
    copy[tcp + 17] = ~sum & 0xff;
  }
  sumHeader(copy);
  return copy;
}
