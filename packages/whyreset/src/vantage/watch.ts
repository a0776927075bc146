import { type Brief, newBrief } from '../connection/archive/brief.ts';
import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import { endpoint, hasAck, isReset, isSyn } from '../connection/packet-kind.ts';
import { initialNumbers } from './keys.ts';
import type { Place, Source } from './matcher.ts';
import { nearer, type Pair } from './pair.ts';

/** A connection of the same two hosts that both captures hold. */
export interface Reference {
  /** Its first packet in each capture. */
  here: number;
  there: number;
  /** How the other capture has it. */
  connection: Connection;
}

/**
 * Whether another capture would hold an attempt to connect, had it come to its
 * place. An attempt leaves little by which a capture could be compared, so
 * connections of the same two hosts before and behind it speak for it.
 */
export type Watch =
  | {
      watched: true;
      /** Index of the other input, and whether it holds the attempt. */
      input: number;
      present: boolean;
      /** The end that the other capture is nearer to. */
      side: Side;
      before: Reference;
      after: Reference;
      /** Routers between the two captures; null unknown. */
      hops: number | null;
    }
  | { watched: false; input: number; present: boolean; why: string };

/** An established connection of two hosts, as one input has it. */
interface Entry {
  place: Place;
  numbers: number;
  port: number;
  start: number;
  end: number;
}

/** What one input holds of two hosts. */
interface Held {
  /** In the order of their SYNs. */
  entries: Entry[];
  byNumbers: Map<number, Entry>;
}

/** The established connections of two hosts that one input has, held against those of another. */
interface Common {
  both: Entry[];
  missing: Entry[];
  longest: Entry | null;
}

/** References kept in full. */
const MOST_PAIRS = 64;

/** What is asked about an input as a whole, gathered at the first question. */
interface AttemptIndex {
  /** By hash of both addresses, for those that attempts ask about. */
  hosts: Map<number, Held>;
  /** How often a pair of names, and an initial number of an originator, stands there. */
  names: Map<number, number>;
  numbers: Map<number, number>;
}

/** A SYN that nothing but a refusal, or nothing, followed. */
export function isAttempt({ originator, responder, timeline, sawHandshake }: Connection): boolean {
  if (!sawHandshake || !originator.synSeen || responder.synSeen) return false;
  return timeline.every((p) => isReset(p) || (p.from === 'originator' && isSyn(p) && !hasAck(p)));
}

const count = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);

/** Answers for each attempt of one input what the others are worth as references. */
export class Watches {
  private readonly sources: readonly Source[];
  private readonly hold: (here: Place, there: Place) => Pair | null;
  private readonly own = newBrief();
  private indexes: AttemptIndex[] | null = null;
  /** By two inputs and two hosts. */
  private readonly commons = new Map<string, Common>();
  /** By the places of a reference in both inputs; the attempts of one minute share theirs. */
  private readonly pairs = new Map<string, Pair | null>();

  constructor(sources: readonly Source[], hold: (here: Place, there: Place) => Pair | null) {
    this.sources = sources;
    this.hold = hold;
  }

  /** @param present places in other inputs that are this connection */
  of(place: Place, connection: Connection, present: readonly Place[]): Watch[] {
    if (!isAttempt(connection)) return [];
    return [...this.sources.keys()]
      .filter((input) => input !== place.input)
      .map((input) =>
        this.watch(
          place,
          connection,
          input,
          present.some((other) => other.input === input),
        ),
      );
  }

  private brief(input: number, index: number): Brief {
    const { archive, twins } = this.sources[input]!;
    if (index < archive.length) archive.brief(index, this.own);
    else twins.brief(index - archive.length, this.own);
    return this.own;
  }

  /** One walk over all briefs tells which hosts are asked about, a second gathers what is held of them. */
  private indexOf(input: number): AttemptIndex {
    if (this.indexes === null) {
      const asked = new Set<number>();
      for (const [at, { archive }] of this.sources.entries())
        for (let index = 0; index < archive.length; index++) {
          const { originatorSeq, responderSeq, addresses } = this.brief(at, index);
          if (originatorSeq >= 0 && responderSeq < 0) asked.add(addresses);
        }
      this.indexes = [...this.sources.keys()].map((at) => this.gather(at, asked));
    }
    return this.indexes[input]!;
  }

  private gather(input: number, asked: ReadonlySet<number>): AttemptIndex {
    const attempts: AttemptIndex = { hosts: new Map(), names: new Map(), numbers: new Map() };
    const { archive, twins } = this.sources[input]!;
    for (let index = 0; index < archive.length + twins.length; index++) {
      const brief = this.brief(input, index);
      count(attempts.names, brief.names);
      if (brief.originatorSeq >= 0) count(attempts.numbers, brief.originatorSeq);
      const numbers = initialNumbers(brief);
      if (numbers === null || !asked.has(brief.addresses)) continue;
      const { start, end, responderPort: port, addresses } = brief;
      const held = attempts.hosts.get(addresses) ?? { entries: [], byNumbers: new Map<number, Entry>() };
      const entry = { place: { input, index }, numbers, port, start, end };
      held.entries.push(entry);
      held.byNumbers.set(numbers, entry);
      attempts.hosts.set(addresses, held);
    }
    for (const { entries } of attempts.hosts.values()) entries.sort((a, b) => a.start - b.start);
    return attempts;
  }

  private watch(place: Place, attempt: Connection, input: number, present: boolean): Watch {
    const no = (why: string): Watch => ({ watched: false, input, present, why });
    const { addresses, names, originatorSeq } = { ...this.brief(place.input, place.index) };
    const index = this.indexOf(input);
    const there = index.hosts.get(addresses);
    const first = attempt.timeline[0]!.time;
    const last = attempt.timeline.at(-1)!.time;
    if (there === undefined || !this.indexOf(place.input).hosts.has(addresses))
      return no('no other connection of these two hosts is in both captures');
    const { archive, twins, complete } = this.sources[input]!;
    if (!complete) return no('packets of the other capture could not be read');
    if (archive.dropped + twins.dropped > 0)
      return no('the other capture held more connections than are kept');
    if (!present && index.names.has(names))
      return no('the other capture has these ports in a record that could not be matched');
    if (!present && index.numbers.has(originatorSeq))
      return no('the other capture holds a SYN of the same number under other names');
    const { both, missing, longest } = this.common(place.input, input, addresses);
    const before = both[startedBy(both, first) - 1];
    const after =
      both[startedBy(both, last)] ?? (longest !== null && longest.end > last ? longest : undefined);
    if (before === undefined || after === undefined)
      return no(
        `no connection of these two hosts shows that the other capture ran ${before === undefined ? 'before' : 'after'} it`,
      );
    if (startedBy(missing, before.start) < startedBy(missing, Math.max(after.start, last)))
      return no('the other capture misses another connection of these two hosts');
    if (!this.looksAt(input, attempt, there))
      return no(
        `the other capture holds nothing else of port ${attempt.responder.port}: it may have been filtered`,
      );
    return this.judged(input, present, [before, after], there, { first, last });
  }

  /** The capture was not limited to other ports of that server: it holds this one, or several. */
  private looksAt(input: number, { responder: { address, port } }: Connection, { entries }: Held): boolean {
    const served = this.sources[input]!.hosts.responder(address, port);
    return (served?.connections ?? 0) > 0 || entries.some((entry) => entry.port !== entries[0]!.port);
  }

  private common(here: number, there: number, addresses: number): Common {
    const key = `${here} ${there} ${addresses}`;
    const known = this.commons.get(key);
    if (known !== undefined) return known;
    const { byNumbers } = this.indexOf(there).hosts.get(addresses)!;
    const common: Common = { both: [], missing: [], longest: null };
    for (const entry of this.indexOf(here).hosts.get(addresses)!.entries) {
      if (!byNumbers.has(entry.numbers)) {
        common.missing.push(entry);
        continue;
      }
      common.both.push(entry);
      if (common.longest === null || entry.end > common.longest.end) common.longest = entry;
    }
    this.commons.set(key, common);
    return common;
  }

  private pair(here: Entry, there: Held): Pair | null {
    const other = there.byNumbers.get(here.numbers)!.place;
    const key = `${here.place.input} ${here.place.index} ${other.input} ${other.index}`;
    const known = this.pairs.get(key);
    if (known !== undefined) return known;
    const pair = this.hold(here.place, other);
    if (this.pairs.size >= MOST_PAIRS) this.pairs.clear();
    this.pairs.set(key, pair);
    return pair;
  }

  private judged(
    input: number,
    present: boolean,
    ends: readonly [Entry, Entry],
    there: Held,
    { first, last }: { first: number; last: number },
  ): Watch {
    const no = (why: string): Watch => ({ watched: false, input, present, why });
    const found = ends.map((entry) => this.pair(entry, there));
    const [before, after] = found;
    if (before == null || after == null || found.some((pair) => pair!.relation !== 'same'))
      return no('the connections of these two hosts in both captures could not be matched');
    if (found.some((pair) => pair!.translated)) return no('addresses are translated between the captures');
    const near = nearer(before, 'responder');
    if (near === null || near !== nearer(after, 'responder'))
      return no('nothing tells which of the captures is nearer the server');
    if (found.some((pair) => losesPackets(pair!)))
      return no('the other capture misses packets of other connections');
    const spans = (pair: Pair, at: Entry, during: (p: TimelinePacket) => boolean) =>
      speaksBothWays(this.timelineOf(at), pair, during);
    if (!spans(before, ends[0], (p) => p.time < first))
      return no('no packets of both directions show that the other capture ran before it');
    if (!spans(after, ends[1], (p) => p.time > last))
      return no('no packets of both directions show that the other capture ran after it');
    const reference = (entry: Entry, { other }: Pair): Reference => ({
      here: this.timelineOf(entry)[0]!.number,
      there: other.timeline[0]!.number,
      connection: other,
    });
    return {
      watched: true,
      input,
      present,
      side: near === 'other' ? 'responder' : 'originator',
      before: reference(ends[0], before),
      after: reference(ends[1], after),
      hops: after.hops ?? before.hops,
    };
  }

  private timelineOf({ place: { input, index } }: Entry): readonly TimelinePacket[] {
    const { archive, twins } = this.sources[input]!;
    const connection =
      index < archive.length ? archive.connection(index) : twins.connection(index - archive.length);
    return connection.timeline;
  }
}

/** How many began before `time`, or at it; the entries are in that order. */
function startedBy(entries: readonly Entry[], time: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.start <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The other capture has holes in the connection, or lacks what must have passed it before it came here. */
function losesPackets({ other, fates }: Pair): boolean {
  const gaps = (['originator', 'responder'] as const).some((side) => endpoint(other, side).gaps > 0);
  return gaps || fates.some(({ kind }) => kind === 'injected' || kind === 'missing');
}

/** Packets of both sides that are in both captures. */
function speaksBothWays(
  timeline: readonly TimelinePacket[],
  { fates }: Pair,
  during: (p: TimelinePacket) => boolean,
): boolean {
  const seen = (side: Side) =>
    timeline.some((p, i) => p.from === side && fates[i]?.kind === 'both' && during(p));
  return seen('originator') && seen('responder');
}
