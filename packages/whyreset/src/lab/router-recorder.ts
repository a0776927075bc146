import { captureFrame, captureHead, concatenated, cooked } from './capture-bytes.ts';
import type { Tap, TappedFrame } from './kernel/tap.ts';
import type { TapLoop } from './kernel/tap-loop.ts';

/**
 * Records interfaces of the router into one capture: one as `tcpdump -i br0` does,
 * several as `tcpdump -i any` does, so that what is forwarded stands there twice.
 */
export class RouterRecorder {
  private readonly frames: TappedFrame[] = [];
  private readonly loop: TapLoop;
  private readonly taps: readonly Tap[];
  private readonly name: string;

  constructor(loop: TapLoop, taps: readonly Tap[], devices: readonly string[]) {
    this.loop = loop;
    this.taps = taps;
    this.name = devices.length === 1 ? devices[0]! : 'any';
    for (const tap of taps) loop.add(tap, () => this.drain(tap));
  }

  /** @returns frames that were lost for want of room */
  stop(): number {
    let dropped = 0;
    for (const tap of this.taps) {
      this.drain(tap);
      dropped += tap.dropped();
      this.loop.remove(tap);
      tap.close();
    }
    return dropped;
  }

  /** The whole recording in order of time, a pcapng file: each interface is read by itself. */
  bytes(): Uint8Array {
    const ordered = this.frames.toSorted((a, b) => Number(a.time - b.time));
    return concatenated([captureHead(this.name), ...ordered.map((frame) => captureFrame(frame))]);
  }

  private drain(tap: Tap): void {
    for (let frame = tap.next(); frame !== null; frame = tap.next())
      this.frames.push(this.name === 'any' ? cooked(frame, tap.index) : frame);
  }
}
