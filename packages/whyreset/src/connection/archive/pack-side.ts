import { recordLacks } from '../notes/message-end.ts';
import { type ResetRecord, readReset } from '../notes/resets.ts';
import { headBytes, headOffset } from '../store/heads.ts';
import {
  ACK_KNOWN,
  ACKED,
  BAD_CHECKSUMS,
  DATA_NUMBER,
  DATA_TIME,
  FIN_END,
  FIN_NUMBER,
  FIN_SEEN,
  FIN_TIME,
  FIRST_HEAD,
  FIRST_IDLE,
  FIRST_LENGTH,
  FIRST_NUMBER,
  FIRST_SINCE,
  FIRST_TIME,
  GAPS,
  HEAD_LENGTHS,
  LAST_HEAD,
  LAST_IDLE,
  LAST_LENGTH,
  LAST_NUMBER,
  LAST_SINCE,
  MAC,
  MIN_RTT,
  OPTIONS,
  PACKETS,
  PROBES,
  RESET,
  RESETS,
  RETRANSMITS,
  SENT,
  SENT_KNOWN,
  START_SEQ,
  STATE,
  SYN_SEEN,
  TAIL,
  TIMESTAMPS,
  TTL,
  TURN_TIME,
  TURNS,
  ZERO_WINDOWS,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import type { ByteWriter } from './byte-codec.ts';
import { nanoseconds, P_ACKED, P_FIN, P_RST, P_SENT, P_SYN, P_TIMESTAMPS } from './format.ts';

const reset = {} as ResetRecord;

/** Writes side `e`. @param size its payload bytes */
export function packSide(live: Live, e: number, size: number, start: number, w: ByteWriter): void {
  const { v, d, f } = live.rows;
  const state = v[e + STATE]!;
  const first = v[e + START_SEQ]!;
  const hasReset = v[e + RESET]! >= 0;
  w.byte(
    ((state & SYN_SEEN) !== 0 ? P_SYN : 0) |
      ((state & FIN_SEEN) !== 0 ? P_FIN : 0) |
      (hasReset ? P_RST : 0) |
      ((state & TIMESTAMPS) !== 0 ? P_TIMESTAMPS : 0) |
      ((state & SENT_KNOWN) !== 0 ? P_SENT : 0) |
      ((state & ACK_KNOWN) !== 0 ? P_ACKED : 0),
  );
  w.uint(first >>> 0);
  w.uint(v[e + PACKETS]!);
  w.uint(size);
  if ((state & SENT_KNOWN) !== 0) w.uint((v[e + SENT]! - first) >>> 0);
  if ((state & ACK_KNOWN) !== 0) w.uint((v[e + ACKED]! - first) >>> 0);
  for (const counter of [RETRANSMITS, GAPS, ZERO_WINDOWS, PROBES, BAD_CHECKSUMS, RESETS, TTL, OPTIONS]) {
    w.uint(v[e + counter]! >>> 0);
  }
  w.int(v[e + MAC]!);
  w.int(Math.round(f[e + MIN_RTT]! * 1e9));
  if ((state & FIN_SEEN) !== 0) {
    w.uint(v[e + FIN_NUMBER]! >>> 0);
    w.int(nanoseconds(d[(e + FIN_TIME) >> 1]!, start));
    w.uint((v[e + FIN_END]! - first) >>> 0);
  }
  if (hasReset) {
    readReset(live, v[e + RESET]!, reset);
    w.uint(reset.number);
    w.int(nanoseconds(reset.time, start));
    w.uint((reset.seq - first) >>> 0);
    w.int(reset.mac);
  }
  w.uint(v[e + DATA_NUMBER]! >>> 0);
  w.int(nanoseconds(d[(e + DATA_TIME) >> 1]!, start));
  packTurns(live, e, start, w);
}

function packTurns(live: Live, e: number, start: number, w: ByteWriter): void {
  const { v, d, f } = live.rows;
  const turns = v[e + TURNS]!;
  const lengths = v[e + HEAD_LENGTHS]!;
  w.uint(turns);
  if (turns === 0) return;
  if (turns > 1) {
    w.uint(v[e + FIRST_NUMBER]! >>> 0);
    w.int(nanoseconds(d[(e + FIRST_TIME) >> 1]!, start));
    w.uint(v[e + FIRST_LENGTH]! >>> 0);
    w.int(Math.round(f[e + FIRST_IDLE]! * 1e9));
    w.uint(v[e + FIRST_SINCE]! >>> 0);
    packHead(live, v[e + FIRST_HEAD]!, lengths >>> 16, w);
  }
  w.uint(v[e + LAST_NUMBER]! >>> 0);
  w.int(nanoseconds(d[(e + TURN_TIME) >> 1]!, start));
  w.uint(v[e + LAST_LENGTH]! >>> 0);
  w.int(Math.round(f[e + LAST_IDLE]! * 1e9));
  w.uint(v[e + LAST_SINCE]! >>> 0);
  packHead(live, v[e + LAST_HEAD]!, lengths & 0xffff, w);
  w.uint(v[e + TAIL]! >>> 0);
  w.uint(v[e + TAIL + 1]! >>> 0);
  w.int(recordLacks(v, e));
}

function packHead(live: Live, handle: number, length: number, w: ByteWriter): void {
  if (handle < 0) w.uint(0);
  else w.block(headBytes(live, handle), headOffset(handle), length);
}
