import { concat } from './packets.ts';

/** One packet of a capture file; a bare `Uint8Array` stands for `{ bytes }`. */
export interface CapturedPacket {
  bytes: Uint8Array;
  /** Seconds and nanoseconds since 1970; default: 2023-11-14T22:13:20Z plus one millisecond per packet. */
  seconds?: number;
  nanoseconds?: number;
  /** Length on the wire when it was more than was captured. */
  originalLength?: number;
  /** pcapng interface; default 0. */
  interfaceId?: number;
}

export type Packets = readonly (Uint8Array | CapturedPacket)[];

export const TEST_EPOCH = 1_700_000_000;

export interface PcapOptions {
  /** Nanosecond magic. */
  nano?: boolean;
  bigEndian?: boolean;
  /** Kuznetzov's 24-byte record headers. */
  modified?: boolean;
  /** LINKTYPE number; default 1, Ethernet. */
  linkType?: number;
  snapLength?: number;
}

class Writer {
  private readonly parts: number[] = [];
  private readonly big: boolean;
  constructor(bigEndian: boolean) {
    this.big = bigEndian;
  }
  u16(value: number): this {
    const bytes = [value & 0xff, (value >>> 8) & 0xff];
    this.parts.push(...(this.big ? bytes.reverse() : bytes));
    return this;
  }
  u32(value: number): this {
    const bytes = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
    this.parts.push(...(this.big ? bytes.reverse() : bytes));
    return this;
  }
  u64(value: bigint): this {
    const high = Number((value >> 32n) & 0xffffffffn);
    const low = Number(value & 0xffffffffn);
    return this.big ? this.u32(high).u32(low) : this.u32(low).u32(high);
  }
  /** Bytes, padded with zeros to a multiple of four. */
  padded(bytes: Uint8Array): this {
    for (const byte of bytes) this.parts.push(byte);
    while (this.parts.length % 4 !== 0) this.parts.push(0);
    return this;
  }
  done(): Uint8Array {
    return Uint8Array.from(this.parts);
  }
}

function withDefaults(packet: Uint8Array | CapturedPacket, index: number): Required<CapturedPacket> {
  const given = packet instanceof Uint8Array ? { bytes: packet } : packet;
  return {
    bytes: given.bytes,
    seconds: given.seconds ?? TEST_EPOCH + Math.floor(index / 1000),
    nanoseconds: given.nanoseconds ?? (given.seconds === undefined ? (index % 1000) * 1_000_000 : 0),
    originalLength: given.originalLength ?? given.bytes.length,
    interfaceId: given.interfaceId ?? 0,
  };
}

/** A pcap file. */
export function pcap(packets: Packets, options: PcapOptions = {}): Uint8Array {
  const { nano = false, bigEndian = false, modified = false, linkType = 1, snapLength = 262_144 } = options;
  const magic = modified ? 0xa1b2cd34 : nano ? 0xa1b23c4d : 0xa1b2c3d4;
  const header = new Writer(bigEndian).u32(magic).u16(2).u16(4).u32(0).u32(0).u32(snapLength).u32(linkType);
  const parts = [header.done()];
  for (const [index, packet] of packets.entries()) {
    const { bytes, seconds, nanoseconds, originalLength } = withDefaults(packet, index);
    const fraction = nano ? nanoseconds : Math.floor(nanoseconds / 1000);
    const record = new Writer(bigEndian).u32(seconds).u32(fraction).u32(bytes.length).u32(originalLength);
    if (modified) record.u32(1).u16(0x0800).u16(0);
    parts.push(record.done(), bytes);
  }
  return concat(...parts);
}

export interface PcapngInterfaceOptions {
  linkType?: number;
  snapLength?: number;
  name?: string;
  /** if_tsresol byte; default absent, which means microseconds. */
  resolution?: number;
  /** if_tsoffset in seconds. */
  offset?: bigint;
}

export interface PcapngOptions {
  bigEndian?: boolean;
  interfaces?: readonly PcapngInterfaceOptions[];
  /** Kind of packet block; default `enhanced`. */
  block?: 'enhanced' | 'simple' | 'obsolete';
}

/** One pcapng block: type, body padded to four, both lengths. */
export function pcapngBlock(type: number, body: Uint8Array, bigEndian = false): Uint8Array {
  const length = 12 + Math.ceil(body.length / 4) * 4;
  return new Writer(bigEndian).u32(type).u32(length).padded(body).u32(length).done();
}

/** One pcapng section; concatenate several for a file of several. */
export function pcapng(packets: Packets, options: PcapngOptions = {}): Uint8Array {
  const { bigEndian = false, interfaces = [{}], block = 'enhanced' } = options;
  const write = () => new Writer(bigEndian);
  const section = write().u32(0x1a2b3c4d).u16(1).u16(0).u64(0xffffffffffffffffn);
  const parts = [pcapngBlock(0x0a0d0d0a, section.done(), bigEndian)];
  for (const description of interfaces) {
    parts.push(pcapngBlock(1, interfaceBody(description, write()), bigEndian));
  }
  for (const [index, packet] of packets.entries()) {
    const full = withDefaults(packet, index);
    const { bytes, originalLength, interfaceId } = full;
    if (block === 'simple') {
      parts.push(pcapngBlock(3, write().u32(originalLength).padded(bytes).done(), bigEndian));
      continue;
    }
    const body = block === 'enhanced' ? write().u32(interfaceId) : write().u16(interfaceId).u16(0);
    const ticks = ticksOf(full, interfaces[interfaceId] ?? {});
    body.u32(Number((ticks >> 32n) & 0xffffffffn)).u32(Number(ticks & 0xffffffffn));
    body.u32(bytes.length).u32(originalLength).padded(bytes);
    parts.push(pcapngBlock(block === 'enhanced' ? 6 : 2, body.done(), bigEndian));
  }
  return concat(...parts);
}

function interfaceBody(description: PcapngInterfaceOptions, body: Writer): Uint8Array {
  const { linkType = 1, snapLength = 0, name, resolution, offset } = description;
  body.u16(linkType).u16(0).u32(snapLength);
  if (name !== undefined) {
    const bytes = new TextEncoder().encode(name);
    body.u16(2).u16(bytes.length).padded(bytes);
  }
  if (resolution !== undefined) body.u16(9).u16(1).padded(Uint8Array.of(resolution));
  if (offset !== undefined) body.u16(14).u16(8).u64(offset);
  return body.u16(0).u16(0).done();
}

function ticksOf(packet: Required<CapturedPacket>, description: PcapngInterfaceOptions): bigint {
  const { resolution = 6, offset = 0n } = description;
  const exponent = BigInt(resolution & 0x7f);
  const perSecond = resolution & 0x80 ? 2n ** exponent : 10n ** exponent;
  const nanoseconds = (BigInt(packet.seconds) - offset) * 1_000_000_000n + BigInt(packet.nanoseconds);
  return (nanoseconds * perSecond) / 1_000_000_000n;
}
