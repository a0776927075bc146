import type { Connection, Side, TimelinePacket, Turn } from '../../connection/connection.ts';
import { isData } from '../packets.ts';

/** New payload of one packet, as far as the connection remembers it. */
export interface Payload {
  number: number;
  time: number;
  from: Side;
  length: number;
  /** Seconds without payload before it; 0 where packets between it and the payload before were not kept. */
  pause: number;
  /** The payload before it: its frame, 0 when unknown, and whose it was. */
  since: number;
  sinceFrom: Side;
}

/** The head of a turn remembers the silence before it where the packets between were not kept. */
function turnAt({ originator, responder }: Connection, number: number): Turn | null {
  for (const { firstTurn, lastTurn } of [originator, responder])
    for (const turn of [lastTurn, firstTurn]) if (turn?.number === number) return turn;
  return null;
}

/**
 * New payload before `end`, in order, with what the endpoints remember of the part of the timeline that was
 * not kept. Two packets on either side of that hole are no silence: an upload with a packet every 30 ms was
 * called idle for 30.9 s because the packets between its first and last ones are not kept.
 */
export function payloadBefore(connection: Connection, end: TimelinePacket): Payload[] {
  const { timeline, elided, elidedAt } = connection;
  const found: Payload[] = [];
  const add = (number: number, time: number, from: Side, length: number) =>
    found.push({ number, time, from, length, pause: -1, since: 0, sinceFrom: from });
  for (const p of timeline)
    if (p.number < end.number && isData(p) && !p.retransmission) add(p.number, p.time, p.from, p.length);
  if (elided > 0) {
    for (const from of ['originator', 'responder'] as const) {
      const { lastDataNumber: number, lastDataTime: time } = connection[from];
      if (number > 0 && number < end.number && !timeline.some((p) => p.number === number))
        add(number, time, from, 0);
    }
    found.sort((a, b) => a.number - b.number);
  }
  const behindHole = elided > 0 ? (timeline[elidedAt]?.number ?? 0) : 0;
  for (let i = 1; i < found.length; i++) {
    const p = found[i]!;
    const before = found[i - 1]!;
    p.pause = p.time - before.time;
    p.since = before.number;
    p.sinceFrom = before.from;
    if (before.number >= behindHole || p.number < behindHole) continue;
    const turn = turnAt(connection, p.number);
    p.pause = turn?.idleBefore ?? 0;
    p.since = turn?.idleSince ?? 0;
    if (turn !== null && p.since !== before.number)
      p.sinceFrom = p.from === 'originator' ? 'responder' : 'originator';
  }
  return found;
}
