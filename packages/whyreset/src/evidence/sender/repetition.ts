import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { distance, hasAck, isReset, past } from '../packets.ts';

/**
 * `side` was repeating bytes before position `index` that had not been acknowledged by then. Which copy a later
 * packet is about, and when it was sent, cannot be told: nothing that rests on such data is proven.
 */
export function isRepeating(timeline: readonly TimelinePacket[], side: Side, index: number): boolean {
  let repeated: TimelinePacket | null = null;
  for (let i = 0; i < index; i++) {
    const p = timeline[i]!;
    if (isReset(p)) continue;
    if (p.from === side) {
      if (p.retransmission && !p.keepAliveProbe && past(p) !== p.seq) repeated = p;
    } else if (repeated !== null && hasAck(p) && distance(p.ack, past(repeated)) >= 0) repeated = null;
  }
  return repeated !== null;
}
