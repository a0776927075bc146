import { seqDifference } from '../../wire/sequence.ts';
import { type PacketRecord, readPacket } from '../notes/packet-record.ts';
import { keptPackets, MOST_PACKETS } from '../notes/timeline.ts';
import {
  FIN_SEEN,
  FLAGS,
  originatorSide,
  responderSide,
  SIDE_0,
  SIDE_1,
  START_SEQ,
  STATE,
  ZERO_WINDOWS,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';

const SYN = 0x02;

/** A window that is closed for so long, seconds, is no flow control at work. */
const STALL = 3;

const kept = new Int32Array(MOST_PACKETS);
const packet = {} as PacketRecord;

/** A side offered no room to the end, and for long: its program no longer reads. */
export function stalled(live: Live, r: number): boolean {
  const v = live.rows.v;
  if (v[r + SIDE_0 + ZERO_WINDOWS] === 0 && v[r + SIDE_1 + ZERO_WINDOWS] === 0) return false;
  const count = keptPackets(live, r, kept);
  for (const side of [0, 1]) {
    if ((v[r + (side === 0 ? SIDE_0 : SIDE_1) + STATE]! & FIN_SEEN) !== 0) continue;
    let last = -1;
    let since = -1;
    for (let i = count - 1; i >= 0; i--) {
      readPacket(live, kept[i]!, packet);
      if (packet.side !== side) continue;
      if (packet.window !== 0 || (packet.flags & SYN) !== 0) break;
      since = packet.time;
      if (last < 0) last = packet.time;
    }
    if (last - since >= STALL) return true;
  }
  return false;
}

/** A SYN cut an open connection, was answered by an ACK of something else, and more followed. */
export function synIntoOpen(live: Live, r: number): boolean {
  if (live.predecessors.size === 0) return false;
  const before = live.predecessors.get(r);
  if (before === undefined || !before.open || !before.established) return false;
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  const orig = r + originatorSide(flags);
  const side = responderSide(flags) === SIDE_0 ? 0 : 1;
  const count = keptPackets(live, r, kept);
  for (let i = 0; i < count - 1; i++) {
    readPacket(live, kept[i]!, packet);
    if (packet.side !== side) continue;
    return (packet.flags & SYN) === 0 && seqDifference(packet.ack, v[orig + START_SEQ]!) !== 1;
  }
  return false;
}
