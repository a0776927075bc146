import { checksum, pseudoHeader } from './forge.ts';

/** What a bad box on the path does to the segments that pass; see the scenarios that use it. */
export type Meddling =
  /** The server's sequence numbers are shifted on the way, and acknowledgements shifted back; SACK blocks are forgotten. */
  | { kind: 'shift-sequence'; by: number }
  /** The client's timestamps go back by so many ticks, as when another host takes over its address. */
  | { kind: 'timestamps-back'; by: number };

const TIMESTAMPS = 8;

/** Offset of an option of the kind in a TCP header, -1 when it is not there. */
function optionAt(tcp: Buffer, kind: number): number {
  const end = (tcp[12]! >> 4) * 4;
  for (let at = 20; at < end; ) {
    const found = tcp[at]!;
    if (found === kind) return at;
    if (found === 0) return -1;
    at += found === 1 ? 1 : Math.max(2, tcp[at + 1]!);
  }
  return -1;
}

const moved = (tcp: Buffer, at: number, by: number) =>
  tcp.writeUInt32BE((tcp.readUInt32BE(at) + by) >>> 0, at);

/** The frame as it leaves the box; frames without IPv4 and TCP pass untouched. */
export function meddle(frame: Uint8Array, fromServer: boolean, meddling: Meddling): Uint8Array {
  const bytes = Buffer.from(frame);
  if (bytes.readUInt16BE(12) !== 0x0800 || bytes[23] !== 6) return frame;
  const ip = 14;
  const tcp = bytes.subarray(ip + (bytes[ip]! & 15) * 4, ip + bytes.readUInt16BE(ip + 2));
  if (meddling.kind === 'shift-sequence')
    moved(tcp, fromServer ? 4 : 8, fromServer ? meddling.by : -meddling.by);
  else {
    const at = fromServer ? -1 : optionAt(tcp, TIMESTAMPS);
    if (at < 0) return frame;
    moved(tcp, at + 2, -meddling.by);
  }
  tcp.writeUInt16BE(0, 16);
  const sum = pseudoHeader(bytes.subarray(ip + 12, ip + 16), bytes.subarray(ip + 16, ip + 20), tcp.length);
  tcp.writeUInt16BE(checksum(tcp, sum), 16);
  return bytes;
}
