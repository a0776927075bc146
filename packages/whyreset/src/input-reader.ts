import type { PastedRecords } from './host/pasted.ts';
import { textStart } from './listing/is-text.ts';
import { ListingReader } from './listing/listing-reader.ts';
import { CaptureReader } from './wire/capture-reader.ts';
import type { ReaderOptions } from './wire/framing.ts';
import type { CaptureInfo, CaptureSink } from './wire/reader.ts';

/** Bytes that tell a capture from text. */
const HEAD = 64;

/**
 * Reads an input of unknown kind: a capture (pcap, pcapng), or packets as text. Both hand on the same segments.
 *
 * `push` and `end` throw `NotACaptureError` when it is neither.
 */
export class InputReader {
  private readonly sink: CaptureSink;
  private readonly options: ReaderOptions;
  private readonly capture: CaptureReader;
  private listing: ListingReader | null = null;
  private head: Uint8Array | null = new Uint8Array(0);
  private ended = false;

  constructor(sink: CaptureSink, options: ReaderOptions = {}) {
    this.sink = sink;
    this.options = options;
    this.capture = new CaptureReader(sink, options);
  }

  /** Of the reader that the input's first bytes have chosen. */
  get info(): CaptureInfo {
    return (this.listing ?? this.capture).info;
  }

  /** What hosts recorded, in a text beside its packets; null for a capture. */
  get records(): PastedRecords | null {
    return this.listing?.records ?? null;
  }

  /** The next bytes; they are not kept. */
  push(chunk: Uint8Array): void {
    if (this.head === null) {
      (this.listing ?? this.capture).push(chunk);
      return;
    }
    const held = this.head.length === 0 ? chunk : joined(this.head, chunk);
    if (held.length < HEAD) {
      this.head = held.slice();
      return;
    }
    this.begin(held);
  }

  /** A file has ended; what is pushed afterwards goes on with the same capture. Packets as text end here. */
  endFile(): void {
    if (this.head !== null) this.begin(this.head);
    if (this.listing === null) this.capture.endFile();
    else if (!this.ended) this.listing.end();
    this.ended = true;
  }

  end(): void {
    if (!this.ended) this.endFile();
    if (this.listing === null) this.capture.end();
  }

  /** Time of the last packet of any kind, as `Segment.time`; of text, 0. */
  get until(): number {
    return this.capture.until;
  }

  private begin(bytes: Uint8Array): void {
    this.head = null;
    const start = textStart(bytes.subarray(0, HEAD));
    if (start === null) this.capture.push(bytes);
    else {
      this.listing = new ListingReader(this.sink, this.options, start);
      this.listing.push(bytes.subarray(start.skip));
    }
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
