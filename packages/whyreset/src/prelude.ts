import { CaptureReader } from './wire/capture-reader.ts';
import type { CaptureSink } from './wire/reader.ts';
import type { Segment } from './wire/segment.ts';

/** A segment as far as it tells whether a file goes on with a capture; its time counts from 1970. */
export type EarlySegment = Pick<
  Segment,
  | 'time'
  | 'family'
  | 'sourcePort'
  | 'destinationPort'
  | 'seq'
  | 'payloadLength'
  | 'flags'
  | 'ttl'
  | 'ipId'
  | 'tsVal'
> & { source: Uint32Array; destination: Uint32Array };

/** Segments kept, and bytes looked at. */
const MOST_SEGMENTS = 512;
const MOST_BYTES = 512 * 1024;

/** The beginning of a file, read before it is known what the file belongs to. */
export class Prelude implements CaptureSink {
  readonly segments: EarlySegment[] = [];
  private readonly reader = new CaptureReader(this, { damagedHeaders: 'mark' });
  private bytes = 0;

  get linkTypes(): readonly string[] {
    return this.reader.info.linkTypes;
  }

  /** The file is a capture without a packet, or has no byte at all. */
  get empty(): boolean {
    return this.reader.info.packets === 0;
  }

  get enough(): boolean {
    return this.segments.length >= MOST_SEGMENTS || this.bytes >= MOST_BYTES;
  }

  /** The next bytes. Throws `NotACaptureError`. */
  push(chunk: Uint8Array): void {
    const taken = chunk.subarray(0, MOST_BYTES - this.bytes);
    this.bytes += taken.length;
    this.reader.push(taken);
  }

  /** The whole file was pushed. Throws `NotACaptureError` where it has bytes that are no capture. */
  end(): void {
    if (this.bytes > 0) this.reader.end();
  }

  /** Time of the first segment, seconds since 1970; without any, the end of the second in which the file begins. */
  get first(): number {
    return this.segments[0]?.time ?? this.reader.info.epochSeconds + 1;
  }

  segment(s: Segment): void {
    if (this.segments.length >= MOST_SEGMENTS) return;
    const { time, family, sourcePort, destinationPort, seq, payloadLength, flags, ttl, ipId, tsVal } = s;
    this.segments.push({
      time: this.reader.info.epochSeconds + time,
      family,
      source: s.source.slice(),
      destination: s.destination.slice(),
      sourcePort,
      destinationPort,
      seq,
      payloadLength,
      flags,
      ttl,
      ipId,
      tsVal,
    });
  }
}
