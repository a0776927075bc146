import { formatAddress } from '../wire/address.ts';
import { CaptureReader } from '../wire/capture-reader.ts';
import { flagLetters } from '../wire/describe.ts';
import { RST } from '../wire/segment.ts';
import { captureFrame, captureHead, concatenated } from './capture-bytes.ts';
import type { Tap } from './kernel/tap.ts';
import type { TapLoop } from './kernel/tap-loop.ts';

/** What a scenario may wait for, and what its check reads, of one recorded segment. */
export interface RecordedSegment {
  source: string;
  sourcePort: number;
  destination: string;
  destinationPort: number;
  /** tcpdump's letters, `P.`. */
  flags: string;
  length: number;
  ttl: number;
  window: number;
  reset: boolean;
}

/** Records every frame of one interface, and reads each at once as `diagnose` will read it. */
export class Recorder {
  private readonly blocks: Uint8Array[] = [];
  /** Frames recorded so far. */
  count = 0;
  readonly segments: RecordedSegment[] = [];
  private tap: Tap;
  private readonly loop: TapLoop;
  private readonly snapLength: number;
  private readonly reader: CaptureReader;

  /** @param snapLength bytes kept of a frame, 0: all */
  constructor(loop: TapLoop, tap: Tap, snapLength = 0) {
    this.tap = tap;
    this.loop = loop;
    this.snapLength = snapLength;
    this.reader = new CaptureReader({
      segment: (segment) => {
        this.segments.push({
          source: formatAddress(segment.source, segment.family),
          sourcePort: segment.sourcePort,
          destination: formatAddress(segment.destination, segment.family),
          destinationPort: segment.destinationPort,
          flags: flagLetters(segment.flags),
          length: segment.payloadLength,
          ttl: segment.ttl,
          window: segment.window,
          reset: (segment.flags & RST) !== 0,
        });
      },
    });
    this.keep(captureHead('eth0', snapLength));
    loop.add(tap, () => this.drain());
  }

  /** Goes on with another interface, as when a host is replaced. */
  listenOn(tap: Tap): void {
    this.loop.remove(this.tap);
    this.tap.close();
    this.tap = tap;
    this.loop.add(tap, () => this.drain());
  }

  /** Takes what the kernel holds; afterwards the recording is complete up to now. */
  drain(): void {
    for (let frame = this.tap.next(); frame !== null; frame = this.tap.next()) {
      this.count++;
      this.keep(captureFrame(frame, this.snapLength));
    }
  }

  /** The whole recording, a pcapng file. */
  bytes(): Uint8Array {
    return concatenated(this.blocks);
  }

  /** @returns frames that were lost for want of room */
  stop(): number {
    this.drain();
    const dropped = this.tap.dropped();
    this.loop.remove(this.tap);
    this.tap.close();
    return dropped;
  }

  private keep(block: Uint8Array): void {
    this.blocks.push(block);
    this.reader.push(block);
  }
}
