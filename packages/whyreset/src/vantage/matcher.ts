import { type Brief, newBrief } from '../connection/archive/brief.ts';
import type { Connection } from '../connection/connection.ts';
import { compare } from './compare.ts';
import type { View } from './fates.ts';
import { attemptNumbers, firstTimestamps, initialNumbers, packetNumbers } from './keys.ts';
import type { Pair } from './pair.ts';
import { openingHash } from './payload.ts';
import { type Watch, Watches } from './watch.ts';

/** Connections of one input, by index. */
export interface Collection {
  readonly length: number;
  connection(index: number): Connection;
  /** Only what tells it from others. */
  brief(index: number, into: Brief): void;
  /** Connections of the capture that are not in it, because it was full. */
  readonly dropped: number;
}

/** What one input offers to be matched. */
export interface Source {
  /** Troubled connections. */
  archive: Collection;
  /** Healthy ones. */
  twins: Collection;
  /** Time of the last segment, seconds since the epoch of the input. */
  until: number;
  /** The epoch, seconds since 1970. */
  epochSeconds: number;
  /** Every packet of it could be read: what is missing was not there. */
  complete: boolean;
  /** It holds connections before and after a translation of addresses, which makes each of them two here. */
  translated: boolean;
  /** What was seen of a server's address and port; null when nothing was. */
  hosts: { responder(address: string, port: number): { connections: number } | null };
}

/** A connection's place: troubled ones count from 0, the healthy follow. */
export interface Place {
  readonly input: number;
  readonly index: number;
}

/** Views of one connection in one input: before and after each translation on that machine. */
const MOST_VIEWS = 4;
/** Candidates looked at for one connection; more share a name only where ports are reused in a row. */
const MOST_CANDIDATES = 32;

const placeKey = ({ input, index }: Place) => `${input} ${index}`;

class Index {
  private readonly places = new Map<number, Place[]>();

  get size(): number {
    return this.places.size;
  }

  add(key: number | null, place: Place): void {
    if (key === null) return;
    const known = this.places.get(key);
    if (known === undefined) this.places.set(key, [place]);
    else if (known.length < MOST_CANDIDATES && known.at(-1) !== place) known.push(place);
  }

  at(key: number | null): readonly Place[] {
    return key === null ? [] : (this.places.get(key) ?? []);
  }
}

/**
 * Finds each troubled connection of one input in the others, whether it was
 * troubled there or not. Of healthy connections only the briefs are read,
 * unless a brief is like that of a troubled one elsewhere.
 */
export class Matcher {
  /** Connections counted in more than one input, each time beyond the first. */
  repeated = 0;
  private readonly sources: readonly Source[];
  /** By place: the connections in other inputs that are the same, at most one in each. */
  private readonly groups = new Map<string, Place[]>();
  /** By place: connections that carry the same payload over another TCP connection. */
  private readonly relayed = new Map<string, Place[]>();
  private readonly byName = new Index();
  private readonly byNumbers = new Index();
  private readonly byTimestamps = new Index();
  /** Packets of all troubled connections, and of those alone whose beginning was missed. */
  private readonly byPacket = new Index();
  private readonly byLatePacket = new Index();
  private readonly byOpening = new Index();
  private readonly byAttempt = new Index();
  /** By input: how many records bear a pair of names, and how many begin with the same words. */
  private readonly named: Map<number, number>[] = [];
  private readonly opened: Map<number, number>[] = [];
  /** By input: addresses from which it holds a RST. */
  private readonly resetters: Set<string>[] = [];
  private readonly watchers: Watches;
  private readonly own = newBrief();

  constructor(sources: readonly Source[]) {
    this.sources = sources;
    for (const input of sources.keys()) this.addInput(input);
    const seen = new Set<number>();
    for (const input of sources.keys()) this.lookUp(input, seen);
    this.watchers = new Watches(sources, (here, there) => this.hold(this.view(here), there));
  }

  connection({ input, index }: Place): Connection {
    const { archive, twins } = this.sources[input]!;
    return index < archive.length ? archive.connection(index) : twins.connection(index - archive.length);
  }

  /** The other views of the connection at a place, in the order of the inputs. */
  others({ input, index }: Place): readonly Place[] {
    return (this.groups.get(placeKey({ input, index })) ?? [])
      .filter((other) => other.input !== input || other.index !== index)
      .sort((a, b) => a.input - b.input || a.index - b.index);
  }

  /** The connection here held against its views elsewhere, and against those of a proxy's other side. */
  pairs(place: Place): Pair[] {
    const here = this.view(place);
    const elsewhere = [...this.others(place), ...(this.relayed.get(placeKey(place)) ?? [])];
    return elsewhere.flatMap((other) => {
      const pair = this.hold(here, other);
      return pair === null ? [] : [pair];
    });
  }

  /** Whether the other inputs would hold the attempt at a place, had it come there; none when it is no attempt. */
  watches(place: Place): Watch[] {
    const present = this.others(place);
    return this.watchers.of(place, this.connection(place), present);
  }

  private brief({ input, index }: Place): Brief {
    const { archive, twins } = this.sources[input]!;
    if (index < archive.length) archive.brief(index, this.own);
    else twins.brief(index - archive.length, this.own);
    return this.own;
  }

  private view(place: Place, connection = this.connection(place)): View {
    const siblings = (this.named[place.input]?.get(this.brief(place).names) ?? 0) > 1;
    const { until, complete } = this.sources[place.input]!;
    return { connection, siblings, until, complete, resetters: this.resetters[place.input]! };
  }

  private hold(here: View, place: Place): Pair | null {
    const there = this.view(place);
    const from = this.sources[here.connection.input]!.epochSeconds;
    return compare(here, there, this.sources[place.input]!.epochSeconds - from);
  }

  private *places(input: number): Generator<Place> {
    const { archive, twins } = this.sources[input]!;
    for (let index = 0; index < archive.length + twins.length; index++) yield { input, index };
  }

  private isTroubled({ input, index }: Place): boolean {
    return index < this.sources[input]!.archive.length;
  }

  private addInput(input: number): void {
    const named = new Map<number, number>();
    const opened = new Map<number, number>();
    const resetters = new Set<string>();
    this.named.push(named);
    this.opened.push(opened);
    this.resetters.push(resetters);
    for (const place of this.places(input)) {
      const brief = this.brief(place);
      const { names } = brief;
      const opening = openingHash(brief);
      named.set(names, (named.get(names) ?? 0) + 1);
      if (opening !== null) opened.set(opening, (opened.get(opening) ?? 0) + 1);
      if (!this.isTroubled(place)) continue;
      const numbers = initialNumbers(brief);
      this.byName.add(names, place);
      this.byNumbers.add(numbers, place);
      this.byTimestamps.add(firstTimestamps(brief), place);
      this.byOpening.add(opening, place);
      if (this.sources[input]!.translated) this.byAttempt.add(attemptNumbers(brief), place);
      const connection = this.connection(place);
      for (const { address, resets } of [connection.originator, connection.responder])
        if (resets > 0) resetters.add(address);
      for (const packet of packetNumbers(connection)) {
        this.byPacket.add(packet, place);
        if (numbers === null) this.byLatePacket.add(packet, place);
      }
    }
  }

  private lookUp(input: number, seen: Set<number>): void {
    const fresh = new Set<number>();
    const { translated } = this.sources[input]!;
    for (const place of this.places(input)) {
      const brief = this.brief(place);
      // Those that nobody asks about are told apart by their numbers alone, to be counted once.
      const numbers = initialNumbers(brief) ?? -brief.names;
      const candidates = this.candidates(place, brief);
      const joined = candidates.size > 0 && this.join(place, candidates);
      const again = translated && numbers > 0 && fresh.has(numbers);
      if (joined || again || seen.has(numbers)) this.repeated++;
      fresh.add(numbers);
    }
    for (const numbers of fresh) seen.add(numbers);
  }

  /** Joins a connection with the troubled ones it is; true when it was counted before, in this input or an earlier one. */
  private join(place: Place, candidates: Iterable<Place>): boolean {
    let here: View | null = null;
    let repeats = false;
    for (const other of candidates) {
      if (this.taken(place, other)) continue;
      here ??= this.view(place);
      const pair = this.hold(here, other);
      if (pair === null) continue;
      const within = other.input === place.input;
      if (pair.relation === 'same') {
        // In one capture a connection has one record under one name: two are two connections in a row.
        if (within && !pair.translated) continue;
        this.unite(place, other);
        repeats ||= other.input <= place.input;
      } else if (!within && this.only(place) && this.only(other)) {
        this.relate(place, other);
        this.relate(other, place);
      }
    }
    return repeats;
  }

  /** Troubled connections of other inputs that it may be, the likeliest first. */
  private candidates(place: Place, brief: Brief): Set<Place> {
    const found = new Set<Place>();
    const add = (places: readonly Place[]) => {
      for (const other of places) {
        // Two troubled ones meet twice; once is enough.
        const within = other.input === place.input;
        const met = within
          ? !this.sources[place.input]!.translated || other.index >= place.index
          : other.input > place.input && this.isTroubled(place);
        if (!met) found.add(other);
      }
    };
    const numbers = initialNumbers(brief);
    add(this.byNumbers.at(numbers));
    add(this.byTimestamps.at(firstTimestamps(brief)));
    add(this.byAttempt.at(attemptNumbers(brief)).filter(({ input }) => input === place.input));
    add(this.byName.at(brief.names));
    const opening = openingHash(brief);
    // Two that both show their beginning are known by that.
    const packets = numbers === null ? this.byPacket : this.byLatePacket;
    if (packets.size > 0) for (const packet of packetNumbers(this.connection(place))) add(packets.at(packet));
    // What many begin with tells none from another.
    if (opening !== null && this.opened[place.input]!.get(opening) === 1)
      add(this.byOpening.at(opening).filter(({ input }) => this.opened[input]!.get(opening) === 1));
    return found;
  }

  /** No other connection of the input begins with the same words: what begins alike need not belong together. */
  private only(place: Place): boolean {
    const opening = openingHash(this.brief(place));
    return opening !== null && this.opened[place.input]!.get(opening) === 1;
  }

  private taken(one: Place, two: Place): boolean {
    const has = (place: Place, input: number) =>
      (this.groups.get(placeKey(place)) ?? []).some((member) => member.input === input);
    if (one.input === two.input)
      return (this.groups.get(placeKey(one)) ?? []).some(({ index }) => index === two.index);
    return has(one, two.input) || has(two, one.input);
  }

  private unite(one: Place, two: Place): void {
    const all = [...(this.groups.get(placeKey(one)) ?? [one]), ...(this.groups.get(placeKey(two)) ?? [two])];
    // One view in each input, or one on each side of a translation: what would bring another is left alone.
    const views = (input: number) => all.filter((place) => place.input === input).length;
    if (all.some(({ input }) => views(input) > (this.sources[input]!.translated ? MOST_VIEWS : 1))) return;
    for (const place of all) this.groups.set(placeKey(place), all);
  }

  private relate(place: Place, other: Place): void {
    const key = placeKey(place);
    this.relayed.set(key, [...(this.relayed.get(key) ?? []), other]);
  }
}
