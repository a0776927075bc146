/** Pairs looked at one by one in a question; so many within a second are a flood, and counted as if all fitted. */
const MOST_COMPARED = 1024;

/** Shared by all that hold nothing: there is a list for each client of each server. */
const EMPTY = new Float64Array(0);

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(4, 2 * array.length));
  larger.set(array);
  return larger;
}

/** Pairs of numbers in order of the first, for counting in ranges. */
export class SortedPairs {
  private keys = EMPTY;
  private values = EMPTY;
  length = 0;

  add(key: number, value: number): void {
    const at = this.length++;
    if (at === this.keys.length) {
      this.keys = grown(this.keys);
      this.values = grown(this.values);
    }
    this.keys[at] = key;
    this.values[at] = value;
  }

  /** Call once after the last `add`. */
  settle(): void {
    const { keys, values, length } = this;
    if (length < 2) return;
    const order = Uint32Array.from({ length }, (_, place) => place).sort(
      (a, b) => keys[a]! - keys[b]! || a - b,
    );
    this.keys = Float64Array.from(order, (place) => keys[place]!);
    this.values = Float64Array.from(order, (place) => values[place]!);
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
      const value = this.values[i]!;
      if (value >= least && value <= most) count++;
    }
    return count;
  }

  /** How many keys lie below `bound`, or at it when `inclusive`. */
  private below(bound: number, inclusive: boolean): number {
    let from = 0;
    const { keys } = this;
    let to = this.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const key = keys[middle]!;
      if (key < bound || (inclusive && key === bound)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
