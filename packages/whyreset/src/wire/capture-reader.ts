import type { Framing, ReaderOptions } from './framing.ts';
import { notACapture } from './not-a-capture.ts';
import { PacketDecoder } from './packet-decoder.ts';
import { isPcap, PCAP_HEADER, PcapFile } from './pcap-file.ts';
import { isPcapng, PcapngFile } from './pcapng-file.ts';
import type { CaptureInfo, CaptureSink } from './reader.ts';
import { WarningLog } from './warnings.ts';

export type { ReaderOptions } from './framing.ts';
export { NotACaptureError } from './not-a-capture.ts';

/**
 * Reads a capture that comes in chunks of any size and hands each TCP segment
 * (and each ICMP error that quotes one) to a sink, in file order.
 *
 * Records are decoded in place in the pushed chunk; only one that straddles a
 * chunk's end is copied. The segment handed out is one object, overwritten for
 * each packet; so is the ICMP quote.
 *
 * `push` and `end` throw `NotACaptureError` when the input is no pcap or
 * pcapng file, and nothing else: broken records become `info.warnings`.
 */
export class CaptureReader {
  /** What is known so far; counts are up to date after each `push`. */
  readonly info: CaptureInfo;
  private readonly warnings = new WarningLog();
  private readonly decoder: PacketDecoder;
  private readonly options: ReaderOptions;
  private framing: Framing | null = null;
  /** Bytes from `heldFrom` to `heldTo` wait for the rest of their record. */
  private held = new Uint8Array(65_536);
  private heldFrom = 0;
  private heldTo = 0;
  /** Offset in the file of the next byte that is neither read nor held. */
  private offset = 0;
  /** Bytes of the files before this one. */
  private before = 0;
  /** The last file has ended, and no other began. */
  private ended = false;

  /** @param decoderOf what is to see the frames, where that is not the way to their TCP segments */
  constructor(
    sink: CaptureSink,
    options: ReaderOptions = {},
    decoderOf: (warnings: WarningLog) => PacketDecoder = (warnings) =>
      new PacketDecoder(sink, warnings, options),
  ) {
    this.options = options;
    this.decoder = decoderOf(this.warnings);
    this.info = {
      format: null,
      epochSeconds: 0,
      packets: 0,
      tcpPackets: 0,
      other: this.decoder.contents.list,
      bytes: 0,
      snapLength: 0,
      linkTypes: [],
      interfaces: [],
      warnings: this.warnings.list,
    };
  }

  /** The next bytes of the input; they are not kept, the caller may overwrite them afterwards. */
  push(chunk: Uint8Array): void {
    // A Buffer is a subclass with its own hidden class: mixing both would make every byte read polymorphic.
    const bytes =
      chunk.constructor === Uint8Array
        ? chunk
        : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.ended = false;
    let at = 0;
    while (at < bytes.length) {
      const framing = this.framing;
      if (framing !== null && framing.skip > 0) at += this.skip(framing, bytes.length - at);
      else if (framing === null || this.heldTo > this.heldFrom) at += this.complete(bytes, at);
      else {
        const stopped = framing.read(bytes, at, bytes.length, this.offset - at, false);
        this.offset += stopped - at;
        at = stopped;
        if (framing.skip === 0) at += this.hold(bytes, at, bytes.length - at);
      }
    }
    this.info.bytes = this.before + this.offset;
    this.info.tcpPackets = this.decoder.tcpPackets;
  }

  /** Time of the last packet of any kind, as `Segment.time`. */
  get until(): number {
    return this.decoder.segment.time;
  }

  /**
   * A file has ended. What is pushed afterwards is the next file of the same
   * capture: its packets are numbered on, its times count from the same epoch,
   * and fragments wait on.
   */
  endFile(): void {
    this.finish();
    this.before += this.offset;
    this.offset = 0;
    this.framing = null;
    this.ended = true;
  }

  /** The input has ended: reads what is still held, and says what was cut off. */
  end(): void {
    if (!this.ended) this.endFile();
    this.decoder.fragments.end();
    this.info.tcpPackets = this.decoder.tcpPackets;
  }

  private finish(): void {
    if (this.framing === null) this.begin();
    this.readHeld(true);
    const left = this.heldTo - this.heldFrom;
    if (left > 0) {
      const at = this.offset - left;
      this.warnings.add('truncated', 'The file ends in the middle of its last record.', at);
    }
    this.heldFrom = 0;
    this.heldTo = 0;
  }

  /** Adds to the held bytes as many as the framing waits for, and lets it read them; returns how many. */
  private complete(bytes: Uint8Array, at: number): number {
    const wanted = (this.framing?.need ?? PCAP_HEADER) - (this.heldTo - this.heldFrom);
    const taken = this.hold(bytes, at, Math.min(wanted, bytes.length - at));
    if (taken === wanted) {
      if (this.framing === null) this.begin();
      this.readHeld(false);
    }
    return taken;
  }

  private hold(bytes: Uint8Array, at: number, count: number): number {
    if (this.heldTo + count > this.held.length) {
      // Moved to the front only when the end is reached, into twice the room: each byte is moved a bounded number of times.
      const kept = this.held.subarray(this.heldFrom, this.heldTo);
      const room = 2 * (kept.length + count);
      const target = room > this.held.length ? new Uint8Array(room) : this.held;
      target.set(kept);
      this.held = target;
      this.heldTo = kept.length;
      this.heldFrom = 0;
    }
    this.held.set(bytes.subarray(at, at + count), this.heldTo);
    this.heldTo += count;
    this.offset += count;
    return count;
  }

  private readHeld(last: boolean): void {
    const framing = this.framing!;
    const base = this.offset - this.heldTo;
    this.heldFrom = framing.read(this.held, this.heldFrom, this.heldTo, base, last);
    if (framing.skip > 0) {
      const dropped = Math.min(framing.skip, this.heldTo - this.heldFrom);
      framing.skip -= dropped;
      this.heldFrom += dropped;
    }
    if (this.heldFrom === this.heldTo) {
      this.heldFrom = 0;
      this.heldTo = 0;
    }
  }

  private skip(framing: Framing, available: number): number {
    const dropped = Math.min(framing.skip, available);
    framing.skip -= dropped;
    this.offset += dropped;
    return dropped;
  }

  /** Knows the format from the held first bytes. */
  private begin(): void {
    const head = this.held.subarray(0, this.heldTo);
    if (head.length >= 4 && isPcap(head)) {
      this.framing = new PcapFile(head, this.decoder, this.info, this.warnings, this.options);
      this.heldFrom = this.heldTo;
    } else if (head.length >= 12 && isPcapng(head)) {
      this.framing = new PcapngFile(this.decoder, this.info, this.warnings, this.options);
    } else throw notACapture(head);
  }
}
