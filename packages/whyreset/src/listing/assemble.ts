import type { ReaderOptions } from '../wire/framing.ts';
import { rawIp } from '../wire/link/cooked.ts';
import { PacketDecoder } from '../wire/packet-decoder.ts';
import type { CaptureSink } from '../wire/reader.ts';
import type { IcmpQuote, Segment } from '../wire/segment.ts';
import type { WarningLog } from '../wire/warnings.ts';
import { Attribution } from './attribution.ts';
import type { ListClock } from './list-clock.ts';
import { ListFlows, type Member, membersUpTo } from './list-flows.ts';
import { ListNames } from './list-names.ts';
import { ListSegments } from './list-segment.ts';
import type { ListedPacket } from './listed-packet.ts';

const SYN = 0x02;
const ACK = 0x10;
/** A list that goes back further than this was not put out of order by two queues of one network card, seconds. */
const BACKWARDS = 0.5;

/** What a list came to beside its packets. */
export interface Assembled {
  clock: ListClock;
  names: ListNames;
  tcpPackets: number;
  /** Packets carry the list's own numbers; else those of their lines. */
  ownNumbers: boolean;
  /** Packets were left out. */
  incomplete: boolean;
}

/** The packets of a list carry numbers, and these rise from one to the next. */
function hasOwnNumbers(packets: readonly ListedPacket[]): boolean {
  return packets.every(({ number }, i) => number !== null && (i === 0 || number > packets[i - 1]!.number!));
}

/** Ports that stand in the text as numbers: no name may be given one of them. */
function portsOf(packets: readonly ListedPacket[]): Set<number> {
  const ports = new Set<number>();
  for (const { source, destination } of packets)
    for (const { port } of [source, destination])
      if (port !== null && /^\d{1,5}$/.test(port)) ports.add(Number(port));
  return ports;
}

/** The packets of a list → segments, in the order of the list. */
export class Assembly {
  private readonly packets: readonly ListedPacket[];
  private readonly warnings: WarningLog;
  /** Names that the text has instead of addresses and ports; complete once the list is known. */
  readonly names: ListNames;
  private readonly flows: ListFlows;
  private readonly members: (Member | null)[];
  private readonly sink: CaptureSink;
  private tcpPackets = 0;
  /** The segment that the decoder of dumped bytes handed on, for the numbers of its connection. */
  private decoded: Segment | null = null;
  /** The packet whose dumped bytes are being decoded. */
  private dumped: ListedPacket | null = null;
  private readonly segments: ListSegments;
  private readonly decoder: PacketDecoder;

  constructor(
    packets: readonly ListedPacket[],
    sink: CaptureSink,
    warnings: WarningLog,
    options: ReaderOptions,
  ) {
    this.packets = packets;
    this.sink = sink;
    this.segments = new ListSegments(sink);
    this.warnings = warnings;
    this.names = new ListNames(portsOf(packets));
    this.flows = new ListFlows(this.names);
    this.members = packets.map((packet, at) => this.member(packet, at));
    const relay: CaptureSink = {
      segment: (segment) => {
        if (this.dumped !== null) this.segments.place(this.dumped, segment);
        this.decoded = segment;
        this.tcpPackets++;
        sink.segment(segment);
      },
      icmp: (quote) => sink.icmp?.(quote),
    };
    this.decoder = new PacketDecoder(relay, warnings, options);
  }

  run(clock: ListClock): Assembled {
    const { packets, members } = this;
    const ownNumbers = hasOwnNumbers(packets);
    this.warnOfUnclear(new Attribution(packets, this.flows, members).settle());
    const end = this.firstRepeated(clock);
    for (let at = 0; at < end; at++) {
      const packet = packets[at]!;
      const number = ownNumbers ? packet.number! : packet.line;
      const member = members[at] ?? null;
      if (packet.bytes !== null) this.decode(packet, packet.bytes, member, number, clock.times[at]!);
      else if (packet.icmp !== null) this.icmp(packet, at, number, clock.times[at]!);
      else if (packet.tcp !== null && member !== null) {
        this.segments.emit(packet, member, number, clock.times[at]!);
        this.tcpPackets++;
      }
    }
    return {
      clock,
      names: this.names,
      tcpPackets: this.tcpPackets,
      ownNumbers,
      incomplete: this.warnings.list.length > 0,
    };
  }

  private member(packet: ListedPacket, at: number): Member | null {
    if (packet.tcp === null || packet.source.port === null) return null;
    const route = this.flows.route(packet);
    if (route !== null) return this.flows.add(at, packet, route);
    this.warnings.add(
      'unread-address',
      `An address or a port of a packet cannot be read (the first on line ${packet.line}).`,
    );
    return null;
  }

  private warnOfUnclear(positions: readonly number[]): void {
    const unclear = positions
      .map((at) => this.packets[at]!)
      // Bytes tell everything; and a protocol between hosts without a TCP connection in the list is no loss.
      .filter(
        ({ bytes, source, destination }) =>
          bytes === null && this.flows.between(source.host, destination.host).length > 0,
      );
    if (unclear.length > 0)
      this.warnings.list.push({
        code: 'unattributed-packet',
        message: `A line of an application protocol shows no ports and may belong to several connections, or to one that has ended (the first is line ${unclear[0]!.line}): it was left out. Add the columns of both ports, or give the capture itself.`,
        count: unclear.length,
      });
  }

  /** Bytes that a dump shows hold everything. */
  private decode(
    packet: ListedPacket,
    bytes: Uint8Array,
    member: Member | null,
    number: number,
    time: number,
  ): void {
    const { decoder } = this;
    this.decoded = null;
    this.dumped = packet;
    decoder.segment.number = number;
    decoder.segment.time = time;
    decoder.use(bytes);
    decoder.frame(rawIp, bytes, 0, bytes.length, wireLength(bytes));
    const s = this.decoded as Segment | null;
    if (s !== null && member !== null)
      member.flow.numbers.readRaw(member.side, s.seq, s.ack, s.flags, s.payloadLength);
  }

  private icmp(packet: ListedPacket, at: number, number: number, time: number): void {
    const { icmp } = packet;
    const reporter = this.names.address(packet.source.host);
    if (icmp === null || reporter === null) return;
    const quoted = icmp.quoted;
    const route =
      quoted === null
        ? this.complainedAbout(packet, at)
        : this.flows.route({ ...packet, source: quoted.source, destination: quoted.destination });
    if (route === null) {
      this.warnings.add(
        'unattributed-icmp',
        `An ICMP error does not show which connection it is about (the first on line ${packet.line}).`,
      );
      return;
    }
    const quote: IcmpQuote = {
      number,
      time,
      family: route.source.family,
      reporter: Uint32Array.from(reporter.words),
      type: icmp.type,
      code: icmp.code,
      mtu: icmp.mtu,
      source: Uint32Array.from(route.source.words),
      destination: Uint32Array.from(route.destination.words),
      sourcePort: route.sourcePort,
      destinationPort: route.destinationPort,
      seq: quoted?.seq ?? 0,
    };
    this.sink.icmp?.(quote);
  }

  /** The connection in which the receiver of an ICMP error sent last, to its reporter or (a router reports) to any host. */
  private complainedAbout({ source, destination, icmp }: ListedPacket, at: number) {
    const port = icmp!.port === null ? null : this.names.port(icmp!.port);
    const direct = this.flows.between(destination.host, source.host);
    const candidates = direct.length > 0 ? direct : this.flows.of(destination.host);
    let latest = -1;
    let found: Member | null = null;
    for (const { flow, side } of candidates) {
      const { sourcePort, destinationPort } = flow.route;
      if (port !== null && (side === 0 ? destinationPort : sourcePort) !== port) continue;
      let i = membersUpTo(flow, at) - 1;
      while (i >= 0 && this.members[flow.members[i]!]?.side !== side) i--;
      const last = flow.members[i] ?? -1;
      if (last > latest) {
        latest = last;
        found = { flow, side };
      }
    }
    if (found === null) return null;
    const { source: a, destination: b, sourcePort, destinationPort } = found.flow.route;
    return found.side === 0
      ? found.flow.route
      : { source: b, destination: a, sourcePort: destinationPort, destinationPort: sourcePort };
  }

  /**
   * Where a second list of the same packets begins, as when both ends' lists stand in one text: read on, its packets
   * would be repetitions. The end of the list when there is none.
   */
  private firstRepeated({ times, kind }: ListClock): number {
    const { packets, members } = this;
    const seen = new Set<string>();
    let latest = Number.NEGATIVE_INFINITY;
    for (const [at, { tcp, number, line }] of packets.entries()) {
      const member = members[at] ?? null;
      const before = packets[at - 1]?.number ?? null;
      if (tcp !== null && member !== null && tcp.flags !== null && tcp.seq !== null) {
        const { route } = member.flow;
        const key = `${route.source.words} ${route.sourcePort} ${route.destination.words} ${route.destinationPort} ${member.side} ${tcp.flags} ${tcp.seq} ${tcp.ack} ${tcp.length} ${tcp.options?.find((o) => o.kind === 8)?.body}`;
        const back =
          (kind !== 'none' && times[at]! < latest - BACKWARDS) ||
          (before !== null && (number ?? before) < before);
        const restarted =
          (tcp.flags & (SYN | ACK)) === SYN &&
          member.flow.members[0] !== at &&
          !tcp.portsReused &&
          at - member.flow.members[0]! > 2;
        if (seen.has(key) && (back || (restarted && hasEnded(packets, member, at)))) {
          this.warnings.add(
            'second-list',
            `The text holds a second list of the same packets, from line ${line} on: only the first was read. Give the second one as a file of its own.`,
          );
          return at;
        }
        seen.add(key);
      }
      latest = Math.max(latest, times[at]!);
    }
    return packets.length;
  }
}

/** The connection was reset or closed by one side before this position. */
function hasEnded(packets: readonly ListedPacket[], { flow }: Member, at: number): boolean {
  return flow.members.some((i) => i < at && ((packets[i]!.tcp?.flags ?? 0) & 0x05) !== 0);
}

/** Length of the packet on the wire by its own header; a dump may show less. */
function wireLength(bytes: Uint8Array): number {
  const total = bytes[0]! >> 4 === 6 ? 40 + ((bytes[4]! << 8) | bytes[5]!) : (bytes[2]! << 8) | bytes[3]!;
  return Math.max(total, bytes.length);
}
