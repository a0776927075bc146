import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** The histogram's timer, ms: its records contain this much even when the loop is never late. */
const RESOLUTION_MS = 10;
const REFRESH_MS = 1000;
const WINDOW_MS = 30_000;

/** How late the event loop runs, 99th percentile of the last half minute. One per process, its timer is unref'd. */
class LoopDelay {
  #histogram: IntervalHistogram | null = null;
  #p99 = 0;
  #readAt = 0;
  #resetAt = 0;

  /** Milliseconds. */
  p99(now: number): number {
    if (this.#histogram === null) {
      this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      this.#histogram.enable();
      this.#resetAt = now;
    }
    if (now - this.#readAt >= REFRESH_MS) {
      this.#readAt = now;
      const measured = this.#histogram.percentile(99) / 1e6;
      this.#p99 = measured > 0 ? Math.max(0, measured - RESOLUTION_MS) : 0;
      if (now - this.#resetAt >= WINDOW_MS) {
        this.#histogram.reset();
        this.#resetAt = now;
      }
    }
    return this.#p99;
  }
}

export const loopDelay = new LoopDelay();
