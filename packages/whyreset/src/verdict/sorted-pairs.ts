/** Pairs looked at one by one in a question; so many within a second are a flood, and counted as if all fitted. */
const MOST_COMPARED = 1024;

/** Pairs of numbers in order of the first, for counting in ranges. */
export class SortedPairs {
  private pairs: [number, number][] = [];

  add(key: number, value: number): void {
    this.pairs.push([key, value]);
  }

  /** Call once after the last `add`. */
  settle(): void {
    this.pairs.sort((a, b) => a[0] - b[0]);
  }

  get length(): number {
    return this.pairs.length;
  }

  /** How many keys lie in [low, high]. */
  within(low: number, high: number): number {
    return Math.max(0, this.below(high, true) - this.below(low, false));
  }

  /** How many pairs have a key in [low, high] and a value in [least, most]. */
  withBoth(low: number, high: number, least: number, most: number): number {
    const from = this.below(low, false);
    const to = this.below(high, true);
    if (to - from > MOST_COMPARED) return to - from;
    let count = 0;
    for (let i = from; i < to; i++) {
      const value = this.pairs[i]![1];
      if (value >= least && value <= most) count++;
    }
    return count;
  }

  /** How many keys lie below `bound`, or at it when `inclusive`. */
  private below(bound: number, inclusive: boolean): number {
    let from = 0;
    let to = this.pairs.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const key = this.pairs[middle]![0];
      if (key < bound || (inclusive && key === bound)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
