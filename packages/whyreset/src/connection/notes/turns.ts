import { complains } from '../../protocol/http2-frames.ts';
import type { Segment } from '../../wire/segment.ts';
import type { Blocks } from '../store/blocks.ts';
import { headBytes, headOffset, LARGE } from '../store/heads.ts';
import {
  ACK_KNOWN,
  ACKED,
  ANY_PAYLOAD,
  DATA_NUMBER,
  DATA_TIME,
  FIRST_HEAD,
  FIRST_IDLE,
  FIRST_LENGTH,
  FIRST_NUMBER,
  FIRST_SINCE,
  FIRST_TIME,
  FLAGS,
  HEAD_LENGTHS,
  LAST_HEAD,
  LAST_IDLE,
  LAST_LENGTH,
  LAST_NUMBER,
  LAST_SINCE,
  PAYLOAD_FROM_1,
  PAYLOAD_NUMBER,
  PAYLOAD_TIME,
  SENT,
  STATE,
  sideIndex,
  TURN_TIME,
  TURNS,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { followMessage, isUnfinished } from './message-end.ts';

/*
 * Who said what first and last. A turn is what one side sends before the other
 * side speaks; for HTTP/1.1 a request or a response. Only the first and the
 * latest of each side are kept, and of them the first bytes.
 */

/** Silence after which the same side, everything acknowledged, begins a new turn. */
const PAUSE = 1;

/** Bytes kept of the latest turn: the first line and, mostly, the headers that tell (Content-Length, Connection). */
export const MAX_HEAD = 192;
/** Bytes kept of the first turn once another has begun: enough to know the protocol and the target. */
export const FIRST_HEAD_KEPT = 48;

/**
 * New payload of a side.
 * @param inOrder it continues what the side sent last
 */
export function speak(live: Live, r: number, e: number, s: Segment, inOrder: boolean): void {
  const { v, d } = live.rows;
  const side = sideIndex(r, e);
  const flags = v[r + FLAGS]!;
  const any = (flags & ANY_PAYLOAD) !== 0;
  const lastSide = (flags & PAYLOAD_FROM_1) !== 0 ? 1 : 0;
  const silence = live.now - d[(r + PAYLOAD_TIME) >> 1]!;
  const paused = silence >= PAUSE && (v[e + STATE]! & ACK_KNOWN) !== 0 && v[e + ACKED] === v[e + SENT];
  // A server that pauses in the middle of an answer has not begun another one.
  if (!any || lastSide !== side || (paused && !isUnfinished(live, e)))
    beginTurn(live, r, e, s, any ? silence : -1);
  v[e + LAST_LENGTH] = v[e + LAST_LENGTH]! + s.payloadLength;
  if (inOrder && (v[e + HEAD_LENGTHS]! & 0xffff) < MAX_HEAD) appendHead(live, e, s);
  followMessage(live, e, s, inOrder);
  v[r + FLAGS] = (flags & ~PAYLOAD_FROM_1) | ANY_PAYLOAD | (side === 1 ? PAYLOAD_FROM_1 : 0);
}

/** Payload of any kind, also sent again, ends a silence. */
export function notePayload(live: Live, r: number, e: number, s: Segment): void {
  const { v, d } = live.rows;
  d[(r + PAYLOAD_TIME) >> 1] = live.now;
  v[r + PAYLOAD_NUMBER] = s.number;
  d[(e + DATA_TIME) >> 1] = live.now;
  v[e + DATA_NUMBER] = s.number;
}

function beginTurn(live: Live, r: number, e: number, s: Segment, idle: number): void {
  const { v, d, f } = live.rows;
  const turns = v[e + TURNS]!;
  if (turns > 0 && hasComplained(live, e)) return;
  if (turns === 1) keepFirst(live, e);
  v[e + TURNS] = turns + 1;
  v[e + LAST_NUMBER] = s.number;
  v[e + LAST_LENGTH] = 0;
  v[e + LAST_SINCE] = idle < 0 ? 0 : v[r + PAYLOAD_NUMBER]!;
  d[(e + TURN_TIME) >> 1] = live.now;
  f[e + LAST_IDLE] = idle;
  v[e + HEAD_LENGTHS] = v[e + HEAD_LENGTHS]! & ~0xffff;
  if (v[e + LAST_HEAD]! < 0) {
    const at = live.largeHeads.take();
    v[e + LAST_HEAD] = at < 0 ? -1 : at | LARGE;
  }
}

/** In HTTP/2 both sides talk at once, and the frame that says why must not give way to the farewells after it. */
function hasComplained(live: Live, e: number): boolean {
  const v = live.rows.v;
  const head = v[e + LAST_HEAD]!;
  return head >= 0 && complains(headBytes(live, head), headOffset(head), v[e + HEAD_LENGTHS]! & 0xffff);
}

/** The turn that was both first and latest becomes the first, because another one begins. */
function keepFirst(live: Live, e: number): void {
  const { v, d, f } = live.rows;
  v[e + FIRST_NUMBER] = v[e + LAST_NUMBER]!;
  v[e + FIRST_LENGTH] = v[e + LAST_LENGTH]!;
  v[e + FIRST_SINCE] = v[e + LAST_SINCE]!;
  d[(e + FIRST_TIME) >> 1] = d[(e + TURN_TIME) >> 1]!;
  f[e + FIRST_IDLE] = f[e + LAST_IDLE]!;
  const length = v[e + HEAD_LENGTHS]! & 0xffff;
  const last = v[e + LAST_HEAD]!;
  if (last < 0) return;
  const small = live.smallHeads.take();
  if (small < 0) return;
  const kept = Math.min(length, FIRST_HEAD_KEPT);
  const from = (last & ~LARGE) << 2;
  const to = small << 2;
  for (let i = 0; i < kept; i++) live.smallHeads.b[to + i] = live.largeHeads.b[from + i]!;
  v[e + FIRST_HEAD] = small;
  v[e + HEAD_LENGTHS] = kept << 16;
}

function appendHead(live: Live, e: number, s: Segment): void {
  const v = live.rows.v;
  const handle = v[e + LAST_HEAD]!;
  if (handle < 0) return;
  const length = v[e + HEAD_LENGTHS]! & 0xffff;
  const count = Math.min(MAX_HEAD - length, s.payloadCaptured);
  copyBytes(s.bytes, s.payloadOffset, live.largeHeads, ((handle & ~LARGE) << 2) + length, count);
  v[e + HEAD_LENGTHS] = v[e + HEAD_LENGTHS]! + count;
}

/** The view on the bytes of the latest segment; all segments of a chunk share them. */
let source: Uint8Array = new Uint8Array(0);
let view = new DataView(source.buffer);

/** By words, because this is done for most turns and `set(subarray())` would allocate for each. */
function copyBytes(bytes: Uint8Array, from: number, pool: Blocks, to: number, count: number): void {
  if (bytes !== source) {
    source = bytes;
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  const words = count & ~3;
  for (let i = 0; i < words; i += 4) pool.bytes.setInt32(to + i, view.getInt32(from + i));
  for (let i = words; i < count; i++) pool.b[to + i] = bytes[from + i]!;
}

export function releaseHeads(live: Live, e: number): void {
  const v = live.rows.v;
  giveHead(live, v[e + FIRST_HEAD]!);
  giveHead(live, v[e + LAST_HEAD]!);
  v[e + FIRST_HEAD] = -1;
  v[e + LAST_HEAD] = -1;
  v[e + HEAD_LENGTHS] = 0;
}

function giveHead(live: Live, handle: number): void {
  if (handle < 0) return;
  if ((handle & LARGE) !== 0) live.largeHeads.give(handle & ~LARGE);
  else live.smallHeads.give(handle);
}
