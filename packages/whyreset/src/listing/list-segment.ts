import type { CaptureSink } from '../wire/reader.ts';
import { Segment } from '../wire/segment.ts';
import type { Member, Route } from './list-flows.ts';
import type { ListedPacket, ListedTcp } from './listed-packet.ts';
import { optionBytes } from './tcp-option-text.ts';

const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;
const HEADER = 20;
const TIMESTAMPS = 8;
const TLS_HANDSHAKE = 22;
const TLS_HEADER = 5;
/** Interfaces told apart; a machine with more has no others to tell. */
const MOST_DEVICES = 1000;

/** The window as sent; -1 when the list does not show it, or shows it multiplied by a scale that is not known. */
function windowOf({ window, scaled, flags }: ListedTcp, { flow, side }: Member): number {
  if (window === null) return -1;
  const own = flow.numbers.halves[side];
  const peer = flow.numbers.halves[side === 0 ? 1 : 0];
  const both = own.scale >= 0 && peer.scale >= 0;
  if (!scaled || ((flags ?? 0) & SYN) !== 0 || !both) return window <= 0xffff ? window : -1;
  const unscaled = window / 2 ** own.scale;
  return Number.isInteger(unscaled) && unscaled <= 0xffff ? unscaled : -1;
}

/** The record length that a ClientHello has when it fills the packet, as it nearly always does. */
function patchTlsLength(payload: Uint8Array, length: number): Uint8Array {
  if (payload[0] !== TLS_HANDSHAKE || payload.length < 6 || payload[3] !== 0 || payload[4] !== 0)
    return payload;
  const record = Math.max(0, length - TLS_HEADER);
  const patched = payload.slice();
  patched[3] = record >> 8;
  patched[4] = record & 0xff;
  return patched;
}

/** Turns packets of a list into segments: the header's bytes are written anew, what was not shown is marked unknown. */
export class ListSegments {
  private readonly segment = new Segment();
  private readonly sink: CaptureSink;
  /** Interfaces named so far; a segment carries the position. */
  private readonly devices: string[] = [];

  constructor(sink: CaptureSink) {
    this.sink = sink;
  }

  /**
   * @param ahead as in `Conversation.read`
   * @param time seconds since the list's epoch
   */
  emit(packet: ListedPacket, member: Member, number: number, time: number): void {
    const s = this.segment;
    const tcp = packet.tcp!;
    const { flow, side } = member;
    const { seq, ack, raw } = flow.numbers.read(side, tcp, flow.shown[side]);
    s.number = number;
    s.time = time;
    s.seq = seq;
    s.ack = ack;
    s.rawNumbers = raw;
    setEnds(s, flow.route, side);
    // A line of an application protocol belongs to a packet with payload, which has ACK set in every open connection.
    s.flags = tcp.flags ?? ACK | PSH;
    s.window = windowOf(tcp, member);
    s.ttl = packet.ttl ?? 0;
    s.ipId = packet.family === 6 ? -1 : (packet.ipId ?? -1);
    s.dontFragment = packet.dontFragment ?? false;
    const [high, low] = macWords(packet.mac);
    s.macHigh = high;
    s.macLow = low;
    s.payloadLength = tcp.length ?? 0;
    this.place(packet, s);
    this.write(tcp, member);
    this.sink.segment(s);
  }

  /** Sets where the packet was captured, as far as the text says. */
  place({ device, direction }: ListedPacket, s: Segment): void {
    s.linkDirection = direction ?? -1;
    s.captureInterface = device === null ? -1 : this.devices.indexOf(device);
    if (device === null || s.captureInterface >= 0) return;
    s.captureInterface = this.devices.length;
    if (this.devices.length < MOST_DEVICES) this.devices.push(device);
  }

  /** Writes header, options and payload into bytes of their own. */
  private write(tcp: ListedTcp, { flow, side }: Member): void {
    const s = this.segment;
    const peer = side === 0 ? 1 : 0;
    const options = optionBytes(tcp.options ?? [], (edge) => flow.numbers.near(peer, edge));
    const payload = patchTlsLength(tcp.payload ?? new Uint8Array(0), s.payloadLength).subarray(
      0,
      s.payloadLength,
    );
    const bytes = new Uint8Array(HEADER + options.length + payload.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, s.sourcePort);
    view.setUint16(2, s.destinationPort);
    view.setUint32(4, s.seq);
    view.setUint32(8, s.ack);
    bytes[12] = ((HEADER + options.length) >> 2) << 4;
    bytes[13] = s.flags;
    view.setUint16(14, Math.max(0, s.window));
    // 0 counts as left to the network card: a checksum that the text does not show is neither right nor wrong.
    view.setUint16(16, tcp.badChecksum ?? 0);
    bytes.set(options, HEADER);
    bytes.set(payload, HEADER + options.length);
    s.bytes = bytes;
    s.tcpOffset = 0;
    s.headerLength = tcp.options === null ? 0 : HEADER + options.length;
    s.tcpCaptured = bytes.length;
    s.payloadOffset = HEADER + options.length;
    s.payloadCaptured = payload.length;
    const stamps = tcp.options?.find(({ kind }) => kind === TIMESTAMPS)?.body ?? [];
    s.tsVal = stamps.length < 8 ? -1 : wordAt(stamps, 0);
    s.tsEcr = stamps.length < 8 ? -1 : wordAt(stamps, 4);
  }
}

function wordAt(bytes: readonly number[], at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function setEnds(s: Segment, route: Route, side: 0 | 1): void {
  const [from, to] = side === 0 ? [route.source, route.destination] : [route.destination, route.source];
  s.family = from.family === 6 || to.family === 6 ? 6 : 4;
  s.source.set(widened(from, s.family));
  s.destination.set(widened(to, s.family));
  s.sourcePort = side === 0 ? route.sourcePort : route.destinationPort;
  s.destinationPort = side === 0 ? route.destinationPort : route.sourcePort;
}

/** A name that stands beside an IPv6 address is one of a host with IPv6: its stand-in is mapped (RFC 4291 §2.5.5.2). */
function widened({ family, words }: Route['source'], wanted: 4 | 6): readonly number[] {
  return family === wanted ? words : [0, 0, 0xffff, words[0]];
}

function macWords(mac: string | null): [number, number] {
  const bytes = mac?.split(':').map((part) => Number.parseInt(part, 16));
  if (bytes?.length !== 6) return [-1, -1];
  return [(bytes[0]! << 8) | bytes[1]!, wordAt(bytes, 2)];
}
