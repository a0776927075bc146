import type { Predecessor } from '../connection.ts';
import {
  ACTIVE,
  DID_CLOSE,
  END,
  ESTABLISHED_ONCE,
  FLAGS,
  SENT,
  SENT_KNOWN,
  SIDE_0,
  SIDE_1,
  STATE,
  TTL,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { type PacketRecord, readPacket } from './packet-record.ts';
import { keptPackets, MOST_PACKETS } from './timeline.ts';

const kept = new Int32Array(MOST_PACKETS);
const packet = {} as PacketRecord;

/** Raw number that a side would send next, -1 when nothing of it was seen. */
function nextOf(v: Int32Array, e: number): number {
  return (v[e + STATE]! & SENT_KNOWN) === 0 ? -1 : v[e + SENT]! >>> 0;
}

/**
 * What row `r` leaves to the connection that takes its 4-tuple.
 * @param side 0 or 1, whose SYN begins the new one
 */
export function predecessorOf(live: Live, r: number, side: number): Predecessor {
  const { v, d } = live.rows;
  const e = side === 0 ? r + SIDE_0 : r + SIDE_1;
  const p = side === 0 ? r + SIDE_1 : r + SIDE_0;
  const closed = v[e + STATE]! & v[p + STATE]! & DID_CLOSE;
  let tsVal = -1;
  let tsTime = -1;
  for (let i = keptPackets(live, r, kept) - 1; i >= 0 && tsVal < 0; i--) {
    readPacket(live, kept[i]!, packet);
    if (packet.side !== side || packet.tsVal < 0) continue;
    tsVal = packet.tsVal;
    tsTime = packet.time;
  }
  return {
    end: d[(r + END) >> 1]!,
    open: closed === 0 && (v[r + FLAGS]! & ACTIVE) !== 0,
    established: (v[r + FLAGS]! & ESTABLISHED_ONCE) !== 0,
    ttl: v[e + TTL]! >> 8,
    tsVal,
    tsTime,
    next: nextOf(v, e),
    peerNext: nextOf(v, p),
  };
}
