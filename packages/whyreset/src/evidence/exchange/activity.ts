import type { Connection, Side, TimelinePacket } from '../../connection/connection.ts';
import { distance, hasAck, isReset, later, other, past } from '../packets.ts';

/** What happened on the wire during a silence of the applications. */
export interface Activity {
  /** The latest packet in it that is neither a keep-alive probe, nor an answer to one, nor a prompt acknowledgement. */
  last: TimelinePacket | null;
  /** Payload was repeated in it and not acknowledged before its end, or the other side had closed its window. */
  waiting: boolean;
}

/** An acknowledgement later than this is no delayed one (RFC 9293 §3.8.6.3 allows 0.5 s), round trips not counted. */
const DELAYED_ACK = 0.5;

/** The highest number of each side's bytes that the other side acknowledged before `until`. */
function acknowledged(timeline: readonly TimelinePacket[], until: number): Record<Side, number | null> {
  const acked: Record<Side, number | null> = { originator: null, responder: null };
  for (const p of timeline) {
    if (p.number >= until) break;
    if (!isReset(p) && hasAck(p)) acked[other(p.from)] = later(acked[other(p.from)], p.ack);
  }
  return acked;
}

/**
 * Looks at the packets between frames `since` and `until`. A silence is one of packets: a window update after
 * five seconds is a program that reads, and payload that is repeated is a side that waits.
 *
 * @param start time of frame `since`; `roundTrip` of the whole path, seconds
 */
export function activityBetween(
  { timeline }: Connection,
  since: number,
  start: number,
  until: number,
  roundTrip: number,
): Activity {
  const acked = acknowledged(timeline, until);
  const window: Record<Side, number> = { originator: -1, responder: -1 };
  let probed: Side | null = null;
  let last: TimelinePacket | null = null;
  let waiting = false;
  for (const p of timeline) {
    if (p.number >= until) break;
    if (isReset(p)) continue;
    const known = window[p.from];
    window[p.from] = p.window;
    if (p.number <= since) continue;
    if (p.keepAliveProbe) {
      // Linux asks a closed window and an idle peer in the same way (tcp_xmit_probe_skb).
      if (window[other(p.from)] === 0) waiting = true;
      probed = p.from;
      continue;
    }
    const answer = p.length === 0 && probed === other(p.from) && p.window === known;
    const prompt = p.length === 0 && p.time - start <= DELAYED_ACK + 2 * roundTrip;
    if (answer || prompt) continue;
    last = p;
    const heard = acked[p.from];
    if (p.retransmission && p.length > 0 && (heard === null || distance(past(p), heard) > 0)) waiting = true;
  }
  return { last, waiting };
}
