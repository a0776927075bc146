import type { TimelinePacket } from '../connection/connection.ts';
import type { Alignment } from './align.ts';
import type { ClockDifference } from './pair.ts';

/** What the matched packets say about clocks and places. Times there are already counted from this capture's epoch. */
export interface Timing {
  readonly nearerOriginator: 'this' | 'other' | null;
  readonly clock: ClockDifference | null;
  /** Time there less time here, by side, ascending; empty when no packet of that side is in both. */
  readonly differences: { readonly originator: number[]; readonly responder: number[] };
  /** Routers between, -1 unknown. */
  readonly hops: number;
}

/** A crystal is off by less than this. */
const DRIFT = 1e-4;
/** Time stamps of two hosts are not read more evenly than this, seconds. */
const NOISE = 20e-6;

export const median = (sorted: readonly number[]) => sorted[sorted.length >> 1]!;

interface Meeting {
  packet: TimelinePacket;
  /** Time there less time here. */
  difference: number;
  ttlLost: number;
}

function meetings(
  ours: readonly TimelinePacket[],
  theirs: readonly TimelinePacket[],
  { there, exact }: Alignment,
  shift: number,
): Meeting[] {
  return ours.flatMap((packet, i) => {
    const other = theirs[there[i]!];
    if (other === undefined || !exact[i]) return [];
    return [{ packet, difference: other.time + shift - packet.time, ttlLost: packet.ttl - other.ttl }];
  });
}

/**
 * Who is nearer the originator, by time alone: its packets come later at the
 * far vantage than the responder's do, by the round trip between the two,
 * however wrong the clocks are. Packets close to each other are compared, so
 * that drift does not matter.
 */
function orderByTime(met: readonly Meeting[]): number {
  let first = 0;
  let second = 0;
  for (let i = 1; i < met.length; i++) {
    const a = met[i - 1]!;
    const b = met[i]!;
    if (a.packet.from === b.packet.from) continue;
    const [out, back] = a.packet.from === 'originator' ? [a, b] : [b, a];
    const lead = out.difference - back.difference;
    const slack = NOISE + DRIFT * Math.abs(b.packet.time - a.packet.time);
    if (lead > slack) first++;
    else if (lead < -slack) second++;
  }
  return first > 0 && second > 0 ? 0 : first - second;
}

/** Routers that the packets of each side crossed between here and there; the sign tells who came first. */
function orderByTtl(met: readonly Meeting[]): { order: number; hops: number } {
  const lost = (side: string) =>
    met
      .filter(({ packet }) => packet.from === side)
      .map(({ ttlLost }) => ttlLost)
      .sort((a, b) => a - b);
  const out = lost('originator');
  const back = lost('responder');
  const there = out.length === 0 ? null : median(out);
  const here = back.length === 0 ? null : -median(back);
  const order = Math.sign(there ?? 0) || Math.sign(here ?? 0);
  if (there !== null && here !== null && Math.sign(there) * Math.sign(here) < 0)
    return { order: 0, hops: -1 };
  const known = [there, here].filter((value) => value !== null);
  return { order, hops: known.length === 0 ? -1 : Math.min(...known.map(Math.abs)) };
}

/**
 * A packet needs some time from vantage to vantage, so the clocks differ by less
 * than what the packets of one direction show and by more than what those of
 * the other do: the middle is the estimate, half the round trip between the
 * error. Clocks that drift apart may leave no room; then medians serve.
 */
function clockOf(out: readonly number[], back: readonly number[], order: number): ClockDifference | null {
  if (out.length === 0 || back.length === 0) return null;
  const [forward, backward] = order < 0 ? [back, out] : [out, back];
  const upper = forward[0]!;
  const lower = backward.at(-1)!;
  if (order !== 0 && upper >= lower) return { offset: (upper + lower) / 2, error: (upper - lower) / 2 };
  const offset = (median(out) + median(back)) / 2;
  const error = Math.max(...out, ...back) - Math.min(...out, ...back);
  return { offset, error };
}

/** @param shift what to add to times there to count them from the epoch here */
export function timingOf(
  ours: readonly TimelinePacket[],
  theirs: readonly TimelinePacket[],
  alignment: Alignment,
  shift: number,
): Timing {
  const met = meetings(ours, theirs, alignment, shift);
  const byTime = orderByTime(met);
  const byTtl = orderByTtl(met);
  // Time cannot run backwards; a TTL can be rewritten.
  const order = byTime !== 0 ? byTime : byTtl.order;
  const agree = byTime === 0 || byTtl.order === 0 || Math.sign(byTime) === byTtl.order;
  const differences = (side: string) =>
    met
      .filter(({ packet }) => packet.from === side)
      .map(({ difference }) => difference)
      .sort((a, b) => a - b);
  const originator = differences('originator');
  const responder = differences('responder');
  return {
    nearerOriginator: order === 0 ? null : order > 0 ? 'this' : 'other',
    clock: clockOf(originator, responder, order),
    differences: { originator, responder },
    hops: agree ? byTtl.hops : -1,
  };
}
