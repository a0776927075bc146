import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import { distance, hasAck, isReset, other, past } from '../connection/packet-kind.ts';
import { FIN, RST, SYN } from '../wire/segment.ts';
import type { Numbering } from './numbering.ts';

/** Which packet of one timeline is which of the other, by position; -1 none. */
export interface Alignment {
  readonly there: readonly number[];
  readonly here: readonly number[];
  /** Matched as the same packet, not as a part or a sum of packets; by position here. */
  readonly exact: readonly boolean[];
  /** Timestamps and IP identifications pass between the two unchanged; null when no packet tells. */
  readonly keepsTimestamps: boolean | null;
  readonly keepsIds: boolean | null;
}

const MEANINGFUL = SYN | FIN | RST;

const shifted = (number: number, by: number) => (number + by) >>> 0;

/** What makes a packet the same in both captures, in the numbers of the other one; null when these are unknown. */
function keyOf(p: TimelinePacket, numbering: Numbering): string | null {
  const own = numbering[p.from];
  const peer = numbering[other(p.from)];
  // The answer to a SYN carries an absolute 0 (RFC 9293 §3.10.7.1), which no firewall shifts.
  const absolute = isReset(p) && p.rawSeq === 0;
  if (own === null && !absolute) return null;
  const seq = absolute ? 0 : shifted(p.rawSeq, own ?? 0);
  const bare = p.length === 0 && hasAck(p);
  const ack = bare ? (peer === null ? '?' : shifted(p.rawAck, peer)) : '';
  return `${p.from} ${p.flags & MEANINGFUL} ${seq} ${p.length} ${ack}`;
}

function byKey(timeline: readonly TimelinePacket[], numbering: Numbering): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  timeline.forEach((p, i) => {
    const key = keyOf(p, numbering);
    if (key === null) return;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  return groups;
}

type Lists = { ours: readonly TimelinePacket[]; theirs: readonly TimelinePacket[] };

/** Whether a field that both ends of a lone match show is the same in most of them; null when none shows it. */
function kept(
  { ours, theirs }: Lists,
  groups: readonly [number[], number[]][],
  field: (p: TimelinePacket) => number,
): boolean | null {
  let same = 0;
  let different = 0;
  for (const [a, b] of groups) {
    if (a.length !== 1 || b.length !== 1 || isReset(ours[a[0]!]!)) continue;
    const x = field(ours[a[0]!]!);
    const y = field(theirs[b[0]!]!);
    if (x <= 0 || y <= 0) continue;
    if (x === y) same++;
    else different++;
  }
  return same + different === 0 ? null : same > different;
}

/** Same packet as far as timestamp and IP identification tell: `yes`, `no`, or nothing known. */
function identity(
  p: TimelinePacket,
  q: TimelinePacket,
  timestamps: boolean,
  ids: boolean,
): 'yes' | 'no' | null {
  const byTime = timestamps && p.tsVal >= 0 && q.tsVal >= 0 ? p.tsVal === q.tsVal : null;
  const byId = ids && p.ipId > 0 && q.ipId > 0 ? p.ipId === q.ipId : null;
  if (byTime === false || byId === false) return 'no';
  return byTime === null && byId === null ? null : 'yes';
}

/** The range of sequence numbers that a packet takes up, from `base`, in the other capture's numbers. */
function rangeOf(p: TimelinePacket, base: number, shift: number): [number, number] {
  const start = distance(shifted(p.rawSeq, shift), base);
  return [start, start + distance(past(p), p.seq)];
}

/** How much of `[start, end)` the ranges cover; they come in any order. */
function coveredLength(start: number, end: number, ranges: readonly [number, number][]): number {
  let covered = 0;
  let at = start;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const begin = Math.max(at, from);
    const stop = Math.min(end, to);
    if (stop > begin) {
      covered += stop - begin;
      at = stop;
    }
  }
  return covered;
}

/**
 * Matches by byte range what is left: a network card that cuts (TSO) or joins
 * (GRO) segments shows one packet here where there are several there.
 */
function cover({ ours, theirs }: Lists, side: Side, shift: number, there: number[], here: number[]): void {
  const takesPart = (p: TimelinePacket) => p.from === side && !isReset(p) && past(p) !== p.seq;
  const left = (list: readonly TimelinePacket[], matched: readonly number[]) =>
    list.flatMap((p, i) => (matched[i] === -1 && takesPart(p) ? [i] : []));
  const a = left(ours, there);
  const b = left(theirs, here);
  if (a.length === 0 || b.length === 0) return;
  const base = theirs[b[0]!]!.rawSeq;
  const rangesA = a.map((i) => rangeOf(ours[i]!, base, shift));
  const rangesB = b.map((i) => rangeOf(theirs[i]!, base, 0));
  const fill = (
    from: readonly number[],
    ranges: readonly [number, number][],
    to: readonly number[],
    others: readonly [number, number][],
    into: number[],
  ) =>
    ranges.forEach(([start, end], k) => {
      const touching = others.flatMap(([s, e], m) => (s < end && e > start ? [m] : []));
      if (touching.length === 0) return;
      const whole = coveredLength(
        start,
        end,
        touching.map((m) => others[m]!),
      );
      // More than half of it: a piece lost out of the middle is told where it was sent again.
      if (whole * 2 > end - start) into[from[k]!] = to[touching[0]!]!;
    });
  fill(a, rangesA, b, rangesB, there);
  fill(b, rangesB, a, rangesA, here);
}

/** Matches the packets of two captures of one connection. */
export function align(one: Connection, two: Connection, numbering: Numbering): Alignment {
  const ours = one.timeline;
  const theirs = two.timeline;
  const there = new Array<number>(ours.length).fill(-1);
  const here = new Array<number>(theirs.length).fill(-1);
  const exact = new Array<boolean>(ours.length).fill(false);
  const mine = byKey(ours, numbering);
  const groups: [number[], number[]][] = [];
  // Where the other direction's shift is unknown, so are the acknowledgements; then they are left out there as well.
  const unknownAcks: Numbering = {
    originator: numbering.originator === null ? null : 0,
    responder: numbering.responder === null ? null : 0,
  };
  for (const [key, positions] of byKey(theirs, unknownAcks)) {
    const group = mine.get(key);
    if (group !== undefined) groups.push([group, positions]);
  }
  const lists = { ours, theirs };
  const keepsTimestamps = kept(lists, groups, (p) => p.tsVal);
  const keepsIds = kept(lists, groups, (p) => p.ipId);
  const same = (i: number, j: number) =>
    identity(ours[i]!, theirs[j]!, keepsTimestamps === true, keepsIds === true);
  const pair = (i: number, j: number) => {
    there[i] = j;
    here[j] = i;
    exact[i] = true;
  };
  for (const [a, b] of groups) {
    for (const i of a) {
      const j = b.find((k) => here[k] === -1 && same(i, k) === 'yes');
      if (j !== undefined) pair(i, j);
    }
    for (const i of a) {
      if (there[i] !== -1) continue;
      const j = b.find((k) => here[k] === -1 && same(i, k) !== 'no');
      if (j !== undefined) pair(i, j);
    }
  }
  for (const side of ['originator', 'responder'] as const) {
    const shift = numbering[side];
    if (shift !== null) cover(lists, side, shift, there, here);
  }
  return { there, here, exact, keepsTimestamps, keepsIds };
}
