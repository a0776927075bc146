import { be32, beWord, le32, leWord } from './bytes.ts';
import {
  DEFAULT_RESYNC_BYTES,
  effectiveSnapLength,
  type Framing,
  type ReaderOptions,
  recordLimit,
  SEARCH_WINDOW,
} from './framing.ts';
import { type LinkLayer, linkType, unreadable } from './link/link-types.ts';
import { NotACaptureError } from './not-a-capture.ts';
import type { PacketDecoder } from './packet-decoder.ts';
import type { CaptureInfo } from './reader.ts';
import type { WarningLog } from './warnings.ts';

export const PCAP_HEADER = 24;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
/** Kuznetzov's patch of libpcap (old Red Hat, SuSE): eight more bytes per record. */
const MODIFIED = 0xa1b2cd34;
/** An IP packet of 64 KiB and the largest link-layer header, roundly. */
const LARGEST_PACKET = 65_700;
/** A record found again after garbage lies within this of the last good one, in seconds: a week. */
const PLAUSIBLE_GAP = 604_800;

/** True when the four bytes at the start are a magic number of this format, in either byte order. */
export function isPcap(head: Uint8Array): boolean {
  return isMagic(be32(head, 0)) || isMagic(le32(head, 0));
}

function isMagic(word: number): boolean {
  return word === MICROSECONDS || word === NANOSECONDS || word === MODIFIED;
}

/** The classic format: one header, one link type, records of header and bytes (draft-ietf-opsawg-pcap). */
export class PcapFile implements Framing {
  need: number;
  skip = 0;
  private readonly decoder: PacketDecoder;
  private readonly info: CaptureInfo;
  private readonly warnings: WarningLog;
  private readonly little: boolean;
  private readonly link: LinkLayer;
  private readonly recordHeader: number;
  private readonly perSecond: number;
  private readonly limit: number;
  private readonly maxResync: number;
  private epoch = -1;
  private lastSecond = 0;
  /** Offset of the record that could not be believed while the next one is looked for; -1 otherwise. */
  private lostAt = -1;

  /** `header` is the file's first 24 bytes, or fewer when it ends before. */
  constructor(
    header: Uint8Array,
    decoder: PacketDecoder,
    info: CaptureInfo,
    warnings: WarningLog,
    options: ReaderOptions,
  ) {
    if (header.length < PCAP_HEADER) {
      throw new NotACaptureError(
        `Not a usable capture: a pcap file that ends inside its ${PCAP_HEADER}-byte header.`,
      );
    }
    this.decoder = decoder;
    decoder.segment.captureInterface = 0;
    this.info = info;
    this.warnings = warnings;
    this.little = isMagic(le32(header, 0));
    const read = this.little ? le32 : be32;
    const magic = read(header, 0);
    info.format = magic === NANOSECONDS ? 'pcap-ns' : magic === MODIFIED ? 'pcap-modified' : 'pcap';
    this.perSecond = magic === NANOSECONDS ? 1e9 : 1e6;
    this.recordHeader = magic === MODIFIED ? 24 : 16;
    this.need = this.recordHeader;
    const snapLength = read(header, 16);
    this.limit = recordLimit(options, snapLength);
    this.maxResync = options.maxResyncBytes ?? DEFAULT_RESYNC_BYTES;
    info.snapLength = effectiveSnapLength(snapLength);
    // The upper bits say whether frames end in a checksum; IP's own length makes that irrelevant.
    const number = read(header, 20) & 0x03ffffff;
    const type = linkType(number);
    this.link = type?.decode ?? unreadable(number);
    // A file that goes on with a capture counts from the epoch of the first.
    if (info.packets > 0) this.epoch = info.epochSeconds;
    const name = type?.name ?? `LINKTYPE ${number}`;
    if (!info.linkTypes.includes(name)) info.linkTypes.push(name);
    if (type === undefined) {
      warnings.add('unsupported-link-type', `Link type ${number} is not read; its packets were skipped.`, 20);
    }
  }

  read(bytes: Uint8Array, start: number, end: number, base: number, last: boolean): number {
    const { decoder, info, little, link, recordHeader, perSecond, limit } = this;
    const segment = decoder.segment;
    decoder.use(bytes);
    const view = decoder.view;
    let epoch = this.epoch;
    let at = start;
    for (;;) {
      if (this.lostAt >= 0) {
        at = this.findRecord(bytes, at, end, base, last);
        if (this.lostAt >= 0 || this.skip > 0) return at;
      }
      if (end - at < recordHeader) {
        this.need = recordHeader;
        return at;
      }
      const second = view.getUint32(at, little);
      const fraction = view.getUint32(at + 4, little);
      const captured = view.getInt32(at + 8, little);
      const onWire = view.getInt32(at + 12, little);
      const data = at + recordHeader;
      const next = data + captured;
      // No frame is empty on the wire: a record of zeros is a hole in the file.
      // At the end, a length that no packet has is rather a garbled header than a record cut short.
      const overlong = last && captured > LARGEST_PACKET && next > end;
      if (captured < 0 || captured > limit || onWire === 0 || overlong) {
        this.lostAt = base + at;
        at++;
        continue;
      }
      if (next > end) {
        this.need = next - at;
        return at;
      }
      if (epoch < 0) {
        epoch = second;
        this.epoch = second;
        info.epochSeconds = second;
      }
      this.lastSecond = second;
      decoder.recordOffset = base + at;
      segment.number = ++info.packets;
      segment.time = second - epoch + fraction / perSecond;
      decoder.frame(link, bytes, data, next, onWire);
      at = next;
    }
  }

  /**
   * Looks for the next record after one that cannot be right: a believable
   * header whose length leads to another believable header, or to the end.
   * Returns where it stopped; `lostAt` is -1 again when it was found.
   */
  private findRecord(bytes: Uint8Array, start: number, end: number, base: number, last: boolean): number {
    let at = start;
    for (; end - at >= this.recordHeader; at++) {
      if (base + at - this.lostAt > this.maxResync) {
        this.giveUp();
        return end;
      }
      if (!this.believable(bytes, at)) continue;
      const captured = this.little ? leWord(bytes, at + 8) : beWord(bytes, at + 8);
      const next = at + this.recordHeader + captured;
      if (end - next >= this.recordHeader) {
        if (!this.believable(bytes, next)) continue;
      } else if (!last) {
        this.need = next + this.recordHeader - at;
        return at;
      } else if (next > end) continue;
      this.warnings.add(
        'garbled-record',
        'A record header is garbled; reading went on at the next one that makes sense.',
        this.lostAt,
      );
      this.lostAt = -1;
      return at;
    }
    this.need = SEARCH_WINDOW;
    if (last) this.giveUp();
    return last ? end : at;
  }

  private believable(bytes: Uint8Array, at: number): boolean {
    // The length's highest byte is 0 in every record that is believed: most garbage ends here.
    if (bytes[this.little ? at + 11 : at + 8] !== 0) return false;
    const captured = this.little ? leWord(bytes, at + 8) : beWord(bytes, at + 8);
    if (captured <= 0 || captured > this.limit) return false;
    const onWire = this.little ? leWord(bytes, at + 12) : beWord(bytes, at + 12);
    if (onWire < captured || onWire > this.limit) return false;
    if ((this.little ? le32(bytes, at + 4) : be32(bytes, at + 4)) >= this.perSecond) return false;
    const second = this.little ? le32(bytes, at) : be32(bytes, at);
    return this.epoch < 0 || Math.abs(second - this.lastSecond) < PLAUSIBLE_GAP;
  }

  private giveUp(): void {
    this.warnings.add('unreadable-rest', 'From here on the file makes no records.', this.lostAt);
    this.lostAt = -1;
    this.skip = Number.POSITIVE_INFINITY;
  }
}
