import { type Place, pairKey, placeKey } from './place.ts';
import type { HostRecords } from './records.ts';
import { TraceClock } from './trace-clock.ts';
import { type TraceEvent, tellsAll } from './trace-event.ts';

/** The RSTs of one side of one connection, as captured. */
export interface SeenReset {
  from: Place;
  to: Place;
  /** Of the first of them, seconds since the capture's epoch. */
  time: number;
  /** How many this side sent in the connection. */
  count: number;
}

/** What the trace says of a captured RST. */
export type Matched =
  | { event: TraceEvent /** No other reading of trace and capture is left. */; certain: boolean }
  | { event: null; why: string };

/** That the traced host sent others before and after, but not this one. */
export type Silence =
  | { silent: true; before: TraceEvent; after: TraceEvent }
  | { silent: false; why: string };

interface Pair {
  sent: TraceEvent[];
  received: TraceEvent[];
  /** Sides of connections in the capture with RSTs between these ends. */
  seen: SeenReset[];
}

/** Two events of one place that frame a stretch of the capture. */
interface Covered {
  first: { time: number; event: TraceEvent };
  last: { time: number; event: TraceEvent };
}

/** Tells which trace event belongs to which captured RST: by the ends and the order, by time where the clocks allow. */
export class TraceMatch {
  private readonly records: HostRecords;
  private readonly pairs = new Map<string, Pair>();
  /** Answers of listening sockets, which name no peer, by place. */
  private readonly listening = new Map<string, TraceEvent[]>();
  /** Captured RSTs of a place for which no event names both ends. */
  private readonly unnamed = new Map<string, number[]>();
  private readonly clocks = new Map<number, TraceClock>();
  private readonly covered = new Map<string, Covered>();
  private readonly tasks = new Set<string>();

  constructor(records: HostRecords) {
    this.records = records;
    for (const event of records.events) {
      if (event.task !== '') this.tasks.add(event.task);
      if (event.remote === null) {
        if (event.kind === 'send') listOf(this.listening, placeKey(event.local)).push(event);
        continue;
      }
      const pair = this.pair(pairKey(event.local, event.remote));
      (event.kind === 'send' ? pair.sent : pair.received).push(event);
    }
  }

  private pair(key: string): Pair {
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      pair = { sent: [], received: [], seen: [] };
      this.pairs.set(key, pair);
    }
    return pair;
  }

  private clock(source: number): TraceClock {
    let clock = this.clocks.get(source);
    if (clock === undefined) {
      clock = new TraceClock();
      this.clocks.set(source, clock);
    }
    return clock;
  }

  /** Every side with RSTs, once each, before `settle`. */
  see(reset: SeenReset): void {
    const pair = this.pairs.get(pairKey(reset.from, reset.to));
    if (pair !== undefined && pair.sent.length > 0) pair.seen.push(reset);
    else listOf(this.unnamed, placeKey(reset.from)).push(reset.time);
    // Received ones only help to compare the clocks.
    const other = this.pairs.get(pairKey(reset.to, reset.from));
    if (other !== undefined && other.received.length === 1 && reset.count === 1 && other.seen.length === 0)
      this.clock(other.received[0]!.source).sample(reset.time, other.received[0]!.time);
  }

  settle(): void {
    for (const { sent, seen } of this.pairs.values()) {
      const [only] = seen;
      if (seen.length !== 1 || only === undefined || sent.length !== only.count) continue;
      const event = sent[0]!;
      this.clock(event.source).sample(only.time, event.time);
      const framed = { time: only.time, event };
      const key = placeKey(only.from);
      const known = this.covered.get(key);
      if (known === undefined) this.covered.set(key, { first: framed, last: framed });
      else if (only.time < known.first.time) known.first = framed;
      else if (only.time > known.last.time) known.last = framed;
    }
    for (const clock of this.clocks.values()) clock.settle();
  }

  /** Seconds from the event to the RST, NaN when unknown. */
  private apart(event: TraceEvent, time: number): number {
    return Math.abs(this.clock(event.source).between(event.time, time));
  }

  private near(events: readonly TraceEvent[], time: number): TraceEvent[] {
    return events
      .filter((event) => this.apart(event, time) <= this.clock(event.source).tolerance)
      .sort((a, b) => this.apart(a, time) - this.apart(b, time));
  }

  /** @param answer the RST has the shape of the stack's answer to a segment, not of a socket that ends itself */
  sent(reset: SeenReset, answer: boolean): Matched {
    const pair = this.pairs.get(pairKey(reset.from, reset.to));
    if (pair === undefined || pair.sent.length === 0) return this.listener(reset, answer);
    const fitting = pair.sent.filter((event) => event.answer === null || event.answer === answer);
    if (fitting.length === 0)
      return {
        event: null,
        why: 'the trace holds a RST between these ends, but of the other kind (a socket that ends itself, an answer to a segment)',
      };
    const ordered = pair.seen.length === 1 && pair.sent.length === reset.count ? pair.sent[0]! : null;
    if (ordered !== null && fitting.includes(ordered)) {
      const clock = this.clock(ordered.source);
      const off = this.apart(ordered, reset.time) > clock.tolerance;
      return { event: ordered, certain: !clock.contradicts && !(clock.tolerance >= 0 && off) };
    }
    const [nearest] = this.near(fitting, reset.time);
    if (nearest !== undefined) return { event: nearest, certain: true };
    return {
      event: null,
      why: `the trace holds ${pair.sent.length} RSTs between these ends and the capture ${reset.count}: which is which cannot be told`,
    };
  }

  /** A listening socket's answer names only its own end: it is matched by time. */
  private listener(reset: SeenReset, answer: boolean): Matched {
    const key = placeKey(reset.from);
    const events = answer ? (this.listening.get(key) ?? []) : [];
    const [nearest, ...others] = this.near(events, reset.time);
    if (nearest !== undefined) {
      const { tolerance } = this.clock(nearest.source);
      const rivals = (this.unnamed.get(key) ?? []).filter((t) => Math.abs(t - reset.time) <= 2 * tolerance);
      return { event: nearest, certain: others.length + 1 >= rivals.length };
    }
    const [only] = events;
    if (only !== undefined && events.length === 1 && this.unnamed.get(key)?.length === 1)
      if (!this.clock(only.source).contradicts && Number.isNaN(this.apart(only, reset.time)))
        return { event: only, certain: false };
    return { event: null, why: 'the trace holds no RST from this end to that' };
  }

  /** The line that tells of the same RST being taken in by its receiver; null when there is none. */
  received(reset: SeenReset): TraceEvent | null {
    const events = this.pairs.get(pairKey(reset.to, reset.from))?.received ?? [];
    return events.length === 1 && reset.count === 1 ? events[0]! : (this.near(events, reset.time)[0] ?? null);
  }

  /** A trace that proves by what it does not hold must be whole, of this host, and running at that moment. */
  silence(reset: SeenReset): Silence {
    const { records } = this;
    const no = (why: string): Silence => ({ silent: false, why });
    if (!records.whole) return no('trace lines were lost');
    if (records.events.some((event) => event.kind === 'send' && !tellsAll(event)))
      return no('this kernel leaves resets without a socket out of its trace (before Linux 6.10)');
    // A trace cut to one process would miss what the stack answers in another's time.
    if (this.tasks.size < 2) return no('all lines of the trace are of one task: it may be cut to that');
    const key = placeKey(reset.from);
    const frame = this.covered.get(key);
    if (frame === undefined || frame.first.time >= reset.time || frame.last.time <= reset.time)
      return no('no RSTs of the same end, before and after, show that its host was being traced');
    if ((this.pairs.get(pairKey(reset.from, reset.to))?.sent.length ?? 0) > 0)
      return no('the trace holds a RST from this end to that');
    const answers = this.listening.get(key) ?? [];
    if (answers.some((event) => !(this.apart(event, reset.time) > 2 * this.clock(event.source).tolerance)))
      return no('a listening socket of this end answered about that time');
    return { silent: true, before: frame.first.event, after: frame.last.event };
  }
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
