import type { EndingId } from '../../logs/endings.ts';

/** Endings of one kind: same words, same ending, same peer. */
export interface Group {
  ending: EndingId;
  title: string;
  /** The words that were recognised first. */
  words: string;
  program: string;
  /** Side that ended it, where the words say so. */
  by: 'client' | 'server' | null;
  /** `host:port`, where the words name the other end. */
  peer: string | null;
  count: number;
  /** Inputs that hold some, by position. */
  inputs: number[];
  /** Seconds since 1970; null where the log has no times. */
  first: number | null;
  last: number | null;
  /** The first record, readable. */
  sample: string;
  /** Endings a minute, by minute since 1970. */
  minutes: Map<number, number>;
  /** Distinct seconds in which it was seen, the first few thousand. */
  seconds: Set<number>;
  /** Pauses between one and the next, in seconds. */
  pauses: number[];
}

const MOST_SECONDS = 5000;
const MOST_PAUSES = 2000;
/** Endings of one burst are one event: no timer runs between them. */
const BURST = 2;

/** Adds one ending to its group. */
export function note(group: Group, input: number, time: number | null): void {
  group.count++;
  if (!group.inputs.includes(input)) group.inputs.push(input);
  if (time === null) return;
  const pause = group.last === null ? 0 : time - group.last;
  if (pause > BURST && group.pauses.length < MOST_PAUSES) group.pauses.push(pause);
  group.first = group.first === null ? time : Math.min(group.first, time);
  group.last = group.last === null ? time : Math.max(group.last, time);
  const minute = Math.floor(time / 60);
  group.minutes.set(minute, (group.minutes.get(minute) ?? 0) + 1);
  if (group.seconds.size < MOST_SECONDS) group.seconds.add(Math.floor(time));
}

/** Share of the pauses that must agree for a timer. */
const AGREE = 0.6;
const FEWEST = 3;
const LEAST = 5;

/** The pause that most endings keep, in seconds; null where they come at irregular times. */
export function intervalOf({ pauses }: Group): number | null {
  if (pauses.length < FEWEST) return null;
  const sorted = [...pauses].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  const near = sorted.filter((pause) => Math.abs(pause - median) <= Math.max(1, median * 0.02));
  return median >= LEAST && near.length / sorted.length >= AGREE ? median : null;
}
