import { seqDifference } from '../../wire/sequence.ts';
import {
  ACK_SEQ,
  ESTABLISHED,
  FIN_SEEN,
  INACTIVE,
  LAST_SEQ,
  PARTIAL,
  PREVIOUS_SHIFT,
  RESET_STATE,
  START_SEQ,
  STATE,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
  WRAPS,
} from '../store/layout.ts';
import { TOO_LARGE_SEQ_DELTA } from './zeek-defaults.ts';

/*
 * Sequence numbers of one side, as Zeek keeps them: 32 bits plus a count of
 * wraps, made relative to the side's SYN (TCP_Endpoint.h, TCPSessionAdapter.cc).
 * Relative numbers are doubles; a negative one is what Zeek calls an underflow.
 */

const SYN = 0x02;
const FIN = 0x01;
const RST = 0x04;
const TWO_32 = 4_294_967_296;

export function stateOf(v: Int32Array, e: number): number {
  return v[e + STATE]! & STATE_MASK;
}

export function previousState(v: Int32Array, e: number): number {
  return (v[e + STATE]! >> PREVIOUS_SHIFT) & STATE_MASK;
}

function full(raw: number, wraps: number): number {
  return wraps * TWO_32 + (raw >>> 0);
}

export function lastFull(v: Int32Array, e: number): number {
  return full(v[e + LAST_SEQ]!, v[e + WRAPS]! >>> 16);
}

export function ackFull(v: Int32Array, e: number): number {
  return full(v[e + ACK_SEQ]!, v[e + WRAPS]! & 0xffff);
}

export function startOf(v: Int32Array, e: number): number {
  return v[e + START_SEQ]! >>> 0;
}

/** Relative form of `raw`, which lies near `last`; negative before the start. */
function relative(v: Int32Array, e: number, raw: number, last: number, wrapsSoFar: number): number {
  const delta = seqDifference(raw, last);
  let wraps = wrapsSoFar;
  if (delta < 0) {
    if (wraps > 0 && raw >>> 0 > last >>> 0) wraps--;
  } else if (delta > 0 && raw >>> 0 < last >>> 0) wraps++;
  return wraps === 0 ? seqDifference(raw, v[e + START_SEQ]!) : full(raw, wraps) - startOf(v, e);
}

export function relativeSeq(v: Int32Array, e: number, seq: number): number {
  return relative(v, e, seq, v[e + LAST_SEQ]!, v[e + WRAPS]! >>> 16);
}

/** Relative form of an acknowledgement of side `e`'s bytes. */
export function relativeAck(v: Int32Array, e: number, ack: number): number {
  return relative(v, e, ack, v[e + ACK_SEQ]!, v[e + WRAPS]! & 0xffff);
}

function place(v: Int32Array, e: number, start: number, last: number): void {
  v[e + START_SEQ] = start;
  v[e + ACK_SEQ] = start;
  v[e + LAST_SEQ] = last;
}

/** Sets the numbering of the sending side from a packet, before anything else looks at it. */
export function initialise(v: Int32Array, e: number, flags: number, seq: number, end: number): void {
  const syn = (flags & SYN) !== 0;
  switch (stateOf(v, e)) {
    case INACTIVE:
      // Mid-stream: as though a SYN had come just before, so that the first byte is number 1.
      if (syn) place(v, e, seq, end);
      else place(v, e, seq - 1, seq);
      return;
    case SYN_SENT:
    case SYN_ACK_SENT:
      if (syn && (seq | 0) !== v[e + START_SEQ]) place(v, e, seq, end);
      return;
    case ESTABLISHED:
    case PARTIAL:
      if (syn) place(v, e, seq, end);
      return;
    case RESET_STATE:
      // Numbers that came from a RST alone may be forged; the SYN knows better.
      if (syn && previousState(v, e) === INACTIVE) place(v, e, seq, end);
  }
}

/** Numbering of a side that was never heard, from the other side's acknowledgement. */
export function initialiseFromAck(v: Int32Array, e: number, ack: number): void {
  place(v, e, ack - 1, ack - 1);
}

export function takeAck(v: Int32Array, e: number, ack: number): void {
  const delta = seqDifference(ack, v[e + ACK_SEQ]!);
  // A zero far ahead is a broken field rather than a large connection.
  if (delta <= 0 || (ack === 0 && delta > TOO_LARGE_SEQ_DELTA)) return;
  if (ack >>> 0 < v[e + ACK_SEQ]! >>> 0)
    v[e + WRAPS] = (v[e + WRAPS]! & ~0xffff) | ((v[e + WRAPS]! + 1) & 0xffff);
  v[e + ACK_SEQ] = ack;
}

/** Takes the end of a segment; true when it was payload that brought nothing new. */
export function takeLast(v: Int32Array, e: number, end: number, flags: number, length: number): boolean {
  const delta = seqDifference(end, v[e + LAST_SEQ]!);
  if ((flags & (SYN | RST)) !== 0 && (delta > TOO_LARGE_SEQ_DELTA || delta < -TOO_LARGE_SEQ_DELTA))
    return false;
  const onlySyn = (v[e + START_SEQ]! + 1) | 0;
  if ((flags & FIN) !== 0 && v[e + LAST_SEQ] === onlySyn) {
    // SYN and FIN alone were seen: believe the FIN even when it is more than 2 GB on.
    setLast(v, e, end);
    return false;
  }
  if (stateOf(v, e) === RESET_STATE) return false;
  if (delta > 0) {
    setLast(v, e, end);
    return false;
  }
  return length > 0;
}

function setLast(v: Int32Array, e: number, end: number): void {
  if (end >>> 0 < v[e + LAST_SEQ]! >>> 0) v[e + WRAPS] = v[e + WRAPS]! + 0x10000;
  v[e + LAST_SEQ] = end;
}

/** Nothing of this side was acknowledged, but for its SYN. */
export function noDataAcked(v: Int32Array, e: number): boolean {
  const ack = ackFull(v, e);
  const start = startOf(v, e);
  return ack === start || ack === start + 1;
}

/** Payload bytes of side `e` as Zeek reports them (TCP_Endpoint.cc, Size). */
export function payloadSize(v: Int32Array, e: number, p: number): number {
  const abandoned =
    previousState(v, e) === SYN_SENT && stateOf(v, e) === RESET_STATE && stateOf(v, p) === INACTIVE;
  if (abandoned && !noDataAcked(v, e)) return 0;
  const last = lastFull(v, e);
  const ack = ackFull(v, e);
  let size = Math.max(last, ack) - startOf(v, e);
  // The SYN and the FIN each hold one number.
  if (size !== 0) size--;
  if ((v[e + STATE]! & FIN_SEEN) !== 0 && size !== 0) size--;
  return size;
}
