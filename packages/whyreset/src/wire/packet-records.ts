import { be16, be32, le16, le32 } from './bytes.ts';
import { CaptureReader } from './capture-reader.ts';
import { PacketDecoder } from './packet-decoder.ts';
import { isPcap, PCAP_HEADER } from './pcap-file.ts';
import type { WrittenInterface } from './pcapng-writer.ts';
import type { CaptureInfo, CaptureSink } from './reader.ts';
import type { WarningLog } from './warnings.ts';

/** One packet record, whole and as it was captured. */
export interface PacketRecord {
  /** Frame number in the input, as `CaptureReader` counts. */
  number: number;
  /** Seconds since 1970. */
  seconds: number;
  /** Index among the interfaces told so far. */
  interfaceId: number;
  ticksHigh: number;
  ticksLow: number;
  wireLength: number;
  /** A copy. */
  data: Uint8Array;
  /** Comments that it had already. */
  comments: string[];
  flags: number | null;
}

export interface RecordSink {
  interface(described: WrittenInterface): void;
  packet(record: PacketRecord): void;
}

const NOTHING: CaptureSink = { segment: () => {} };
const OBSOLETE_PACKET = 2;
const ENHANCED_PACKET = 6;
const NANOSECONDS = 0xa1b23c4d;
/** Bytes of a text option that are kept. */
const MOST_TEXT = 65_535;

interface TextOptions {
  u16(bytes: Uint8Array, at: number): number;
  each(code: number, value: Uint8Array): void;
}

function eachOption(bytes: Uint8Array, at: number, end: number, { u16, each }: TextOptions): void {
  for (let option = at; end - option >= 4; ) {
    const code = u16(bytes, option);
    const length = u16(bytes, option + 2);
    if (code === 0 || option + 4 + length > end) return;
    each(code, bytes.subarray(option + 4, option + 4 + length));
    option += 4 + ((length + 3) & ~3);
  }
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes.subarray(0, MOST_TEXT));

/** In the place of the decoder: takes each frame as it stands, with what its record says of it. */
class WholeRecords extends PacketDecoder {
  info: CaptureInfo | null = null;
  /** How the records of a pcap file stand in it; null for pcapng. */
  classic: { recordHeader: number; little: boolean } | null = null;
  private readonly told: RecordSink;
  private little = true;
  /** Resolutions of all interfaces told, and where those of the current section begin. */
  private readonly resolutions: number[] = [];
  private first = 0;

  constructor(told: RecordSink, warnings: WarningLog) {
    super(NOTHING, warnings, {});
    this.told = told;
  }

  describe(described: WrittenInterface): void {
    this.resolutions.push(described.resolution);
    this.told.interface(described);
  }

  override section(little: boolean): void {
    this.little = little;
    this.first = this.resolutions.length;
  }

  override interface(bytes: Uint8Array, at: number, end: number): void {
    const { little } = this;
    const described: WrittenInterface = {
      linkNumber: (little ? le16 : be16)(bytes, at),
      snapLength: (little ? le32 : be32)(bytes, at + 4),
      name: '',
      description: '',
      resolution: 6,
      offset: 0n,
    };
    eachOption(bytes, at + 8, end, {
      u16: little ? le16 : be16,
      each(code, value) {
        if (code === 2) described.name = text(value);
        else if (code === 3) described.description = text(value);
        else if (code === 9 && value.length === 1) described.resolution = value[0]!;
        else if (code === 14 && value.length === 8)
          described.offset = new DataView(value.buffer, value.byteOffset, 8).getBigInt64(0, little);
      },
    });
    this.describe(described);
  }

  override frame(_link: unknown, bytes: Uint8Array, at: number, end: number, wireLength: number): void {
    const { number, time } = this.segment;
    const record: PacketRecord = {
      number,
      seconds: (this.info?.epochSeconds ?? 0) + time,
      interfaceId: this.first,
      ticksHigh: 0,
      ticksLow: 0,
      wireLength,
      data: bytes.slice(at, end),
      comments: [],
      flags: null,
    };
    if (this.classic !== null || !this.block(bytes, at, end, record)) this.clock(bytes, at, record);
    this.told.packet(record);
  }

  /** What the packet block around `bytes[at..end)` says; false when it has no time of its own. */
  private block(bytes: Uint8Array, at: number, end: number, record: PacketRecord): boolean {
    const u32 = this.little ? le32 : be32;
    const u16 = this.little ? le16 : be16;
    const start = at - 28;
    if (start < 0) return false;
    const type = u32(bytes, start);
    const after = start + u32(bytes, start + 4) - 4;
    const whole = after >= end && after + 4 <= bytes.length && u32(bytes, after) === u32(bytes, start + 4);
    if ((type !== ENHANCED_PACKET && type !== OBSOLETE_PACKET) || !whole || u32(bytes, at - 8) !== end - at)
      return false;
    record.interfaceId += type === ENHANCED_PACKET ? u32(bytes, start + 8) : u16(bytes, start + 8);
    record.ticksHigh = u32(bytes, start + 12);
    record.ticksLow = u32(bytes, start + 16);
    eachOption(bytes, at + ((end - at + 3) & ~3), after, {
      u16,
      each(code, value) {
        if (code === 1) record.comments.push(text(value));
        else if (code === 2 && value.length === 4) record.flags = u32(value, 0);
      },
    });
    return true;
  }

  /** The ticks of a record that keeps its time otherwise: exactly for pcap, as well as known for blocks without one. */
  private clock(bytes: Uint8Array, at: number, record: PacketRecord): void {
    const exponent = this.resolutions[record.interfaceId] ?? 6;
    let ticks: bigint;
    if (this.classic !== null) {
      const { recordHeader, little } = this.classic;
      const u32 = little ? le32 : be32;
      const perSecond = 10n ** BigInt(exponent);
      ticks = BigInt(u32(bytes, at - recordHeader)) * perSecond + BigInt(u32(bytes, at - recordHeader + 4));
    } else {
      const perSecond = (exponent & 0x80) !== 0 ? 2 ** (exponent & 0x7f) : 10 ** exponent;
      ticks = BigInt(Math.max(0, Math.round(record.seconds * perSecond)));
    }
    record.ticksHigh = Number((ticks >> 32n) & 0xffffffffn);
    record.ticksLow = Number(ticks & 0xffffffffn);
  }
}

/**
 * Reads a capture record by record, as `CaptureReader` does and with the same
 * frame numbers, and hands each on whole.
 */
export class PacketRecords {
  private readonly reader: CaptureReader;
  private records: WholeRecords | null = null;
  private head = new Uint8Array(0);

  constructor(sink: RecordSink) {
    this.reader = new CaptureReader(NOTHING, {}, (warnings) => {
      this.records = new WholeRecords(sink, warnings);
      return this.records;
    });
    this.records!.info = this.reader.info;
  }

  /** @throws NotACaptureError as `CaptureReader` */
  push(chunk: Uint8Array): void {
    if (this.head.length < PCAP_HEADER) this.begin(chunk);
    this.reader.push(chunk);
  }

  end(): void {
    this.reader.end();
  }

  /** The header of a pcap file stands for the one interface it has. */
  private begin(chunk: Uint8Array): void {
    const head = new Uint8Array(Math.min(PCAP_HEADER, this.head.length + chunk.length));
    head.set(this.head);
    head.set(chunk.subarray(0, head.length - this.head.length), this.head.length);
    this.head = head;
    if (head.length < PCAP_HEADER || !isPcap(head)) return;
    const little = head[0] !== 0xa1;
    const u32 = little ? le32 : be32;
    const magic = u32(head, 0);
    const resolution = magic === NANOSECONDS ? 9 : 6;
    const records = this.records!;
    records.classic = { recordHeader: magic === 0xa1b2cd34 ? 24 : 16, little };
    records.describe({
      linkNumber: u32(head, 20) & 0xffff,
      snapLength: u32(head, 16),
      name: '',
      description: '',
      resolution,
      offset: 0n,
    });
  }
}
