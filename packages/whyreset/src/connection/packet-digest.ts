import type { CaptureSink } from '../wire/reader.ts';
import type { IcmpQuote, Segment } from '../wire/segment.ts';

/**
 * A number for all segments of a file, passed on as they come: equal for two
 * files of the same packets, be one a copy, compressed or converted.
 */
export class PacketDigest implements CaptureSink {
  private readonly sink: CaptureSink;
  private a = 0x811c9dc5;
  private b = 0;
  private count = 0;
  private readonly epoch: () => number;

  /** @param epoch seconds since 1970 that times count from; asked for when a segment comes */
  constructor(sink: CaptureSink, epoch: () => number) {
    this.sink = sink;
    this.epoch = epoch;
  }

  /** What came since the last call; null when nothing did. */
  take(): string | null {
    const text = this.count === 0 ? null : `${this.count} ${this.a >>> 0} ${this.b >>> 0}`;
    this.a = 0x811c9dc5;
    this.b = 0;
    this.count = 0;
    return text;
  }

  segment(s: Segment): void {
    this.count++;
    // Microseconds: a conversion may drop the finer digits.
    const time = Math.floor((this.epoch() + s.time) * 1e6 + 0.5) | 0;
    this.a = Math.imul(this.a ^ s.seq ^ time, 0x01000193);
    this.b =
      (Math.imul(this.b, 31) + (s.ack ^ (s.sourcePort << 16) ^ s.destinationPort ^ s.payloadLength)) | 0;
    this.sink.segment(s);
  }

  icmp(quote: IcmpQuote): void {
    this.sink.icmp?.(quote);
  }
}
