import { be32, le32 } from './bytes.ts';
import {
  DEFAULT_RESYNC_BYTES,
  effectiveSnapLength,
  type Framing,
  type ReaderOptions,
  recordLimit,
  SEARCH_WINDOW,
} from './framing.ts';
import type { PacketDecoder } from './packet-decoder.ts';
import { type PcapngInterface, readInterface } from './pcapng-interface.ts';
import type { CaptureInfo } from './reader.ts';
import type { WarningLog } from './warnings.ts';

const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** A block that is not read is skipped unseen when it is larger than a packet may be, up to this. */
const MAX_SKIPPED = 64 * 1024 * 1024;
/** Interfaces of one section that are kept; `-i any` on a large host has some hundreds. */
const MAX_INTERFACES = 65_536;
/** Interface names listed in `info`. */
const MAX_LISTED = 256;

/** True when the first twelve bytes are a Section Header Block's, in either byte order. */
export function isPcapng(head: Uint8Array): boolean {
  return be32(head, 0) === SECTION && (le32(head, 8) === BYTE_ORDER || be32(head, 8) === BYTE_ORDER);
}

/** Smallest whole block of a type that is read: 12 for type and lengths, and its fixed fields; 0 for other types. */
function leastLength(type: number): number {
  switch (type) {
    case ENHANCED_PACKET:
    case OBSOLETE_PACKET:
      return 32;
    case SIMPLE_PACKET:
      return 16;
    case INTERFACE:
      return 20;
    case SECTION:
      return 28;
    default:
      return 0;
  }
}

/** pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each with its length before and after. */
export class PcapngFile implements Framing {
  need = 12;
  skip = 0;
  private readonly decoder: PacketDecoder;
  private readonly info: CaptureInfo;
  private readonly warnings: WarningLog;
  private readonly options: ReaderOptions;
  private limit: number;
  private readonly maxResync: number;
  private little = true;
  private interfaces: PcapngInterface[] = [];
  /** Interfaces of the sections before: each section counts its own from 0. */
  private interfacesBefore = 0;
  private begun = false;
  private lastTime = 0;
  private lostAt = -1;

  constructor(decoder: PacketDecoder, info: CaptureInfo, warnings: WarningLog, options: ReaderOptions) {
    this.decoder = decoder;
    this.info = info;
    this.warnings = warnings;
    this.options = options;
    this.limit = recordLimit(options, 0);
    this.maxResync = options.maxResyncBytes ?? DEFAULT_RESYNC_BYTES;
    // A file that goes on with a capture counts from the epoch of the first.
    this.begun = info.packets > 0;
    info.format = 'pcapng';
  }

  read(bytes: Uint8Array, start: number, end: number, base: number, last: boolean): number {
    const { decoder } = this;
    decoder.use(bytes);
    const view = decoder.view;
    let at = start;
    for (;;) {
      if (this.lostAt >= 0) {
        at = this.findBlock(bytes, at, end, base, last);
        if (this.lostAt >= 0 || this.skip > 0) return at;
      }
      if (end - at < 12) {
        this.need = 12;
        return at;
      }
      const type = view.getUint32(at, this.little);
      if (type === SECTION) this.byteOrder(bytes, at);
      const length = view.getUint32(at + 4, this.little);
      const least = leastLength(type);
      const longest = least > 0 ? this.limit : MAX_SKIPPED;
      if (length < 12 || length < least || (length & 3) !== 0 || length > longest) {
        this.lostAt = base + at++;
        continue;
      }
      if (length > this.limit) {
        this.skip = length;
        return at;
      }
      const next = at + length;
      if (next > end) {
        this.need = length;
        return at;
      }
      if (view.getUint32(next - 4, this.little) !== length) {
        this.lostAt = base + at++;
        continue;
      }
      this.decoder.recordOffset = base + at;
      this.block(type, bytes, at, next - 4);
      at = next;
    }
  }

  /** A section's own byte order stands behind its length; the type reads the same in both. */
  private byteOrder(bytes: Uint8Array, at: number): void {
    if (le32(bytes, at + 8) === BYTE_ORDER) this.little = true;
    else if (be32(bytes, at + 8) === BYTE_ORDER) this.little = false;
  }

  /** One whole block; `end` is where its trailing length stands. */
  private block(type: number, bytes: Uint8Array, at: number, end: number): void {
    switch (type) {
      case ENHANCED_PACKET:
      case OBSOLETE_PACKET:
        this.packet(type, bytes, at, end);
        break;
      case SIMPLE_PACKET:
        this.simplePacket(bytes, at, end);
        break;
      case INTERFACE:
        this.interface(bytes, at, end);
        break;
      case SECTION:
        this.interfacesBefore += this.interfaces.length;
        this.interfaces = [];
        this.decoder.section(this.little);
        break;
    }
  }

  private packet(type: number, bytes: Uint8Array, at: number, end: number): void {
    const { little } = this;
    const { segment, view } = this.decoder;
    const enhanced = type === ENHANCED_PACKET;
    const interfaceId = enhanced ? view.getUint32(at + 8, little) : view.getUint16(at + 8, little);
    const high = view.getUint32(at + 12, little);
    const low = view.getUint32(at + 16, little);
    const captured = view.getUint32(at + 20, little);
    const onWire = view.getUint32(at + 24, little);
    const number = ++this.info.packets;
    const source = this.interfaces[interfaceId];
    const data = at + 28;
    if (source === undefined || captured > end - data) {
      this.decoder.warn(
        'garbled-record',
        'A packet block names an interface that was not described, or is longer than its block.',
      );
      return;
    }
    if (!this.begun) this.begin(source.clock.seconds(high, low));
    let time = source.clock.time(high, low, this.info.epochSeconds);
    if (Number.isNaN(time)) {
      this.decoder.warn(
        'garbled-time',
        'A time beyond any calendar was replaced by that of the packet before.',
      );
      time = this.lastTime;
    }
    this.lastTime = time;
    segment.number = number;
    segment.time = time;
    segment.captureInterface = this.interfacesBefore + interfaceId;
    this.decoder.frame(source.decode, bytes, data, data + captured, onWire);
  }

  private begin(seconds: number): void {
    this.begun = true;
    this.info.epochSeconds = Math.max(0, seconds);
  }

  /** A Simple Packet Block has no time and no captured length: it belongs to interface 0 and its snap length. */
  private simplePacket(bytes: Uint8Array, at: number, end: number): void {
    const { segment, view } = this.decoder;
    const onWire = view.getUint32(at + 8, this.little);
    const number = ++this.info.packets;
    const source = this.interfaces[0];
    const data = at + 12;
    if (source === undefined) {
      this.decoder.warn('garbled-record', 'A packet block comes before any interface was described.');
      return;
    }
    this.decoder.warn('no-time', 'Packets without a time stamp were given the time of the packet before.');
    let captured = Math.min(onWire, end - data);
    if (source.snapLength > 0) captured = Math.min(captured, source.snapLength);
    segment.number = number;
    segment.time = this.lastTime;
    segment.captureInterface = this.interfacesBefore;
    this.decoder.frame(source.decode, bytes, data, data + captured, onWire);
  }

  private interface(bytes: Uint8Array, at: number, end: number): void {
    if (this.interfaces.length >= MAX_INTERFACES) {
      this.decoder.warn('too-many-interfaces', 'The section describes more interfaces than are kept.');
      return;
    }
    const { info } = this;
    const described = readInterface(bytes, at + 8, end, this.little);
    this.interfaces.push(described);
    this.decoder.interface(bytes, at + 8, end);
    const { linkName, linkNumber, snapLength, name } = described;
    this.limit = Math.max(this.limit, recordLimit(this.options, snapLength));
    const effective = effectiveSnapLength(snapLength);
    if (effective > 0 && (info.snapLength === 0 || effective < info.snapLength)) info.snapLength = effective;
    if (!info.linkTypes.includes(linkName) && info.linkTypes.length < MAX_LISTED)
      info.linkTypes.push(linkName);
    if (name !== '' && !info.interfaces.includes(name) && info.interfaces.length < MAX_LISTED) {
      info.interfaces.push(name);
    }
    if (linkName.startsWith('LINKTYPE')) {
      this.decoder.warn(
        'unsupported-link-type',
        `Link type ${linkNumber} is not read; its packets were skipped.`,
      );
    }
  }

  /** Looks for the next block after a garbled one: a known type whose two lengths agree. */
  private findBlock(bytes: Uint8Array, start: number, end: number, base: number, last: boolean): number {
    let at = start;
    for (; end - at >= 12; at++) {
      if (base + at - this.lostAt > this.maxResync) {
        this.giveUp();
        return end;
      }
      const type = this.little ? le32(bytes, at) : be32(bytes, at);
      const least = leastLength(type);
      if (least === 0) continue;
      const little = type === SECTION ? le32(bytes, at + 8) === BYTE_ORDER : this.little;
      const length = little ? le32(bytes, at + 4) : be32(bytes, at + 4);
      if (length < least || length > this.limit || (length & 3) !== 0) continue;
      if (at + length > end) {
        if (last) continue;
        this.need = length;
        return at;
      }
      if ((little ? le32(bytes, at + length - 4) : be32(bytes, at + length - 4)) !== length) continue;
      this.warnings.add(
        'garbled-record',
        'A block is garbled; reading went on at the next one that makes sense.',
        this.lostAt,
      );
      this.lostAt = -1;
      return at;
    }
    this.need = SEARCH_WINDOW;
    if (last) this.giveUp();
    return last ? end : at;
  }

  private giveUp(): void {
    this.warnings.add('unreadable-rest', 'From here on the file makes no blocks.', this.lostAt);
    this.lostAt = -1;
    this.skip = Number.POSITIVE_INFINITY;
  }
}
