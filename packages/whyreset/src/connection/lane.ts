import { Segment } from '../wire/segment.ts';
import { seqDifference } from '../wire/sequence.ts';
import { noteAck, noteSent, noteTtl } from './exchange.ts';
import {
  ACKED,
  DELETE,
  END,
  ESTABLISHED_ONCE,
  EXPIRE,
  EXPIRE_2,
  FIN_NUMBER,
  FIN_SEEN,
  FIN_TIME,
  FLAGS,
  HANDSHAKE_RTT,
  IDLE_LIMIT,
  LANE,
  LAST_TIME,
  MAC,
  MIN_RTT,
  SEEN,
  SENT,
  SIDE_0,
  SIDE_1,
  START,
  STATE,
  TTL,
} from './layout.ts';
import type { LinkAddresses } from './link-addresses.ts';
import type { Live } from './live.ts';
import { carriesSack } from './sack.ts';
import { takeSegment } from './segment-step.ts';
import { noteOptions } from './syn-options.ts';
import { keptPackets, MOST_PACKETS, type PacketRecord, readPacket, record } from './timeline.ts';
import type { Timers } from './timers.ts';
import { notePayload, speak } from './turns.ts';
import { CLOSE_DELAY, HANDSHAKE_INACTIVITY, isInteractivePort, SESSION_TIMER } from './zeek-defaults.ts';

/*
 * The easy lane. Nine connections in ten open, talk in order, close and are
 * never asked about. For those nothing is worked out: their packets are only
 * written down (see timeline.ts), and what little the bounds, the hosts and the
 * troubled need is noted. At the first packet that is not exactly what must
 * come next, the connection leaves the lane: its packets, all still there, go
 * through the state machine one after the other, and the result is the same as
 * if it had never been here. A test holds both against each other.
 */

/** Values of a row's `LANE`: 0 is outside. */
const OUTSIDE = 0;
const SYN_CAME = 1;
const SYN_ACK_CAME = 2;
const OPEN = 3;
/** Bits beside `OPEN`: which side has sent its FIN. */
const FIN_FROM_0 = 4;
const FIN_FROM_1 = 8;
const CLOSED_BY_BOTH = OPEN | FIN_FROM_0 | FIN_FROM_1;

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const OPENS_OR_ENDS = FIN | SYN | RST;

const NEVER = Number.POSITIVE_INFINITY;

/** May a connection that begins with this segment use the lane? */
export function mayEnter(s: Segment): boolean {
  const plainSyn = (s.flags & (OPENS_OR_ENDS | ACK)) === SYN && s.payloadLength === 0 && s.window !== 0;
  return plainSyn && !isInteractivePort(s.destinationPort);
}

/** Takes the next segment of a connection in the lane; false, with nothing changed, when it must leave first. */
export function takeInLane(
  live: Live,
  timers: Timers,
  links: LinkAddresses,
  r: number,
  side: number,
  s: Segment,
): boolean {
  const { v, d } = live.rows;
  const e = side === 0 ? r + SIDE_0 : r + SIDE_1;
  const p = side === 0 ? r + SIDE_1 : r + SIDE_0;
  const lane = v[r + LANE]!;
  const seen = v[r + SEEN]!;
  // Every packet must find a place, or it could not be gone through later.
  if (s.window === 0 || seen >= MOST_PACKETS || live.timeline.full) return false;
  if ((lane & OPEN) !== OPEN) {
    if (!opens(live, links, r, e, p, side, s, lane)) return false;
  } else if (!continues(live, r, e, p, side, s, lane)) return false;
  noteTtl(live, e, s.ttl);
  d[(r + END) >> 1] = live.now;
  if (lane !== CLOSED_BY_BOTH) d[(r + LAST_TIME) >> 1] = live.now;
  record(live, r, s, side, false, false);
  if ((s.flags & FIN) !== 0) closes(live, timers, r, e, side, s.number);
  return true;
}

/** SYN, SYN-ACK and the first acknowledgement, each exactly as it must be. */
function opens(
  live: Live,
  links: LinkAddresses,
  r: number,
  e: number,
  p: number,
  side: number,
  s: Segment,
  lane: number,
): boolean {
  const { v } = live.rows;
  const seq = s.seq | 0;
  const kind = s.flags & (OPENS_OR_ENDS | ACK);
  if (s.payloadLength > 0) return false;
  if (lane === SYN_ACK_CAME) {
    if (side !== 0 || kind !== ACK || seq !== v[e + SENT] || (s.ack | 0) !== v[p + SENT]) return false;
    noteAck(live, r, e, p, s.ack | 0);
    v[r + LANE] = OPEN;
    return true;
  }
  const syn = lane === OUTSIDE;
  if (!syn && (side !== 1 || kind !== (SYN | ACK) || (s.ack | 0) !== v[p + SENT])) return false;
  v[r + LANE] = syn ? SYN_CAME : SYN_ACK_CAME;
  noteOptions(v, e, s);
  v[e + MAC] = links.intern(s.macHigh, s.macLow);
  noteSent(live, e, p, (seq + 1) | 0, true);
  if (syn) return true;
  noteAck(live, r, e, p, s.ack | 0);
  v[r + FLAGS] = v[r + FLAGS]! | ESTABLISHED_ONCE;
  v[r + IDLE_LIMIT] = live.inactivity;
  return true;
}

/** The next bytes, the next acknowledgement or the FIN of an open connection. */
function continues(
  live: Live,
  r: number,
  e: number,
  p: number,
  side: number,
  s: Segment,
  lane: number,
): boolean {
  const { v } = live.rows;
  const { flags, payloadLength: length } = s;
  const seq = s.seq | 0;
  const ack = s.ack | 0;
  if ((flags & (SYN | RST | ACK)) !== ACK || seq !== v[e + SENT] || carriesSack(s)) return false;
  if (seqDifference(ack, v[p + ACKED]!) < 0 || seqDifference(ack, v[p + SENT]!) > 0) return false;
  const fin = (flags & FIN) !== 0;
  const own = side === 0 ? FIN_FROM_0 : FIN_FROM_1;
  if (length > 0 || fin) {
    if ((lane & own) !== 0 || s.payloadCaptured < length) return false;
    if (length > 0 && (lane & (FIN_FROM_0 | FIN_FROM_1)) !== 0) return false;
    // A FIN while bytes of the other side are under way is put off (see closing.ts).
    if (fin && ack !== v[p + SENT]) return false;
    if (length > 0) {
      speak(live, r, e, side, s, true);
      notePayload(live, r, e, s);
    }
    noteSent(live, e, p, (seq + length + (flags & FIN)) | 0, false);
  }
  noteAck(live, r, e, p, ack);
  return true;
}

function closes(live: Live, timers: Timers, r: number, e: number, side: number, number: number): void {
  const { v, d } = live.rows;
  const lane = v[r + LANE]! | (side === 0 ? FIN_FROM_0 : FIN_FROM_1);
  v[r + LANE] = lane;
  v[e + STATE] = v[e + STATE]! | FIN_SEEN;
  v[e + FIN_NUMBER] = number;
  d[(e + FIN_TIME) >> 1] = live.now;
  const slot = lane === CLOSED_BY_BOTH ? DELETE : EXPIRE_2;
  const due = live.now + (slot === DELETE ? CLOSE_DELAY : SESSION_TIMER);
  if (slot === DELETE) {
    d[(r + EXPIRE) >> 1] = NEVER;
    d[(r + EXPIRE_2) >> 1] = NEVER;
  }
  d[(r + slot) >> 1] = due;
  timers.earlier(r, due);
}

/** Runs the timer of a connection in the lane when it is one that changes nothing; false when it must leave first. */
export function expireInLane(live: Live, timers: Timers, r: number, now: number): boolean {
  const { v, d } = live.rows;
  if (v[r + LANE] !== OPEN || d[(r + EXPIRE) >> 1] !== timers.due(r)) return false;
  d[(r + EXPIRE) >> 1] = now + SESSION_TIMER;
  return true;
}

/** The connection only waits to be forgotten. */
export function closedInLane(v: Int32Array, r: number): boolean {
  return v[r + LANE] === CLOSED_BY_BOTH;
}

const kept = new Int32Array(MOST_PACKETS);
const packet = {} as PacketRecord;
const scratch = new Segment();

/** Leaves the lane: what was only written down so far is worked out. */
export function leaveLane(live: Live, timers: Timers, links: LinkAddresses, r: number): void {
  const { v, d } = live.rows;
  const { now } = live;
  v[r + LANE] = OUTSIDE;
  forget(live, r);
  const count = keptPackets(live, r, kept);
  live.replaying = true;
  for (let i = 0; i < count; i++) {
    readPacket(live, kept[i]!, packet);
    restore();
    live.now = packet.time;
    takeSegment(live, timers, links, r, packet.side, scratch);
  }
  live.replaying = false;
  live.now = now;
  timers.earlier(r, timers.due(r));
  d[(r + END) >> 1] = packet.time;
}

/** Undoes what the lane noted in fields that the state machine fills itself. */
function forget(live: Live, r: number): void {
  const { v, d, f } = live.rows;
  v[r + FLAGS] = v[r + FLAGS]! & ~ESTABLISHED_ONCE;
  v[r + IDLE_LIMIT] = HANDSHAKE_INACTIVITY;
  f[r + HANDSHAKE_RTT] = -1;
  d[(r + LAST_TIME) >> 1] = d[(r + START) >> 1]!;
  d[(r + EXPIRE_2) >> 1] = NEVER;
  d[(r + DELETE) >> 1] = NEVER;
  forgetSide(live, r + SIDE_0);
  forgetSide(live, r + SIDE_1);
}

function forgetSide(live: Live, e: number): void {
  const { v, f } = live.rows;
  v[e + STATE] = 0;
  v[e + SENT] = 0;
  v[e + ACKED] = 0;
  v[e + TTL] = 0;
  f[e + MIN_RTT] = -1;
}

/** The noted packet as a segment again, as far as the state machine looks at it. */
function restore(): void {
  scratch.number = packet.number;
  scratch.time = packet.time;
  scratch.ttl = packet.ttl;
  scratch.ipId = packet.ipId;
  scratch.rawNumbers = packet.rawNumbers;
  scratch.seq = packet.seq;
  scratch.ack = packet.ack;
  scratch.flags = packet.flags;
  scratch.window = packet.window;
  scratch.headerLength = packet.headerLength;
  scratch.tsVal = packet.tsVal;
  scratch.payloadLength = packet.length;
  scratch.payloadCaptured = packet.length;
}
