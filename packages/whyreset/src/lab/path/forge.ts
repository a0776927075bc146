/** TCP flag bits a forger uses. */
export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

export interface ForgedSegment {
  source: Uint8Array;
  destination: Uint8Array;
  sourcePort: number;
  destinationPort: number;
  seq: number;
  ack: number;
  flags: number;
  window: number;
  ttl: number;
  ipId: number;
  dontFragment?: boolean;
  payload?: Uint8Array;
}

/** Internet checksum (RFC 1071) over `bytes`, starting from `sum`. */
export function checksum(bytes: Uint8Array, sum = 0): number {
  let total = sum;
  for (let at = 0; at < bytes.length; at += 2) total += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return ~total & 0xffff;
}

/** The sum of the TCP pseudo header (RFC 9293 §3.1) of an IPv4 packet. */
export function pseudoHeader(source: Uint8Array, destination: Uint8Array, length: number): number {
  let sum = 6 + length;
  for (const address of [source, destination])
    sum += ((address[0]! + address[2]!) << 8) + address[1]! + address[3]!;
  return sum;
}

/** An IPv4 packet with a TCP segment without options: every field is the forger's. */
export function forge(segment: ForgedSegment): Uint8Array {
  const payload = segment.payload ?? new Uint8Array(0);
  const packet = Buffer.alloc(40 + payload.length);
  packet[0] = 0x45;
  packet.writeUInt16BE(packet.length, 2);
  packet.writeUInt16BE(segment.ipId, 4);
  packet.writeUInt16BE(segment.dontFragment === true ? 0x4000 : 0, 6);
  packet[8] = segment.ttl;
  packet[9] = 6;
  packet.set(segment.source, 12);
  packet.set(segment.destination, 16);
  packet.writeUInt16BE(checksum(packet.subarray(0, 20)), 10);
  packet.writeUInt16BE(segment.sourcePort, 20);
  packet.writeUInt16BE(segment.destinationPort, 22);
  packet.writeUInt32BE(segment.seq >>> 0, 24);
  packet.writeUInt32BE(segment.ack >>> 0, 28);
  packet[32] = 0x50;
  packet[33] = segment.flags;
  packet.writeUInt16BE(segment.window, 34);
  packet.set(payload, 40);
  const tcp = packet.subarray(20);
  packet.writeUInt16BE(checksum(tcp, pseudoHeader(segment.source, segment.destination, tcp.length)), 36);
  return packet;
}
