import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { distance, isReset } from '../packets.ts';

/** Captures of several queues write packets down this much out of order, seconds. */
const DISORDER = 0.001;
/** A clock is measured over this long at least, seconds. */
const SHORTEST_SPAN = 0.2;
/** Ticks a second of timestamp clocks in use: old BSD and Windows, Linux by its HZ, today's stacks, tcp_usec_ts. */
const RATES = [10, 100, 250, 1000, 1e6];
const COMMON_RATE = 1000;
/** A measured rate may be this far off one of them. */
const TOLERANCE = 0.25;

function rateOf(ticks: number, span: number): number {
  const measured = ticks / span;
  const fitting = RATES.find((rate) => Math.abs(measured / rate - 1) <= TOLERANCE);
  if (fitting !== undefined) return fitting;
  if (span >= SHORTEST_SPAN) return Number.NaN;
  return measured > 2 * COMMON_RATE ? 1e6 : COMMON_RATE;
}

/**
 * By how much the capture's clock was set forward before position `index`, seconds; negative when it was set back, NaN
 * when the packets do not tell. The timestamps of `side`, whose packets need not be in question, show how much time
 * truly passed; a queue on their way looks like a small step forward.
 */
export function clockStep(timeline: readonly TimelinePacket[], side: Side, index: number): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= index; i++) {
    const { time } = timeline[i]!;
    if (time < latest - DISORDER) return time - latest;
    latest = Math.max(latest, time);
  }
  const stamped = timeline.slice(0, index).filter((p) => p.from === side && !isReset(p) && p.tsVal >= 0);
  const [first, ...others] = stamped;
  const last = others.at(-1);
  if (first === undefined || last === undefined || last.time <= first.time) return 0;
  const rate = rateOf(distance(last.tsVal, first.tsVal), last.time - first.time);
  if (Number.isNaN(rate)) return Number.NaN;
  const offsets = stamped.map((p) => p.time - first.time - distance(p.tsVal, first.tsVal) / rate);
  // Queues only add to an offset: one that falls below all before it shows a clock that was set back.
  let least = offsets[0]!;
  let back = 0;
  for (const offset of offsets) {
    back = Math.min(back, offset - least);
    least = Math.min(least, offset);
  }
  const forward = offsets.at(-1)! - least;
  return -back > forward ? back : forward;
}
