/** Times that disagree by more than this are no two clocks that run side by side. */
const COMPARABLE = 1;
/** Never asked to agree better than this: the trace is written before or after the packet is seen, seconds. */
const LEAST_TOLERANCE = 0.05;

/**
 * How a trace's clock, mostly the time since boot, stands to the capture's:
 * estimated from resets that are in both beyond doubt.
 */
export class TraceClock {
  private readonly samples: number[] = [];
  private offset = 0;
  /** Two moments may differ by this and be one, seconds; -1 when the clocks cannot be compared. */
  tolerance = -1;

  /** A reset seen at `captured` that the trace tells at `traced`. */
  sample(captured: number, traced: number): void {
    if (Number.isFinite(traced)) this.samples.push(captured - traced);
  }

  /** Call once after the last sample. */
  settle(): void {
    const { samples } = this;
    if (samples.length === 0) return;
    samples.sort((a, b) => a - b);
    const at = (share: number) => samples[Math.floor(share * (samples.length - 1))]!;
    this.offset = at(0.5);
    // One in ten may be a mistake of its own, such as a reset that the capture lost.
    const spread = samples.length < 10 ? samples.at(-1)! - samples[0]! : at(0.95) - at(0.05);
    if (spread <= COMPARABLE) this.tolerance = Math.max(LEAST_TOLERANCE, 2 * spread);
  }

  /** Samples were there and contradict each other: trace and capture are of different times. */
  get contradicts(): boolean {
    return this.samples.length > 0 && this.tolerance < 0;
  }

  /** Seconds on the capture's clock from `traced` to `captured`; NaN when the clocks cannot be compared. */
  between(traced: number, captured: number): number {
    return this.tolerance < 0 ? Number.NaN : captured - (traced + this.offset);
  }
}
