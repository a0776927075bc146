import type { Segment } from '../../wire/segment.ts';
import {
  BAD_CHECKSUMS,
  FLAGS,
  GAPS,
  HISTORY,
  HISTORY_INLINE,
  HISTORY_LENGTH,
  HISTORY_SEEN,
  LAST_FIN,
  LAST_RST,
  LAST_SYN,
  originatorSide,
  RETRANSMITS,
  ZERO_WINDOWS,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/** Bits of `HISTORY_SEEN` (TCP_Endpoint.h, HistoryMasks); the responder's are shifted by 16. */
const SYN_BIT = 0x1;
const FIN_BIT = 0x2;
const RST_BIT = 0x4;
const INCONSISTENT_BIT = 0x8;
export const DATA_BIT = 0x10;
export const ACK_BIT = 0x20;
const MULTI_BIT = 0x40;

const S = 0x53;
const H = 0x48;
const F = 0x46;
const R = 0x52;
const D = 0x44;
const A = 0x41;
const I = 0x49;
const Q = 0x51;
const C = 0x43;
const G = 0x47;
const T = 0x54;
const W = 0x57;
/** The direction was turned round. */
export const FLIP_LETTER = 0x5e;
const LOWER_CASE = 0x20;

/** A SYN flood with ever new numbers must not grow a string for ever. */
const LONGEST = 4096;

/** Flag bits of the header (RFC 9293 §3.1) as this file groups them. */
const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** Appends one letter as it is. */
export function addLetter(live: Live, r: number, letter: number): void {
  const v = live.rows.v;
  const length = v[r + HISTORY_LENGTH]!;
  if (length < HISTORY_INLINE) {
    const at = r + HISTORY + (length >> 2);
    const shift = (length & 3) << 3;
    v[at] = (v[at]! & ~(0xff << shift)) | (letter << shift);
  } else if (length < LONGEST) {
    // Rare: an honest connection has about ten letters.
    live.longHistories.set(r, (live.longHistories.get(r) ?? '') + String.fromCharCode(letter));
  } else return;
  v[r + HISTORY_LENGTH] = length + 1;
}

export function readHistory(live: Live, r: number): string {
  const v = live.rows.v;
  const inline = Math.min(v[r + HISTORY_LENGTH]!, HISTORY_INLINE);
  let text = '';
  for (let i = 0; i < inline; i++) {
    text += String.fromCharCode((v[r + HISTORY + (i >> 2)]! >>> ((i & 3) << 3)) & 0xff);
  }
  return text + (live.longHistories.get(r) ?? '');
}

/** Writes side `e`'s letter in its case. */
function say(live: Live, r: number, e: number, letter: number): void {
  const isOriginator = e === r + originatorSide(live.rows.v[r + FLAGS]!);
  addLetter(live, r, isOriginator ? letter : letter | LOWER_CASE);
}

/** True when the letter had been written before; else writes it (Session.h, CheckHistory). */
function seenBefore(live: Live, r: number, isOriginator: boolean, bit: number, letter: number): boolean {
  const v = live.rows.v;
  const mask = isOriginator ? bit : bit << 16;
  if ((v[r + HISTORY_SEEN]! & mask) !== 0) return true;
  v[r + HISTORY_SEEN] = v[r + HISTORY_SEEN]! | mask;
  addLetter(live, r, isOriginator ? letter : letter | LOWER_CASE);
  return false;
}

/** A letter that is written again when its number is another one, with the word that keeps the last number. */
interface NumberedLetter {
  bit: number;
  letter: number;
  last: number;
}

/** S and H share one bit: a SYN-ACK after a SYN of the same side shows only if its number differs. */
const SYN_LETTER: NumberedLetter = { bit: SYN_BIT, letter: S, last: LAST_SYN };
const SYN_ACK_LETTER: NumberedLetter = { bit: SYN_BIT, letter: H, last: LAST_SYN };
const FIN_LETTER: NumberedLetter = { bit: FIN_BIT, letter: F, last: LAST_FIN };
const RST_LETTER: NumberedLetter = { bit: RST_BIT, letter: R, last: LAST_RST };

/** A letter once, and again whenever its sequence number is another one than last time. */
function onceANumber(
  live: Live,
  r: number,
  e: number,
  { bit, letter, last }: NumberedLetter,
  seq: number,
): void {
  const v = live.rows.v;
  const isOriginator = e === r + originatorSide(v[r + FLAGS]!);
  if (seenBefore(live, r, isOriginator, bit, letter) && v[e + last] !== (seq | 0)) say(live, r, e, letter);
  v[e + last] = seq;
}

/**
 * The letter of one packet (TCPSessionAdapter.cc, update_history).
 * @param relSeq relative number of the packet's first byte
 */
export function packetLetter(
  live: Live,
  r: number,
  e: number,
  { flags, payloadLength: length }: Pick<Segment, 'flags' | 'payloadLength'>,
  relSeq: number,
): void {
  const isOriginator = e === r + originatorSide(live.rows.v[r + FLAGS]!);
  switch (flags & (SYN | FIN | RST)) {
    case 0:
      if (length > 0) seenBefore(live, r, isOriginator, DATA_BIT, D);
      else if ((flags & ACK) !== 0) seenBefore(live, r, isOriginator, ACK_BIT, A);
      return;
    case SYN:
      onceANumber(live, r, e, (flags & ACK) !== 0 ? SYN_ACK_LETTER : SYN_LETTER, relSeq);
      return;
    case FIN:
      onceANumber(live, r, e, FIN_LETTER, relSeq + length);
      return;
    case RST:
      onceANumber(live, r, e, RST_LETTER, relSeq);
      return;
    case SYN | RST:
    case SYN | FIN:
      seenBefore(live, r, isOriginator, MULTI_BIT, Q);
      return;
    default:
      seenBefore(live, r, isOriginator, INCONSISTENT_BIT, I);
  }
}

/** Counts, and writes the letter at the 1st, 10th, 100th … time (Session.cc, ScaledHistoryEntry). */
function scaled(live: Live, r: number, e: number, counter: number, letter: number): void {
  const v = live.rows.v;
  const count = v[e + counter]! + 1;
  v[e + counter] = count;
  let power = 1;
  while (power < count) power *= 10;
  if (power === count) say(live, r, e, letter);
}

export function badChecksum(live: Live, r: number, e: number): void {
  scaled(live, r, e, BAD_CHECKSUMS, C);
}
export function gap(live: Live, r: number, e: number): void {
  scaled(live, r, e, GAPS, G);
}
export function retransmission(live: Live, r: number, e: number): void {
  scaled(live, r, e, RETRANSMITS, T);
}
export function zeroWindow(live: Live, r: number, e: number): void {
  scaled(live, r, e, ZERO_WINDOWS, W);
}
