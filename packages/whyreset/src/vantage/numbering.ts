import type { Connection, Side, TimelinePacket } from '../connection/connection.ts';
import { distance, endpoint, isReset } from '../connection/packet-kind.ts';

/** By side: what is to be added to its sequence numbers here to have those of the other capture; null when unknown. */
export type Numbering = Readonly<Record<Side, number | null>>;

const packetsOf = (connection: Connection, side: Side) =>
  connection.timeline.filter((p) => p.from === side && !isReset(p));

/** A packet apart from its numbers. */
const alike = (p: TimelinePacket, q: TimelinePacket) => p.length === q.length && p.flags === q.flags;

/** The shift that most packets with the same timestamp, length and flags agree on, if at least two do. */
function votedShift(ours: TimelinePacket[], theirs: TimelinePacket[]): number | null {
  const votes = new Map<number, number>();
  let best: number | null = null;
  for (const p of ours) {
    for (const q of theirs) {
      const told = p.tsVal >= 0 && p.tsVal === q.tsVal;
      if (!told || !alike(p, q)) continue;
      const shift = distance(q.rawSeq, p.rawSeq);
      const count = (votes.get(shift) ?? 0) + 1;
      votes.set(shift, count);
      if (count >= 2 && (best === null || count > votes.get(best)!)) best = shift;
    }
  }
  return best;
}

/** Bytes of both lists lie on each other: segments may be cut differently. */
function overlaps(ours: TimelinePacket[], theirs: TimelinePacket[]): boolean {
  return ours.some((p) =>
    theirs.some(
      (q) =>
        (p.rawSeq === q.rawSeq && alike(p, q)) ||
        (p.length > 0 &&
          q.length > 0 &&
          distance(p.rawSeq, q.rawSeq) < q.length &&
          distance(q.rawSeq, p.rawSeq) < p.length),
    ),
  );
}

function shiftOf(here: Connection, there: Connection, side: Side): number | null {
  const ours = packetsOf(here, side);
  const theirs = packetsOf(there, side);
  const [first] = ours;
  const [theirFirst] = theirs;
  if (first === undefined || theirFirst === undefined) return null;
  if (endpoint(here, side).synSeen && endpoint(there, side).synSeen) {
    // A relative number counts from the SYN, so the difference of the two kinds is the initial number.
    return distance(theirFirst.rawSeq - theirFirst.seq, first.rawSeq - first.seq);
  }
  return overlaps(ours, theirs) ? 0 : votedShift(ours, theirs);
}

/** How the sequence numbers of two captures stand to each other (firewalls may shift each direction by a constant). */
export function numberingOf(here: Connection, there: Connection): Numbering {
  return {
    originator: shiftOf(here, there, 'originator'),
    responder: shiftOf(here, there, 'responder'),
  };
}
