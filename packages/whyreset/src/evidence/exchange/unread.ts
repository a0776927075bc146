import type { Side, TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isData, isReset, isSyn, later, other, past } from '../packets.ts';
import reset from '../reset/reset.ts';

export interface UnreadFact extends Known {
  readonly known: true;
  /** Payload bytes of the other side beyond what the RST acknowledges: still on the way when it was made. */
  beyondAck: number;
  /** Some of that turn had been taken in: the other side was in the middle of what it had to say. */
  midTurn: boolean;
  /** Last packet in which the resetting side offered less than half of its largest window; null when it did not. */
  shrunk: TimelinePacket | null;
  /** That largest window, and the one in `shrunk`, in the same units. */
  largest: number;
  smallest: number;
}

/** A window smaller than this says nothing about a buffer. */
const MEANINGFUL_WINDOW = 16;

/**
 * The other side was in the middle of something: since the resetting side had
 * last spoken, some of it had been taken in, and more was on the way.
 */
function tookPart(timeline: readonly TimelinePacket[], peer: Side, ack: number): boolean {
  let taken: number | null = null;
  for (const p of timeline) {
    if (!isData(p)) continue;
    if (p.from !== peer) taken = p.ack;
    else if (distance(past(p), ack) > 0) return taken !== null && distance(ack, taken) > 0;
    else taken ??= p.seq;
  }
  return false;
}

/**
 * Signs that the side that aborted left bytes unread: the other side was still
 * sending, or the receive window had been filling up. Bytes that were
 * acknowledged into a large window and never read leave no trace on the wire.
 */
export default defineEvidence('Bytes that the resetting side left unread', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  if (!hasAck(r.packet)) return unknown('a bare RST does not say how far its sender had received');
  const { connection } = subject;
  const peer = other(r.side);
  let sent: number | null = null;
  let largest = 0;
  let latest: TimelinePacket | null = null;
  for (const p of connection.timeline) {
    if (isReset(p)) continue;
    if (p.from === peer) {
      if (isData(p)) sent = later(sent, past(p));
    } else if (!isSyn(p) && p.number < r.packet.number && p.window >= 0) {
      largest = Math.max(largest, p.window);
      latest = p;
    }
  }
  const beyondAck = sent === null ? 0 : Math.max(0, distance(sent, r.packet.ack));
  const shrank = latest !== null && largest >= MEANINGFUL_WINDOW && latest.window < largest / 2;
  return {
    known: true,
    beyondAck,
    midTurn: beyondAck > 0 && tookPart(connection.timeline, peer, r.packet.ack),
    shrunk: shrank ? latest : null,
    largest,
    smallest: latest?.window ?? 0,
  };
});
