import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import { endpoint, isReset, other, unkept } from '../connection/packet-kind.ts';
import { median, type Timing } from './clock.ts';
import type { Fate } from './pair.ts';

/** One of the two captures, as the other one is held against it. */
export interface View {
  readonly connection: Connection;
  /** Time of the last segment of the whole capture. */
  readonly until: number;
  /** The capture has another record of the same addresses and ports: what is missing here may stand there. */
  readonly siblings: boolean;
  /** Every packet of the capture could be read. */
  readonly complete: boolean;
  /** Addresses from which the capture holds a RST. */
  readonly resetters: ReadonlySet<string>;
}

/** Everything that the fate of a packet is told from, as seen from the capture that holds it. */
export interface Comparison {
  readonly here: View;
  readonly there: View;
  /** Positions there of the packets here, -1 none. */
  readonly matches: readonly number[];
  /** The same the other way round. */
  readonly back: readonly number[];
  readonly nearerOriginator: 'this' | 'other' | null;
  /** Time there less time here, by side, ascending. */
  readonly differences: Timing['differences'];
  /** What to add to times there to count them from the epoch here. */
  readonly shift: number;
  /** TTL lost from here to there by the packets of a side, null unknown. */
  readonly ttlLost: Readonly<Record<Side, number | null>>;
  /** The numbers of a direction could be matched. */
  readonly numbered: Readonly<Record<Side, boolean>>;
}

/** Time stamps are read this unevenly, and crystals drift by this share. */
const LEAST_SLACK = 0.001;
const DRIFT = 1e-4;

/** Which way a packet of `side` travels: away to the other vantage, or from it towards this one. */
function direction({ nearerOriginator }: Comparison, side: Side): 'away' | 'towards' | null {
  if (nearerOriginator === null) return null;
  return (nearerOriginator === 'this') === (side === 'originator') ? 'away' : 'towards';
}

/** The other capture still ran when a packet that passed here must have passed there. */
function ranOn(c: Comparison, p: TimelinePacket): boolean {
  const known = c.differences[p.from];
  if (known.length === 0) return false;
  const spread = known.at(-1)! - known[0]!;
  const slack = LEAST_SLACK + 2 * spread + DRIFT * Math.abs(p.time - c.here.connection.start);
  return c.there.until + c.shift > p.time + known.at(-1)! + slack;
}

/** Packets of `side` that passed here but were missed by a capture that stands before this one: that one drops packets. */
function missedThere(c: Comparison, side: Side): TimelinePacket | undefined {
  const { timeline } = c.here.connection;
  const met = timeline.flatMap((p, i) => (p.from === side && c.matches[i] !== -1 ? [i] : []));
  const from = met[0] ?? 0;
  const to = met.at(-1) ?? -1;
  return timeline.find(
    (p, i) =>
      i > from &&
      i < to &&
      p.from === side &&
      !isReset(p) &&
      c.matches[i] === -1 &&
      keptBetween(c, neighbour(c, i, -1, side), neighbour(c, i, 1, side)),
  );
}

/** The nearest packet before (−1) or after (1) position `i` that is in both captures; of one side, or of either. */
function neighbour(c: Comparison, i: number, step: -1 | 1, side: Side | null): number {
  const { timeline } = c.here.connection;
  for (let k = i + step; k >= 0 && k < timeline.length; k += step) {
    if (c.matches[k] !== -1 && (side === null || timeline[k]!.from === side)) return k;
  }
  return -1;
}

/** All packets there between the matches of two positions here were kept. */
function keptBetween(c: Comparison, before: number, after: number): boolean {
  if (before < 0) return false;
  const { connection } = c.there;
  const from = c.matches[before]!;
  const to = after < 0 ? connection.timeline.length : c.matches[after]!;
  if (connection.elided > 0 && from < connection.elidedAt && to >= connection.elidedAt) return false;
  return after >= 0 || unkept(connection) === 0;
}

const unknown = (why: string): Fate => ({ kind: 'unknown', why });

/** A packet that is not in the other capture: whether that means anything. */
function absent(c: Comparison, i: number): Fate {
  const p = c.here.connection.timeline[i]!;
  const side = p.from;
  const { connection } = c.there;
  if (!c.there.complete) return unknown('packets of the other capture could not be read');
  if (!c.numbered[side])
    return unknown('the sequence numbers of that direction could not be matched between the captures');
  const way = direction(c, side);
  const before = neighbour(c, i, -1, side);
  // What leaves here after a packet has come from there passed there later than it did.
  const after = neighbour(c, i, 1, way === 'towards' ? null : side);
  if (before < 0) return unknown('no packet of that side before it is in both captures');
  if (after < 0 && (c.there.siblings || connection.ended === 'evicted'))
    return unknown('the other capture tells the end of this connection in another record');
  if (after < 0 && !ranOn(c, p))
    return unknown('nothing shows that the other capture still ran at that moment');
  const own = endpoint(connection, side);
  const noneThere = isReset(p) && own.resets === 0;
  if (!noneThere && !keptBetween(c, before, after))
    return unknown('the other capture has more packets at that place than were kept');
  if (isReset(p) && connection.timeline.some((q, k) => q.from === side && isReset(q) && c.back[k] === -1))
    return unknown(
      'the other capture holds a RST of that side too, which cannot be told apart from this one',
    );
  if (own.badChecksums > 0) return unknown('the other capture holds damaged packets of that side');
  if (way !== 'away') {
    const missed = missedThere(c, side);
    if (missed !== undefined)
      return unknown(`the other capture misses packet ${missed.number} of that side as well`);
    if (own.gaps > 0) return unknown('the other capture has gaps in that direction');
  }
  const { timeline } = c.here.connection;
  const kind = way === null ? 'missing' : way === 'away' ? 'lost' : 'injected';
  return { kind, before: timeline[before]!, after: timeline[after] ?? null };
}

/** What a packet had changed on the way beside what all others of its side had. */
function alterations(c: Comparison, p: TimelinePacket, q: TimelinePacket): string[] {
  const changes: string[] = [];
  const usual = c.ttlLost[p.from];
  const lost = p.ttl - q.ttl;
  if (usual !== null && lost !== usual)
    changes.push(`TTL ${p.ttl} here and ${q.ttl} there, a difference of ${lost} where others have ${usual}`);
  if (p.length === q.length && p.window !== q.window)
    changes.push(`window ${p.window} here and ${q.window} there`);
  if (p.length === q.length && p.headerLength !== q.headerLength)
    changes.push(`${p.headerLength} header bytes here and ${q.headerLength} there`);
  return changes;
}

/** TTL that packets of a side lose from here to there; of one that sent nothing but a RST, what those to it gain. */
function usualLoss({ ttlLost }: Comparison, side: Side): number | null {
  const back = ttlLost[other(side)];
  return ttlLost[side] ?? (back === null ? null : -back);
}

/** What became of each packet of the capture here in the one there. */
export function fatesOf(c: Comparison): Fate[] {
  const theirs = c.there.connection.timeline;
  return c.here.connection.timeline.map((p, i): Fate => {
    const packet = theirs[c.matches[i]!];
    if (packet === undefined) return absent(c, i);
    const ttlAsUsual = usualLoss(c, p.from) === p.ttl - packet.ttl;
    return { kind: 'both', packet, ttlAsUsual, altered: alterations(c, p, packet) };
  });
}

/** When a packet there passed here, or would have; null when no packet of its side is in both. */
export function passing(c: Comparison, packet: TimelinePacket): number | null {
  const known = c.differences[packet.from];
  return known.length === 0 ? null : packet.time + c.shift - median(known);
}
