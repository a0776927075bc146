import type { Segment } from '../wire/segment.ts';
import { noteTtl, takeRtt } from './exchange.ts';
import { ACK_BIT, DATA_BIT } from './history.ts';
import {
  ACK_SEQ,
  ACKED,
  DID_CLOSE,
  DID_EOF,
  END,
  ESTABLISHED,
  FIN_SEEN,
  FLAGS,
  HISTORY_SEEN,
  HOLE,
  LAST_SEQ,
  LAST_TIME,
  ORIGINATOR_SEEN,
  originatorSide,
  PACKETS,
  REASSEMBLED,
  RESPONDER_SEEN,
  RTT_PENDING,
  RTT_SEQ,
  RTT_TIME,
  SENT,
  SKIPPING,
  START_SEQ,
  STATE,
  STATE_MASK,
  TRIMMED,
  TTL,
  UNANSWERED,
  WRAPS,
} from './layout.ts';
import type { Live } from './live.ts';
import { record } from './timeline.ts';
import { notePayload, speak } from './turns.ts';
import { EXCESSIVE_DATA_WITHOUT_FURTHER_ACKS } from './zeek-defaults.ts';

const ACK = 0x10;
const OPENS_OR_ENDS = 0x07;
const BOTH_SEEN = ORIGINATOR_SEEN | RESPONDER_SEEN;
/** Bits of a side's state that must be as in an undisturbed established connection. */
const UNDISTURBED = STATE_MASK | SKIPPING | FIN_SEEN | DID_CLOSE | DID_EOF;

/**
 * The next segment in order of an undisturbed established connection, which
 * most segments are: what `takeSegment` comes to when nothing is lost, repeated,
 * wrapped, opened or ended. Everything in one function, because a dozen calls
 * would cost three times the work. A test holds both against each other.
 *
 * @returns false, with nothing changed, when the segment is not of this kind
 */
export function takePlainSegment(
  live: Live,
  r: number,
  e: number,
  p: number,
  side: number,
  s: Segment,
): boolean {
  const { v, d } = live.rows;
  const flags = s.flags;
  const bits = v[r + FLAGS]!;
  const length = s.payloadLength;
  const seq = s.seq | 0;
  const ack = s.ack | 0;
  if ((flags & (OPENS_OR_ENDS | ACK)) !== ACK || (bits & BOTH_SEEN) !== BOTH_SEEN || s.window === 0)
    return false;
  if ((v[e + STATE]! & UNDISTURBED) !== ESTABLISHED || (v[p + STATE]! & UNDISTURBED) !== ESTABLISHED)
    return false;
  if ((v[e + WRAPS]! | v[p + WRAPS]!) !== 0 || (v[e + HOLE]! & v[p + HOLE]!) !== -1) return false;
  if (seq !== v[e + LAST_SEQ] || seq !== v[e + SENT] || s.payloadCaptured < length) return false;
  const letter = length > 0 ? DATA_BIT : ACK_BIT;
  const mask = e === r + originatorSide(bits) ? letter : letter << 16;
  if ((v[r + HISTORY_SEEN]! & mask) === 0) return false;

  // Both numbers must move forward on this side of 2^31 and 2^32.
  const end = (seq + length) | 0;
  const from = (seq - v[e + START_SEQ]!) | 0;
  const acked = v[p + ACK_SEQ]!;
  const upTo = (ack - v[p + START_SEQ]!) | 0;
  if (from <= 0 || from + length > 0x7fffffff || end >>> 0 < seq >>> 0) return false;
  if (upTo <= 0 || ack >>> 0 < acked >>> 0 || ((ack - acked) | 0) < 0 || acked !== v[p + ACKED]) return false;
  if (upTo > d[(p + REASSEMBLED) >> 1]! || from !== d[(e + REASSEMBLED) >> 1]) return false;
  if (length > 0) {
    const ownAcked = (v[e + ACK_SEQ]! - v[e + START_SEQ]!) | 0;
    const held = from + length - d[(e + TRIMMED) >> 1]!;
    if (ownAcked <= 1 || held > EXCESSIVE_DATA_WITHOUT_FURTHER_ACKS) return false;
    if (!live.replaying) speak(live, r, e, side, s, true);
    notePayload(live, r, e, s);
    v[e + LAST_SEQ] = end;
    v[e + SENT] = end;
    d[(e + REASSEMBLED) >> 1] = from + length;
    if ((v[p + STATE]! & RTT_PENDING) === 0) {
      v[p + RTT_SEQ] = end;
      d[(p + RTT_TIME) >> 1] = live.now;
      v[p + STATE] = v[p + STATE]! | RTT_PENDING;
    }
  }
  if (ack !== acked) {
    v[p + ACK_SEQ] = ack;
    v[p + ACKED] = ack;
    v[p + UNANSWERED] = 0;
    if (upTo > d[(p + TRIMMED) >> 1]!) d[(p + TRIMMED) >> 1] = upTo;
  }
  if ((v[e + STATE]! & RTT_PENDING) !== 0 && ((ack - v[e + RTT_SEQ]!) | 0) >= 0) takeRtt(live, r, e);
  const ttl = v[e + TTL]!;
  if (s.ttl !== (ttl & 0xff) || s.ttl !== ttl >> 8) noteTtl(live, e, s.ttl);
  d[(r + END) >> 1] = live.now;
  d[(r + LAST_TIME) >> 1] = live.now;
  v[e + PACKETS] = v[e + PACKETS]! + 1;
  record(live, r, s, side, false, false);
  return true;
}
