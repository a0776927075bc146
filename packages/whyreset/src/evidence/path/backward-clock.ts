import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isReset, past } from '../packets.ts';

export interface BackwardClockFact extends Known {
  readonly known: true;
  /** Whose timestamps went back. */
  side: Side;
  /** The packet with the newest TSval before, and the first with an older one after it. */
  before: TimelinePacket;
  after: TimelinePacket;
  /** Ticks by which it went back; Linux counts milliseconds. */
  back: number;
  /** Later packets with old timestamps that carry payload, a SYN or a FIN and were never acknowledged. */
  ignored: TimelinePacket[];
  /** Packets of the other side after the first of them that acknowledge none: it is there, and does not take them. */
  answers: TimelinePacket[];
}

/** Packets overtake each other by less than this many ticks: a clock of milliseconds, a second late. */
const REORDERED = 1000;

interface Jump {
  before: TimelinePacket;
  index: number;
}

function jumpOf(timeline: readonly TimelinePacket[], side: Side): Jump | null {
  let newest: TimelinePacket | null = null;
  for (let index = 0; index < timeline.length; index++) {
    const p = timeline[index]!;
    if (p.from !== side || p.tsVal < 0 || isReset(p)) continue;
    if (newest !== null && distance(newest.tsVal, p.tsVal) > REORDERED) return { before: newest, index };
    if (newest === null || distance(p.tsVal, newest.tsVal) > 0) newest = p;
  }
  return null;
}

/**
 * RFC 7323 §5: a segment whose timestamp is older than the last one accepted
 * is a duplicate from long ago. It is acknowledged as such and dropped, however
 * often it is repeated.
 */
export default defineEvidence('Timestamps that went backwards within the connection', ({ connection }) => {
  const { timeline } = connection;
  for (const side of ['originator', 'responder'] as const) {
    const jump = jumpOf(timeline, side);
    if (jump === null) continue;
    const { before, index } = jump;
    const old = (p: TimelinePacket) =>
      p.from === side && !isReset(p) && p.tsVal >= 0 && distance(before.tsVal, p.tsVal) > REORDERED;
    const rest = timeline.slice(index);
    const taken = (p: TimelinePacket) =>
      rest.some((a) => a.from !== side && !isReset(a) && hasAck(a) && distance(a.ack, past(p)) >= 0);
    const ignored = rest.filter((p) => old(p) && past(p) !== p.seq && !p.keepAliveProbe && !taken(p));
    const first = ignored[0];
    const answers =
      first === undefined
        ? []
        : rest.filter((p) => p.from !== side && !isReset(p) && hasAck(p) && p.number > first.number);
    const after = timeline[index]!;
    return { known: true, side, before, after, back: distance(before.tsVal, after.tsVal), ignored, answers };
  }
  const stamped = timeline.some((p) => p.tsVal >= 0);
  return unknown(stamped ? 'timestamps only went forward' : 'the connection uses no timestamps');
});
