import { announcedLength, CHUNKED, mayEndChunks } from '../../protocol/message-length.ts';
import type { Segment } from '../../wire/segment.ts';
import { headBytes, headOffset } from '../store/heads.ts';
import { HEAD_LENGTHS, LAST_HEAD, LAST_LENGTH, TAIL, TLS_RECORD } from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/*
 * Whether a side stopped in the middle of a message: its latest eight bytes,
 * and where in a record of TLS it stands.
 */

/** Values of `TLS_RECORD`: 0 nothing said yet, -1 to -4 so many bytes of a header seen, n > 0: n - 1 bytes to come. */
const BOUNDARY = 1;
const NOT_FOLLOWED = -9;
const HEADER = 5;
/** RFC 8446 §5.2 and RFC 5246 §6.2.3: no record is longer. */
const LONGEST = 16_384 + 2048;

/** The bytes that a side sent next. Called for every segment with payload, so it makes no objects. */
export function followMessage(live: Live, e: number, s: Segment, inOrder: boolean): void {
  const { v } = live.rows;
  if (!inOrder || s.payloadCaptured < s.payloadLength) {
    v[e + TLS_RECORD] = NOT_FOLLOWED;
    v[e + TAIL] = 0;
    v[e + TAIL + 1] = 0;
    return;
  }
  if (v[e + TLS_RECORD] !== NOT_FOLLOWED) followRecords(v, e, s);
  const { bytes, payloadLength: length } = s;
  const end = s.payloadOffset + length;
  for (let i = end - Math.min(length, 8); i < end; i++) {
    v[e + TAIL] = (v[e + TAIL]! << 8) | (v[e + TAIL + 1]! >>> 24);
    v[e + TAIL + 1] = (v[e + TAIL + 1]! << 8) | bytes[i]!;
  }
}

/** Byte `i` of a record header of which the last `seen` bytes before this segment were the first. */
function headerByte(v: Int32Array, e: number, s: Segment, seen: number, i: number): number {
  if (i >= seen) return s.bytes[s.payloadOffset + i - seen]!;
  const fromEnd = seen - 1 - i;
  return (v[e + TAIL + 1]! >>> (8 * fromEnd)) & 0xff;
}

/** The state behind a header: its record is to come; or that this is no TLS. */
function recordOf(type: number, major: number, length: number): number {
  const plausible = type >= 20 && type <= 24 && major === 3 && length <= LONGEST;
  return plausible ? BOUNDARY + length : NOT_FOLLOWED;
}

function followRecords(v: Int32Array, e: number, s: Segment): void {
  const b = s.bytes;
  const end = s.payloadOffset + s.payloadLength;
  let at = s.payloadOffset;
  let state = v[e + TLS_RECORD]!;
  if (state === 0) state = BOUNDARY;
  if (state < 0) {
    const seen = -state;
    if (s.payloadLength < HEADER - seen) {
      v[e + TLS_RECORD] = state - s.payloadLength;
      return;
    }
    const length = (headerByte(v, e, s, seen, 3) << 8) | headerByte(v, e, s, seen, 4);
    state = recordOf(headerByte(v, e, s, seen, 0), headerByte(v, e, s, seen, 1), length);
    at += HEADER - seen;
  }
  while (state !== NOT_FOLLOWED) {
    const left = state - BOUNDARY;
    if (end - at <= left) {
      state -= end - at;
      break;
    }
    at += left;
    if (end - at < HEADER) {
      state = b[at]! >= 20 && b[at]! <= 24 ? at - end : NOT_FOLLOWED;
      break;
    }
    state = recordOf(b[at]!, b[at + 1]!, (b[at + 3]! << 8) | b[at + 4]!);
    at += HEADER;
  }
  v[e + TLS_RECORD] = state;
}

/** Bytes that the TLS record under way still lacks: 0 at the end of one, -1 where no records are followed. */
export function recordLacks(v: Int32Array, e: number): number {
  const state = v[e + TLS_RECORD]!;
  if (state === 0 || state === NOT_FOLLOWED) return -1;
  return state < 0 ? HEADER + state : state - BOUNDARY;
}

/** By its own head the latest HTTP/1 message of a side is longer than what it sent of it. */
export function isUnfinished(live: Live, e: number): boolean {
  const { v } = live.rows;
  const head = v[e + LAST_HEAD]!;
  if (head < 0) return false;
  const total = announcedLength(headBytes(live, head), headOffset(head), v[e + HEAD_LENGTHS]! & 0xffff);
  return total === CHUNKED ? !mayEndChunks(v[e + TAIL]!, v[e + TAIL + 1]!) : total > v[e + LAST_LENGTH]!;
}
