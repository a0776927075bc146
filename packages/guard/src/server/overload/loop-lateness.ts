import { createHistogram } from 'node:perf_hooks';

/** Between two probes, milliseconds. */
const PROBE = 20;

/**
 * How late the event loop runs, over periods of the caller's choice. Not `monitorEventLoopDelay`: its reset() also
 * forgets when the last probe was, so that the first delay after every reset is lost, and under load that is the
 * only one.
 */
export class LoopLateness {
  readonly #histogram = createHistogram();
  #last = performance.now();
  readonly #timer = setInterval(() => {
    const now = performance.now();
    // Microseconds; the smallest value of a histogram is 1.
    this.#histogram.record(Math.max(1, Math.round((now - this.#last - PROBE) * 1000)));
    this.#last = now;
  }, PROBE).unref();

  /** 99th percentile since the last call, milliseconds; 0 when nothing was measured. */
  take(): number {
    const late = this.#histogram.count > 0 ? this.#histogram.percentile(99) / 1000 : 0;
    this.#histogram.reset();
    return late;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
