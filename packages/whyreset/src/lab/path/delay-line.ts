import type { Tap } from '../kernel/tap.ts';
import type { TapLoop } from '../kernel/tap-loop.ts';
import { HeldQueue } from './hold.ts';
import { type Meddling, meddle } from './meddle.ts';

/**
 * Forwards frames between two interfaces, each held for a while: a path with a
 * real round trip, without netem. In order, as a wire is.
 */
export class DelayLine {
  private readonly loop: TapLoop;
  private readonly ends: readonly [Tap, Tap];
  private readonly timers = new Set<NodeJS.Timeout>();
  private again: { text: Buffer; laterMs: number } | null = null;
  private losing: Buffer | null = null;
  private queue: HeldQueue | null = null;
  /** Every frame is delivered twice, in both directions, as by two switches that are cabled in a ring. */
  duplicating = false;
  /** What the path does to what passes, from now on; null: nothing. */
  meddling: Meddling | null = null;

  constructor(loop: TapLoop, a: Tap, b: Tap, delayMs: number) {
    this.loop = loop;
    this.ends = [a, b];
    loop.add(a, () => this.forward(a, b, delayMs, false));
    loop.add(b, () => this.forward(b, a, delayMs, true));
  }

  repeat(text: Buffer, laterMs: number): void {
    this.again = { text, laterMs };
  }

  /** Loses the next frame from the server that holds `text`. */
  lose(text: Buffer): void {
    this.losing = text;
  }

  /** From now on what the server sends waits in a queue, which only SYN and RST pass. */
  hold(): void {
    this.queue = new HeldQueue();
  }

  /** The queue empties, and from now on nothing waits. */
  release(): void {
    const [towardsClient] = this.ends;
    for (const frame of this.queue?.empty() ?? []) towardsClient.send(frame);
    this.queue = null;
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    for (const end of this.ends) {
      this.loop.remove(end);
      end.close();
    }
  }

  private forward(from: Tap, to: Tap, delayMs: number, fromServer: boolean): void {
    for (let frame = from.next(); frame !== null; frame = from.next()) {
      if (frame.outgoing) continue;
      const bytes = this.meddling === null ? frame.bytes : meddle(frame.bytes, fromServer, this.meddling);
      if (fromServer && this.losing !== null && Buffer.from(bytes).includes(this.losing)) {
        this.losing = null;
        continue;
      }
      if (fromServer && this.queue?.holds(bytes)) continue;
      this.later(delayMs, to, bytes);
      if (this.duplicating) this.later(delayMs, to, bytes);
      if (fromServer && this.again !== null && Buffer.from(bytes).includes(this.again.text)) {
        this.later(delayMs + this.again.laterMs, to, bytes);
        this.again = null;
      }
    }
  }

  // Timers of the same length fire in the order in which they were set.
  private later(ms: number, to: Tap, bytes: Uint8Array): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      to.send(bytes);
    }, ms);
    this.timers.add(timer);
  }
}
