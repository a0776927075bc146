import type { CaptureSink } from '../wire/reader.ts';
import type { IcmpQuote, Segment } from '../wire/segment.ts';

/** Where packets go once it is known which of them are copies. */
export interface CopySink extends CaptureSink {
  /** Connection of the last segment, -1 when it went to none. */
  readonly row: number;
  /** The packet at hand is one that was captured before, as number `original`. */
  copied(segment: Segment, original: number): void;
  /** What the connection of `segment` sends was captured under other addresses, as a packet of connection `row`. */
  translated(segment: Segment, row: number): void;
}

const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** Packets remembered: 2,048 sets of four, a cache line each. */
const SETS = 2048;
const WAYS = 4;
const WORDS = 16;
/** Words of an entry; what makes the packet, whose it is, where it was seen. */
const SECOND = 0;
const TUPLE = 1;
const NUMBER = 2;
const ROW = 3;
const TTL = 4;
const PLACE_COUNT = 5;
const TIME = 6;
const PLACES = 8;
const MOST_PLACES = WORDS - PLACES;

/** Seconds within which a copy follows at another place: a packet waits in a queue between two taps. */
const FORWARDING = 1;
/** The same for packets that carry neither an IP identification nor a timestamp. */
const BRIEF_FORWARDING = 0.02;
/** Seconds within which a mirror port or a second tap shows the same frame again. */
const MIRRORING = 0.005;
/** Routers between two taps of one machine. */
const MOST_HOPS = 4;

/** A capture doubles its packets when at least three in four come twice, and eight did, or one SYN. */
const DOUBLED_SHARE = 0.75;
const DOUBLED_LEAST = 8;
/**
 * After so many packets without a copy only SYNs, RSTs and one other packet
 * in eight are looked at, until one of these is a copy: to remember
 * every packet costs a tenth of all the rest.
 */
const QUIET = 65_536;
const ONE_IN = 7;

/** Counts are halved here, so that the habit follows the capture. */
const HABIT_WINDOW = 256;

/**
 * Finds packets that a capture holds more than once: `tcpdump -i any` on a
 * machine that forwards, both ends of a veth pair, a bridge and its port, a
 * mirror port that shows both directions. One packet was sent; its copies are
 * neither repetitions nor duplicates of the network. The rule, and what makes
 * it fail, is in docs/decisions/0013-packets-captured-twice.md.
 */
export class CopyFilter implements CaptureSink {
  copies = 0;
  private readonly sink: CopySink;
  /** First hash of each packet; apart from the rest, so that a packet seen nowhere costs one look. */
  private readonly tags = new Int32Array(SETS * WAYS);
  private readonly v = new Int32Array(SETS * WAYS * WORDS);
  private readonly d = new Float64Array(this.v.buffer);
  /** The way of each set that is used next. */
  private readonly next = new Uint8Array(SETS);
  private readonly quotes = new Map<string, number>();
  /** Packets that were shown once at their place, and those that were shown again at once. */
  private single = 0;
  /** Number of the last copy, and of its original. */
  private lastCopy = -1;
  private lastOriginal = -1;
  /** Packets looked at since the last copy. */
  private quiet = 0;
  private doubled = 0;
  private doubledSyn = false;
  /** Found by `look`: entries of the packet at hand elsewhere, at the same place, and under other addresses; -1 none. */
  private elsewhere = -1;
  private here = -1;
  private view = -1;

  constructor(sink: CopySink) {
    this.sink = sink;
    for (let at = TIME >> 1; at < this.d.length; at += WORDS >> 1) this.d[at] = Number.NEGATIVE_INFINITY;
  }

  segment(s: Segment): void {
    const tag = firstHash(s);
    if (this.quiet > QUIET && (tag & ONE_IN) !== 0 && !beginsOrResets(s.flags)) {
      this.sink.segment(s);
      return;
    }
    const set = (tag ^ (tag >>> 15)) & (SETS - 1);
    const way = set * WAYS;
    const { tags } = this;
    if (tags[way] === tag || tags[way + 1] === tag || tags[way + 2] === tag || tags[way + 3] === tag) {
      this.look(s, tag, way);
      const original = this.original(s);
      if (original >= 0) {
        this.copies++;
        this.quiet = 0;
        this.lastCopy = s.number;
        this.lastOriginal = this.v[original + NUMBER]!;
        this.addPlace(original, placeHash(s));
        this.sink.copied(s, this.v[original + NUMBER]! >>> 0);
        return;
      }
    } else this.view = -1;
    this.single++;
    this.quiet++;
    this.sink.segment(s);
    if (this.view >= 0) this.sink.translated(s, this.v[this.view + ROW]!);
    this.remember(s, tag, set);
  }

  /** An ICMP error that was shown at several places is one. */
  icmp(quote: IcmpQuote): void {
    const { type, code, seq, sourcePort, destinationPort, reporter, source } = quote;
    const key = `${type} ${code} ${seq} ${sourcePort} ${destinationPort} ${reporter} ${source}`;
    const before = this.quotes.get(key);
    if (before !== undefined && Math.abs(quote.time - before) <= BRIEF_FORWARDING) return;
    if (this.quotes.size >= SETS) this.quotes.clear();
    this.quotes.set(key, quote.time);
    this.sink.icmp?.(quote);
  }

  private look(s: Segment, tag: number, way: number): void {
    const { v, d, tags } = this;
    const second = secondHash(s);
    const tuple = tupleHash(s);
    const place = placeHash(s);
    this.elsewhere = -1;
    this.here = -1;
    this.view = -1;
    for (let i = way; i < way + WAYS; i++) {
      const at = i * WORDS;
      if (tags[i] !== tag || v[at + SECOND] !== second) continue;
      const age = Math.abs(s.time - d[(at + TIME) >> 1]!);
      if (age > FORWARDING) continue;
      if (v[at + TUPLE] !== tuple) {
        if (isDistinct(s)) this.view = at;
      } else if (this.wasAt(at, place)) {
        // Of several alike, the one that follows the original of the copy before.
        const next = v[at + NUMBER] === this.lastOriginal + 1;
        if (age <= MIRRORING && (this.here < 0 || next)) this.here = at;
      } else if (this.mayBeForwarded(at, s, age)) {
        // The n-th at this place is the n-th at another.
        const earlier = this.elsewhere < 0 || v[at + NUMBER]! < v[this.elsewhere + NUMBER]!;
        if (earlier) this.elsewhere = at;
      }
    }
  }

  private original(s: Segment): number {
    if (this.elsewhere >= 0) return this.elsewhere;
    return this.here >= 0 && this.isMirrored(s) ? this.here : -1;
  }

  private wasAt(at: number, place: number): boolean {
    const { v } = this;
    const from = at + PLACES;
    const to = from + v[at + PLACE_COUNT]!;
    for (let i = from; i < to; i++) if (v[i] === place) return true;
    return false;
  }

  private addPlace(at: number, place: number): void {
    const { v } = this;
    const count = v[at + PLACE_COUNT]!;
    if (this.wasAt(at, place)) return;
    v[at + PLACES + Math.min(count, MOST_PLACES - 1)] = place;
    if (count < MOST_PLACES) v[at + PLACE_COUNT] = count + 1;
  }

  /** The same packet at another place: it went on through this machine, or through a bridge. */
  private mayBeForwarded(at: number, s: Segment, age: number): boolean {
    if (Math.abs(this.v[at + TTL]! - s.ttl) > MOST_HOPS) return false;
    return age <= BRIEF_FORWARDING || isDistinct(s);
  }

  /**
   * The same packet at the same place, at once. A packet with an IP
   * identification of its own is never sent twice; of others only what the
   * capture does with the rest tells, because two RSTs that answer two segments
   * are alike.
   */
  private isMirrored(s: Segment): boolean {
    this.single = Math.max(0, this.single - 1);
    this.doubled++;
    if ((s.flags & SYN) !== 0) this.doubledSyn = true;
    if (this.single + this.doubled > HABIT_WINDOW) {
      this.single >>= 1;
      this.doubled >>= 1;
    }
    if (s.ipId > 0 || (s.flags & SYN) !== 0) return true;
    // Packet after packet comes again: a stretch of the capture was written twice.
    if (s.number === this.lastCopy + 1 && this.v[this.here + NUMBER] === this.lastOriginal + 1) return true;
    const often = this.doubledSyn || this.doubled >= DOUBLED_LEAST;
    return often && this.doubled >= DOUBLED_SHARE * (this.doubled + this.single);
  }

  private remember(s: Segment, tag: number, set: number): void {
    const { v, next } = this;
    const way = next[set]!;
    next[set] = (way + 1) & (WAYS - 1);
    const i = set * WAYS + way;
    const at = i * WORDS;
    this.tags[i] = tag;
    v[at + SECOND] = secondHash(s);
    v[at + TUPLE] = tupleHash(s);
    v[at + NUMBER] = s.number;
    v[at + ROW] = this.sink.row;
    v[at + TTL] = s.ttl;
    v[at + PLACE_COUNT] = 1;
    v[at + PLACES] = placeHash(s);
    this.d[(at + TIME) >> 1] = s.time;
  }
}

function beginsOrResets(flags: number): boolean {
  return (flags & RST) !== 0 || (flags & (SYN | ACK)) === SYN;
}

/** A second sending would show: in its IP identification, or in the millisecond of its timestamp. */
function isDistinct(s: Segment): boolean {
  return s.ipId > 0 || s.tsVal >= 0;
}

function mix(hash: number, word: number): number {
  const h = Math.imul(hash ^ word, 0x9e3779b1);
  return h ^ (h >>> 15);
}

/* What forwarding and translation leave alone, in two hashes that together are taken for the packet. */

function firstHash(s: Segment): number {
  return mix(mix(s.seq | 0, s.tsVal), ((s.flags & 0x3f) << 16) | (s.ipId & 0xffff));
}

function secondHash(s: Segment): number {
  let h = mix(mix((s.flags & ACK) !== 0 ? s.ack | 0 : 0, s.tsEcr), (s.payloadLength << 16) ^ s.window);
  // SACK blocks tell one duplicate ACK from the next; a router may rewrite the MSS in a SYN.
  if (s.headerLength > 32 && (s.flags & SYN) === 0) {
    const end = s.tcpOffset + Math.min(s.headerLength, s.tcpCaptured);
    for (let at = s.tcpOffset + 20; at < end; at++) h = mix(h, s.bytes[at]!);
  }
  return h;
}

function tupleHash({ source, destination, sourcePort, destinationPort, family }: Segment): number {
  let h = mix((sourcePort << 16) | destinationPort, source[0]! | 0);
  h = mix(h, destination[0]! | 0);
  if (family === 6) for (let i = 1; i < 4; i++) h = mix(mix(h, source[i]! | 0), destination[i]! | 0);
  return h;
}

/** Where a packet was captured: what tells one tap from another. */
function placeHash(s: Segment): number {
  const tap = mix(
    s.captureInterface,
    ((s.linkDirection + 1) << 20) | ((s.tunnels & 0xff) << 12) | (s.vlan & 0xfff),
  );
  return mix(mix(tap, s.macLow | 0), (s.macHigh << 8) | s.ttl);
}
