import type { Segment } from '../../wire/segment.ts';
import { seqDifference } from '../../wire/sequence.ts';
import { noteAck, noteSent, noteTtl } from '../notes/exchange.ts';
import { PROBE, RETRANSMISSION } from '../notes/packet-record.ts';
import { noteReset } from '../notes/resets.ts';
import { carriesSack, noteSack } from '../notes/sack.ts';
import { noteOptions } from '../notes/syn-options.ts';
import { record } from '../notes/timeline.ts';
import { notePayload, speak } from '../notes/turns.ts';
import {
  ACKED,
  CLOSED,
  DID_CLOSE,
  END,
  FIN_END,
  FIN_NUMBER,
  FIN_SEEN,
  FIN_SEQ,
  FIN_TIME,
  FLAGS,
  INACTIVE,
  LAST_TIME,
  MAC,
  ORIGINATOR_SEEN,
  originatorSide,
  PACKETS,
  PARTIAL,
  PROBES,
  peerOf,
  RESET_STATE,
  RESETS,
  RESPONDER_SEEN,
  SENT,
  SENT_KNOWN,
  SIDE_0,
  SIDE_1,
  STATE,
  TRIMMED,
  TROUBLED,
  UNANSWERED,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { checkEndOfData, mayEnd, sideClosed } from './closing.ts';
import { acknowledged, payloadArrived, sentBefore } from './gaps.ts';
import { packetLetter, retransmission, zeroWindow } from './history.ts';
import {
  initialise,
  initialiseFromAck,
  relativeAck,
  relativeSeq,
  stateOf,
  takeAck,
  takeLast,
} from './numbers.ts';
import { notePartial, step } from './state-machine.ts';

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const BOTH_SEEN = ORIGINATOR_SEEN | RESPONDER_SEEN;

/**
 * One good segment of a known connection, in the order in which Zeek looks at
 * it (TCPSessionAdapter.cc, Process): the letters depend on that order.
 *
 * @param side 0 or 1, who sent it
 */
export function takeSegment(live: Live, r: number, side: number, s: Segment): void {
  const { v, d } = live.rows;
  const e = side === 0 ? r + SIDE_0 : r + SIDE_1;
  const p = side === 0 ? r + SIDE_1 : r + SIDE_0;
  if ((s.flags & (SYN | ACK)) === ACK && carriesSack(s)) noteSack(live, r, p, side, s);
  const { flags, payloadLength: length } = s;
  // Signed words: an unsigned one above 2^31 would be boxed on its way through each call.
  const seq = s.seq | 0;
  const ack = s.ack | 0;
  const syn = (flags & SYN) !== 0;
  const rst = (flags & RST) !== 0;
  const withAck = (flags & ACK) !== 0;
  const bare = (flags & (SYN | FIN | RST)) === 0;

  // The guards below only save calls: most packets are in the middle of an established connection.
  const isOriginator = e === r + originatorSide(v[r + FLAGS]!);
  const before = stateOf(v, e);
  if ((v[r + FLAGS]! & BOTH_SEEN) !== BOTH_SEEN) notePartial(v, r, flags, isOriginator);
  const span = spanOf(s);
  const end = (seq + span) | 0;
  if (syn || before === INACTIVE) initialise(v, e, flags, seq, end);
  const relSeq = relativeSeq(v, e, seq);
  packetLetter(live, r, e, s, relSeq);
  if (s.window === 0 && !rst && stateOf(v, p) !== CLOSED && stateOf(v, e) !== RESET_STATE)
    zeroWindow(live, r, e);

  const time = live.now;
  d[(r + END) >> 1] = time;
  if ((v[r + SIDE_0 + STATE]! & v[r + SIDE_1 + STATE]! & DID_CLOSE) === 0) d[(r + LAST_TIME) >> 1] = time;

  if (!bare) control(live, r, e, s, relSeq);
  let relAck = 0;
  if (withAck) {
    if (stateOf(v, p) === INACTIVE) {
      relAck = 1;
      initialiseFromAck(v, p, ack);
    } else {
      relAck = relativeAck(v, p, ack);
      if (relAck < 0) relAck = 0;
      else if (!rst) takeAck(v, p, ack);
    }
  }
  if (takeLast(v, e, end, flags, length)) retransmission(live, r, e);

  const kind = exchange(live, r, e, s, relSeq);
  const closes = (!bare || before < PARTIAL) && step(live, r, e, s);
  // After the state machine, so that a gap first seen in a FIN or RST is not counted.
  if (withAck && relAck > d[(p + TRIMMED) >> 1]! && acknowledged(live, r, p, e, relAck)) {
    checkEndOfData(live, r, p, e);
  }
  if ((v[r + FLAGS]! & BOTH_SEEN) !== BOTH_SEEN) {
    v[r + FLAGS] =
      v[r + FLAGS]! | (e === r + originatorSide(v[r + FLAGS]!) ? ORIGINATOR_SEEN : RESPONDER_SEEN);
  }
  if (length > 0 && !rst && relSeq >= 0 && s.payloadCaptured >= length) {
    payloadArrived(live, e, p, syn ? relSeq + 1 : relSeq, length);
  }
  if (mayEnd(v, e)) checkEndOfData(live, r, e, p);
  if (closes) sideClosed(live, r, e, p);
  if (v[e + PACKETS]! === 0) v[e + MAC] = live.links.intern(s.macHigh, s.macLow);
  v[e + PACKETS] = v[e + PACKETS]! + 1;
  record(live, r, side, s, kind);
}

/** Sequence numbers that a segment takes up. A RST's payload is text about the reset, not part of the stream. */
function spanOf({ flags, payloadLength }: Segment): number {
  return ((flags & RST) !== 0 ? 0 : payloadLength) + ((flags & SYN) !== 0 ? 1 : 0) + (flags & FIN);
}

/** SYN, FIN, RST: what is noted of them besides the state. */
function control(live: Live, r: number, e: number, s: Segment, relSeq: number): void {
  const { v, d } = live.rows;
  if ((s.flags & SYN) !== 0) noteOptions(v, e, s);
  if ((s.flags & FIN) !== 0) {
    if ((v[e + STATE]! & FIN_SEEN) === 0) {
      v[e + FIN_NUMBER] = s.number;
      d[(e + FIN_TIME) >> 1] = s.time;
      v[e + FIN_END] = s.seq + spanOf(s);
    }
    v[e + STATE] = v[e + STATE]! | FIN_SEEN;
    d[(e + FIN_SEQ) >> 1] = relSeq + spanOf(s);
  }
  if ((s.flags & RST) !== 0) {
    v[e + RESETS] = v[e + RESETS]! + 1;
    v[r + FLAGS] = v[r + FLAGS]! | TROUBLED;
    noteReset(live, e, s);
  }
}

/** Payload, acknowledgement, round trips. Returns what that says about the packet, for its record. */
function exchange(live: Live, r: number, e: number, s: Segment, relSeq: number): number {
  const v = live.rows.v;
  const { flags, payloadLength: length } = s;
  const seq = s.seq | 0;
  if ((flags & RST) !== 0) return 0;
  const p = peerOf(r, e);
  const span = spanOf(s);
  const end = (seq + span) | 0;
  noteTtl(live, e, s.ttl);
  const known = (v[e + STATE]! & SENT_KNOWN) !== 0;
  const sent = v[e + SENT]!;
  let kind = 0;
  if (length <= 1 && known && seqDifference(seq, sent) === -1 && (flags & (SYN | FIN)) === 0) {
    // RFC 9293 §3.8.4: no byte or one, at the number before the next.
    v[e + PROBES] = v[e + PROBES]! + 1;
    kind = PROBE;
  } else if (span > 0) {
    if (known && seqDifference(end, sent) <= 0 && sentBefore(live, e, relSeq, span)) kind = RETRANSMISSION;
    if (length > 0) {
      if ((v[p + STATE]! & FIN_SEEN) !== 0) v[r + FLAGS] = v[r + FLAGS]! | TROUBLED;
      if (kind === RETRANSMISSION) {
        if (seqDifference(end, v[e + ACKED]!) > 0) v[e + UNANSWERED] = v[e + UNANSWERED]! + 1;
      } else speak(live, r, e, s, !known || seq === sent);
      notePayload(live, r, e, s);
    }
    noteSent(live, e, p, end, (flags & SYN) !== 0);
  }
  if ((flags & ACK) !== 0) noteAck(live, r, e, p, s.ack | 0);
  return kind;
}
