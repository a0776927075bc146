const SAMPLES = 16;

/**
 * Round trips to one origin. Two numbers, because two uses lean to opposite sides: a margin wants what a round trip
 * takes lately, a proof by the clock wants what it certainly does not undercut.
 */
export class RoundTrip {
  #recent: number[] = [];
  #floor: number[] = [];
  /** For margins, in milliseconds: the median of the last samples, else the fastest answer; 0 before the first. */
  typicalMs = 0;
  /** For proofs, in milliseconds: the least that the kernel measured lately; null while it was not asked. */
  floorMs: number | null = null;

  /**
   * @param typicalMs a round trip as measured, which waiting for the event loop only makes longer.
   * @param floorMs the kernel's own measurement, from the segment out to the segment in; null when it was not asked. What a process measures never bounds a round trip from below: it holds lost SYNs and waits for the CPU.
   */
  sample(typicalMs: number, floorMs: number | null): void {
    push(this.#recent, typicalMs);
    this.typicalMs = [...this.#recent].sort((a, b) => a - b)[this.#recent.length >> 1]!;
    if (floorMs === null) return;
    push(this.#floor, floorMs);
    this.floorMs = Math.min(...this.#floor);
  }

  /**
   * A request was answered after so many milliseconds. Where nothing else measures round trips, the fastest answer
   * bounds them from above.
   */
  answered(ms: number): void {
    if (this.#recent.length === 0) this.typicalMs = this.typicalMs === 0 ? ms : Math.min(this.typicalMs, ms);
  }

  forget(): void {
    this.#recent = [];
    this.#floor = [];
    this.typicalMs = 0;
    this.floorMs = null;
  }
}

function push(samples: number[], value: number): void {
  samples.push(value);
  if (samples.length > SAMPLES) samples.shift();
}
