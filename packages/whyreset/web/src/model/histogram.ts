/** A logarithmic histogram: times of seconds and of minutes stand on one axis. */
export interface Histogram {
  /** Edges of the axis, seconds. */
  from: number;
  to: number;
  bins: { from: number; to: number; count: number }[];
  most: number;
}

const BINS = 72;

/** Null without a positive value. */
export function countLogarithmic(values: readonly number[], marks: readonly number[]): Histogram | null {
  const positive = values.filter((value) => value > 0);
  if (positive.length === 0) return null;
  let least = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const value of [...positive, ...marks]) {
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const from = least / 2;
  const to = largest * 2;
  const step = Math.log(to / from) / BINS;
  const bins = Array.from({ length: BINS }, (_, i) => ({
    from: from * Math.exp(i * step),
    to: from * Math.exp((i + 1) * step),
    count: 0,
  }));
  for (const value of positive) bins[Math.min(BINS - 1, Math.floor(Math.log(value / from) / step))]!.count++;
  return { from, to, bins, most: Math.max(...bins.map(({ count }) => count)) };
}

/** Place of a value on the axis, 0 to 1. */
export const placeOn = ({ from, to }: Pick<Histogram, 'from' | 'to'>, value: number): number =>
  Math.log(value / from) / Math.log(to / from);

/** Counts of equal steps of time, oldest first. */
export function countOverTime(times: readonly number[], from: number, to: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  const span = Math.max(1, to - from);
  for (const time of times) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((time - from) / span) * bins)));
    counts[bin] = counts[bin]! + 1;
  }
  return counts;
}
