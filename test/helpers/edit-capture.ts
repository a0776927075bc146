import { CaptureReader } from '../../packages/whyreset/src/wire/capture-reader.ts';
import { checksumVerdict } from '../../packages/whyreset/src/wire/checksum.ts';
import { ACK, type Segment, SYN } from '../../packages/whyreset/src/wire/segment.ts';
import { type CapturedPacket, pcap } from '../../packages/whyreset/src/wire/testing/captures.ts';
import { ethernetFrame } from '../../packages/whyreset/src/wire/testing/packets.ts';

/** One TCP packet of a capture, as a test chooses from it. */
export interface Frame {
  /** The IP packet. */
  bytes: Uint8Array;
  tcpOffset: number;
  time: number;
  /** Addresses and ports as one text that is the same for both directions. */
  connection: string;
  sender: string;
  sourcePort: number;
  destinationPort: number;
  flags: number;
  checksumIsGood: boolean;
  mac: string | undefined;
}

const isSyn = ({ flags }: Frame) => (flags & (SYN | ACK)) === SYN;

function macOf({ macHigh, macLow }: Segment): string | undefined {
  if (macHigh < 0) return undefined;
  const hex = macHigh.toString(16).padStart(4, '0') + (macLow >>> 0).toString(16).padStart(8, '0');
  return hex.match(/../g)!.join(':');
}

function frameOf(s: Segment): Frame {
  const header = s.family === 4 ? 20 : 40;
  const words = s.family === 4 ? 1 : 4;
  const ends = [
    `${s.source.subarray(0, words)}:${s.sourcePort}`,
    `${s.destination.subarray(0, words)}:${s.destinationPort}`,
  ];
  return {
    bytes: s.bytes.slice(s.tcpOffset - header, s.tcpOffset + s.tcpCaptured),
    tcpOffset: header,
    time: s.time,
    connection: ends.toSorted().join(' '),
    sender: ends[0]!,
    sourcePort: s.sourcePort,
    destinationPort: s.destinationPort,
    flags: s.flags,
    checksumIsGood: checksumVerdict(s) === 'good',
    mac: macOf(s),
  };
}

/** The TCP packets of a capture, in order; without IP options, which no capture here has. */
export function framesOf(capture: Uint8Array): Frame[] {
  const frames: Frame[] = [];
  const reader = new CaptureReader({ segment: (s) => frames.push(frameOf(s)) });
  reader.push(capture);
  reader.end();
  return frames;
}

/** A capture of these packets alone. */
export function captureOf(frames: readonly Frame[]): Uint8Array {
  const packets: CapturedPacket[] = frames.map(({ bytes, time, mac }) => {
    const nanoseconds = Math.round(time * 1e9);
    return {
      bytes: ethernetFrame(bytes, mac === undefined ? {} : { from: mac }),
      seconds: 1_700_000_000 + Math.floor(nanoseconds / 1e9),
      nanoseconds: nanoseconds % 1e9,
    };
  });
  return pcap(packets, { nano: true });
}

/** By connection: the endpoint that sent the first SYN. */
export function clientsOf(frames: readonly Frame[]): Map<string, string> {
  const clients = new Map<string, string>();
  for (const frame of frames)
    if (isSyn(frame) && !clients.has(frame.connection)) clients.set(frame.connection, frame.sender);
  return clients;
}

/** Writes another port, the checksum with it (RFC 1624) where it was good. */
function writePort({ bytes, tcpOffset, checksumIsGood }: Frame, at: number, port: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const old = view.getUint16(tcpOffset + at);
  view.setUint16(tcpOffset + at, port);
  if (!checksumIsGood) return;
  let sum = (~view.getUint16(tcpOffset + 16) & 0xffff) + (~old & 0xffff) + port;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(tcpOffset + 16, ~sum & 0xffff);
}

/** The same packets with every server listening on `port`. */
export function renumberServers(frames: readonly Frame[], port: number): Frame[] {
  const clients = clientsOf(frames);
  return frames.map((frame) => {
    const client = clients.get(frame.connection);
    if (client === undefined) return frame;
    const copy = { ...frame, bytes: frame.bytes.slice() };
    writePort(copy, frame.sender === client ? 2 : 0, port);
    return copy;
  });
}

/** The packets without all SYNs and without the first `more` after them of each connection. */
export function cutBeginnings(frames: readonly Frame[], more: number): Frame[] {
  const seen = new Map<string, number>();
  return frames.filter(({ flags, connection }) => {
    if ((flags & SYN) !== 0) return false;
    const count = (seen.get(connection) ?? 0) + 1;
    seen.set(connection, count);
    return count > more;
  });
}
