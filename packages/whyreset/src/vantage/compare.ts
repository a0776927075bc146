import type { Connection, Side } from '../connection/connection.ts';
import { endpoint, isReset, isSyn } from '../connection/packet-kind.ts';
import { swapped } from '../connection/swap.ts';
import { type Alignment, align } from './align.ts';
import { median, type Timing, timingOf } from './clock.ts';
import { type Comparison, fatesOf, passing, type View } from './fates.ts';
import { type Numbering, numberingOf } from './numbering.ts';
import type { Pair } from './pair.ts';
import { samePayload } from './payload.ts';

const SIDES = ['originator', 'responder'] as const;

/** How far the packets of one direction were recognised, by what passes a NAT or firewall unchanged. */
interface Likeness {
  numbering: Numbering;
  alignment: Alignment;
  /** Packets recognised one by one. */
  exact: number;
}

function likenessOf(here: Connection, there: Connection): Likeness {
  const numbering = numberingOf(here, there);
  const alignment = align(here, there, numbering);
  return { numbering, alignment, exact: alignment.exact.filter((is) => is).length };
}

const sameName = (one: Connection, two: Connection) =>
  SIDES.every((side) => {
    const a = endpoint(one, side);
    const b = endpoint(two, side);
    return a.address === b.address && a.port === b.port;
  });

/**
 * One TCP connection, and not two that carry the same: its numbers are the same
 * in both captures, or shifted while its timestamps or IP identifications, which
 * a box that ends the connection makes anew, are not.
 */
function isOne({ numbering, alignment, exact }: Likeness, named: boolean): boolean {
  if (exact === 0) return false;
  const shifts = SIDES.map((side) => numbering[side]).filter((shift) => shift !== null);
  const moved = shifts.filter((shift) => shift !== 0).length;
  if (moved > 0) {
    // New numbers both ways under new names are those of a proxy, or of quite another connection.
    const known = named || moved < shifts.length;
    const kept = alignment.keepsTimestamps ?? (alignment.keepsIds === true && moved < shifts.length);
    return known && kept && exact > 1;
  }
  if (alignment.keepsTimestamps === true || named) return true;
  // Under another name, one number of 32 bits is no proof: two independent ones, or a few packets, are.
  return exact > 2 || (exact > 1 && shifts.length === 2);
}

/** TTL that the packets of a side lost from here to there; null when none is in both, or most disagree. */
function ttlLost(here: Connection, there: Connection, alignment: Alignment, side: Side): number | null {
  const lost = here.timeline.flatMap((p, i) => {
    const q = there.timeline[alignment.there[i]!];
    return q === undefined || p.from !== side || isReset(p) ? [] : [p.ttl - q.ttl];
  });
  return lost.length === 0 ? null : median(lost.sort((a, b) => a - b));
}

const NAMES: Record<Side, string> = { originator: 'client', responder: 'server' };

/** What all packets of a direction had changed on the way. */
function changesOf(here: Connection, there: Connection, { numbering, alignment }: Likeness): string[] {
  const changes: string[] = [];
  for (const side of SIDES) {
    const a = endpoint(here, side);
    const b = endpoint(there, side);
    const whose = `the ${NAMES[side]}’s`;
    const shift = numbering[side];
    if (shift !== null && shift !== 0) changes.push(`${whose} sequence numbers shifted by ${shift >>> 0}`);
    const bothOpen = [here, there].every((c) => c.timeline.some((p) => p.from === side && isSyn(p)));
    if (!bothOpen) continue;
    if (a.mss !== b.mss) changes.push(`${whose} MSS ${a.mss} here and ${b.mss} there`);
    if (a.windowScale !== b.windowScale)
      changes.push(`${whose} window scale ${a.windowScale} here and ${b.windowScale} there`);
    if (a.timestamps !== b.timestamps)
      changes.push(`${whose} timestamps taken out ${a.timestamps ? 'on the way there' : 'on the way here'}`);
  }
  if (alignment.keepsTimestamps === false) changes.push('timestamps rewritten');
  if (alignment.keepsIds === false) changes.push('IP identifications rewritten');
  return changes;
}

/** The sides of `there` as they are called here. */
function turned(here: Connection, there: Connection): Connection {
  if (here.sawHandshake && there.sawHandshake) return there;
  const flipped = swapped(there);
  return likenessOf(here, flipped).exact > likenessOf(here, there).exact ? flipped : there;
}

function terminated(other: Connection, likeness: Likeness): Pair {
  return {
    other,
    relation: 'terminated',
    translated: true,
    nearerOriginator: null,
    clock: null,
    hops: null,
    shifts: { originator: null, responder: null },
    seesResets: { originator: false, responder: false },
    altered: [],
    fates: [],
    otherFates: likeness.alignment.here.map(() => ({
      kind: 'unknown',
      why: 'the connection is ended and begun anew between the captures',
    })),
    passing: () => null,
    moment: () => null,
  };
}

/**
 * Holds two captures' views of what may be one connection against each other;
 * null when they are not the same connection.
 *
 * @param shift what to add to times there to count them from the epoch here, seconds
 */
export function compare(here: View, there: View, shift: number): Pair | null {
  const other = turned(here.connection, there.connection);
  const one = here.connection;
  const likeness = likenessOf(one, other);
  const named = sameName(one, other);
  if (!isOne(likeness, named)) return samePayload(one, other) ? terminated(other, likeness) : null;
  const { alignment, numbering } = likeness;
  const timing: Timing = timingOf(one.timeline, other.timeline, alignment, shift);
  const { nearerOriginator, differences } = timing;
  const lost = {
    originator: ttlLost(one, other, alignment, 'originator'),
    responder: ttlLost(one, other, alignment, 'responder'),
  };
  const numbered = { originator: numbering.originator !== null, responder: numbering.responder !== null };
  const comparison: Comparison = {
    here,
    there: { ...there, connection: other },
    matches: alignment.there,
    back: alignment.here,
    nearerOriginator,
    differences,
    shift,
    ttlLost: lost,
    numbered,
  };
  const negative = (value: number | null) => (value === null ? null : -value);
  const mirrored: Comparison = {
    here: comparison.there,
    there: here,
    matches: alignment.here,
    back: alignment.there,
    nearerOriginator: nearerOriginator === null ? null : nearerOriginator === 'this' ? 'other' : 'this',
    differences: {
      originator: differences.originator.map((d) => -d).reverse(),
      responder: differences.responder.map((d) => -d).reverse(),
    },
    shift: -shift,
    ttlLost: { originator: negative(lost.originator), responder: negative(lost.responder) },
    numbered,
  };
  return {
    other,
    relation: 'same',
    translated: !named,
    nearerOriginator,
    clock: timing.clock,
    hops: timing.hops < 0 ? null : timing.hops,
    shifts: numbering,
    seesResets: {
      originator: there.resetters.has(other.originator.address),
      responder: there.resetters.has(other.responder.address),
    },
    altered: changesOf(one, other, likeness),
    fates: fatesOf(comparison),
    otherFates: fatesOf(mirrored),
    passing: (packet) => passing(comparison, packet),
    moment: ({ time }) => (timing.clock === null ? null : time + shift - timing.clock.offset),
  };
}
