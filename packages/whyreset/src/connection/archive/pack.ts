import type { Predecessor } from '../connection.ts';
import { type NoteRecord, readNote } from '../notes/icmp.ts';
import { type PacketRecord, readPacket } from '../notes/packet-record.ts';
import { type ResetRecord, readReset } from '../notes/resets.ts';
import { readSack, type SackRecord } from '../notes/sack.ts';
import { HEAD_PACKETS, keptPackets, MOST_PACKETS } from '../notes/timeline.ts';
import {
  ADDRESS_0,
  ADDRESS_1,
  END,
  FLAGS,
  ICMP,
  IPV6,
  ORIGINATOR_IS_1,
  originatorSide,
  PORTS,
  RELEASED,
  RESET,
  responderSide,
  SACK,
  SEEN,
  SIDE_0,
  SIDE_1,
  START,
  START_SEQ,
  STATE,
  SYN_SEEN,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { connState } from '../zeek/conn-state.ts';
import { readHistory } from '../zeek/history.ts';
import { payloadSize, stateOf } from '../zeek/numbers.ts';
import type { ByteWriter } from './byte-codec.ts';
import {
  ENDS,
  type Ended,
  nanoseconds,
  P_AGAIN,
  P_COPIED,
  P_DIRECTION_SHIFT,
  P_DONT_FRAGMENT,
  P_IPV6,
  P_NO_ID,
  P_NO_RAW_NUMBERS,
  P_NO_WINDOW,
  P_ORIGINATOR_IS_1,
  P_PREDECESSOR,
  P_PROBE,
  P_SAW_HANDSHAKE,
  P_TS,
  STATES,
} from './format.ts';
import { packSide } from './pack-side.ts';

/*
 * A live connection as bytes; `unpack.ts` reads them in the same order. Times
 * are whole nanoseconds from the connection's start.
 */

const FIN = 0x01;

/** Packets of a long timeline that are archived. */
const FIRST_PACKETS = 6;
const LAST_PACKETS = 16;

const kept = new Int32Array(MOST_PACKETS);
const packet = {} as PacketRecord;
const reset = {} as ResetRecord;
const sack = {} as SackRecord;
const note = { reporter: new Uint32Array(4) } as NoteRecord;

/** Writes the whole connection in row `r`. */
export function packConnection(live: Live, r: number, ended: Ended, w: ByteWriter): void {
  const { v, d } = live.rows;
  const flags = v[r + FLAGS]!;
  const orig = r + originatorSide(flags);
  const resp = r + responderSide(flags);
  const history = readHistory(live, r);
  const size0 = payloadSize(v, r + SIDE_0, r + SIDE_1);
  const size1 = payloadSize(v, r + SIDE_1, r + SIDE_0);
  const start = d[(r + START) >> 1]!;
  const before = live.predecessors.get(r);
  w.at = 0;
  w.byte(
    ((flags & IPV6) !== 0 ? P_IPV6 : 0) |
      ((flags & ORIGINATOR_IS_1) !== 0 ? P_ORIGINATOR_IS_1 : 0) |
      ((v[orig + STATE]! & SYN_SEEN) !== 0 ? P_SAW_HANDSHAKE : 0) |
      (before === undefined ? 0 : P_PREDECESSOR),
  );
  const words = (flags & IPV6) !== 0 ? 4 : 1;
  for (const at of [ADDRESS_0, ADDRESS_1]) {
    for (let i = 0; i < words; i++) w.uint(v[r + at + i]! >>> 0);
  }
  w.uint(v[r + PORTS]! >>> 0);
  w.float(start);
  w.int(nanoseconds(d[(r + END) >> 1]!, start));
  w.byte(STATES.indexOf(connState(stateOf(v, orig), stateOf(v, resp), history, size0 + size1)));
  w.byte(ENDS.indexOf(ended));
  w.text(history);
  packSide(live, r + SIDE_0, size0, start, w);
  packSide(live, r + SIDE_1, size1, start, w);
  packTimeline(live, r, start, w);
  packFirstReset(live, v[r + SIDE_0 + RESET]!, v[r + SIDE_1 + RESET]!, w);
  packSack(live, v[r + SACK]!, start, w);
  packNotes(live, v[r + ICMP]!, start, w);
  if (before !== undefined) packPredecessor(before, start, w);
}

/** Index at which the latest packets begin: at `from`, or at a FIN before it, which explains what follows. */
function finBefore(live: Live, from: number, count: number): number {
  for (let i = FIRST_PACKETS; i < Math.min(from, count); i++) {
    readPacket(live, kept[i]!, packet);
    if ((packet.flags & FIN) !== 0) return i;
  }
  return from;
}

function packTimeline(live: Live, r: number, start: number, w: ByteWriter): void {
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  const count = keptPackets(live, r, kept);
  const seen = v[r + SEEN]!;
  const elidedLive = seen - count;
  let head = elidedLive === 0 ? count : (flags & RELEASED) !== 0 ? 0 : Math.min(HEAD_PACKETS, count);
  let skip = 0;
  if (count > FIRST_PACKETS + LAST_PACKETS) {
    skip = finBefore(live, count - LAST_PACKETS, count) - FIRST_PACKETS;
    // The gap that the live timeline has lies behind its own head.
    if (elidedLive > 0 && skip < HEAD_PACKETS - FIRST_PACKETS) skip = 0;
    if (skip > 0) head = FIRST_PACKETS;
  }
  w.uint(count - skip);
  w.uint(head);
  w.uint(elidedLive + skip);
  let number = 0;
  let time = 0;
  let seq0 = v[r + SIDE_0 + START_SEQ]!;
  let seq1 = v[r + SIDE_1 + START_SEQ]!;
  for (let i = 0; i < count; i++) {
    if (skip > 0 && i >= FIRST_PACKETS && i < FIRST_PACKETS + skip) continue;
    readPacket(live, kept[i]!, packet);
    const own = packet.side === 0 ? seq0 : seq1;
    const other = packet.side === 0 ? seq1 : seq0;
    const at = nanoseconds(packet.time, start);
    w.byte(
      packet.side |
        (packet.dontFragment ? P_DONT_FRAGMENT : 0) |
        (packet.retransmission ? P_AGAIN : 0) |
        (packet.keepAliveProbe ? P_PROBE : 0) |
        (packet.tsVal >= 0 ? P_TS : 0) |
        (packet.ipId < 0 ? P_NO_ID : 0) |
        (packet.window < 0 ? P_NO_WINDOW : 0) |
        (packet.rawNumbers ? 0 : P_NO_RAW_NUMBERS),
    );
    w.int(packet.number - number);
    w.int(at - time);
    w.byte(packet.flags);
    w.int((packet.seq - own) | 0);
    w.int((packet.ack - other) | 0);
    w.uint(packet.length);
    w.uint(Math.max(0, packet.window));
    w.byte(packet.ttl);
    w.uint(Math.max(0, packet.ipId));
    const copied = packet.copies > 0;
    w.byte(packet.headerLength | (copied ? P_COPIED : 0) | (packet.direction << P_DIRECTION_SHIFT));
    if (copied) {
      w.byte(packet.copies);
      w.byte(packet.copyTtl);
    }
    if (packet.tsVal >= 0) {
      w.uint(packet.tsVal);
      w.uint(packet.tsEcr);
    }
    number = packet.number;
    time = at;
    if (packet.side === 0) seq0 = packet.seq;
    else seq1 = packet.seq;
  }
}

/** Payload and MP_TCPRST of whichever side's first RST came first. */
function packFirstReset(live: Live, at0: number, at1: number, w: ByteWriter): void {
  let at = at0;
  if (at0 < 0 || (at1 >= 0 && live.resets.v[at1]! >>> 0 < live.resets.v[at0]! >>> 0)) at = at1;
  if (at < 0) {
    w.uint(0);
    w.uint(0);
    return;
  }
  readReset(live, at, reset);
  w.block(live.resets.b, reset.payloadAt, reset.payloadLength);
  w.uint(reset.mptcp);
}

function packSack(live: Live, at: number, start: number, w: ByteWriter): void {
  if (at < 0) {
    w.uint(0);
    return;
  }
  readSack(live, at, sack);
  w.uint(sack.count);
  w.uint(sack.number);
  w.int(nanoseconds(sack.time, start));
  w.byte(sack.side);
  w.int(sack.off);
}

function packNotes(live: Live, first: number, start: number, w: ByteWriter): void {
  let count = 0;
  for (let at = first; at >= 0; at = readNote(live, at, note)) count++;
  w.uint(count);
  for (let at = first; at >= 0; ) {
    at = readNote(live, at, note);
    w.uint(note.number);
    w.int(nanoseconds(note.time, start));
    w.byte(note.family);
    for (let i = 0; i < 4; i++) w.uint(note.reporter[i]!);
    w.byte(note.type);
    w.byte(note.code);
    w.uint(note.mtu);
    w.byte(note.side);
  }
}

function packPredecessor(
  { end, open, established, ttl, tsVal, tsTime, next, peerNext }: Predecessor,
  start: number,
  w: ByteWriter,
): void {
  w.int(nanoseconds(end, start));
  w.byte((open ? 1 : 0) | (established ? 2 : 0));
  w.byte(ttl);
  w.int(tsVal);
  if (tsVal >= 0) w.int(nanoseconds(tsTime, start));
  w.int(next);
  w.int(peerNext);
}
