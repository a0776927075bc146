import { asksForAnswer, isHead } from '../../protocol/first-bytes.ts';
import { isUnfinished, recordLacks } from '../notes/message-end.ts';
import { headBytes, headOffset } from '../store/heads.ts';
import {
  DATA_NUMBER,
  DATA_TIME,
  ESTABLISHED_ONCE,
  FIN_NUMBER,
  FIN_SEEN,
  FIN_TIME,
  FLAGS,
  GAPS,
  HANDSHAKE_RTT,
  HEAD_LENGTHS,
  LAST_HEAD,
  LAST_NUMBER,
  START,
  STATE,
  SYN_SEEN,
  TURNS,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';

/** The responder closed first, in the middle of an answer or of a TLS record that was to be longer. */
export function closedMidAnswer(live: Live, orig: number, resp: number): boolean {
  const v = live.rows.v;
  if ((v[resp + STATE]! & FIN_SEEN) === 0 || v[resp + TURNS] === 0 || v[resp + GAPS]! > 0) return false;
  if ((v[orig + STATE]! & FIN_SEEN) !== 0 && v[orig + FIN_NUMBER]! < v[resp + FIN_NUMBER]!) return false;
  const question = v[orig + LAST_HEAD]!;
  if (question >= 0 && isHead(headBytes(live, question), headOffset(question))) return false;
  return isUnfinished(live, resp) || recordLacks(v, resp) > 0;
}

/** The responder closed first and said nothing to the originator's last question. */
export function closedOnQuestion(live: Live, orig: number, resp: number): boolean {
  const v = live.rows.v;
  if (v[orig + TURNS] === 0 || (v[resp + STATE]! & FIN_SEEN) === 0) return false;
  if (v[resp + DATA_NUMBER]! > v[orig + LAST_NUMBER]!) return false;
  const origFin = (v[orig + STATE]! & FIN_SEEN) !== 0;
  if (origFin && v[orig + FIN_NUMBER]! < v[resp + FIN_NUMBER]!) return false;
  const head = v[orig + LAST_HEAD]!;
  return (
    head >= 0 && asksForAnswer(headBytes(live, head), headOffset(head), v[orig + HEAD_LENGTHS]! & 0xffff)
  );
}

/** What the server ends sooner than this, seconds, it had not waited for; round trips are added. */
const AT_ONCE = 0.2;

/** The responder accepted the connection and closed it at once, before a byte was said. */
export function closedUnasked(live: Live, r: number, orig: number, resp: number): boolean {
  const { v, d, f } = live.rows;
  if (v[orig + TURNS]! > 0 || v[resp + TURNS]! > 0 || (v[resp + STATE]! & FIN_SEEN) === 0) return false;
  if ((v[r + FLAGS]! & ESTABLISHED_ONCE) === 0 || (v[orig + STATE]! & SYN_SEEN) === 0) return false;
  if ((v[orig + STATE]! & FIN_SEEN) !== 0 && v[orig + FIN_NUMBER]! < v[resp + FIN_NUMBER]!) return false;
  return d[(resp + FIN_TIME) >> 1]! - d[(r + START) >> 1]! < AT_ONCE + 4 * Math.max(0, f[r + HANDSHAKE_RTT]!);
}

/** A FIN this long after the question is no half-close, seconds; round trips are added. */
const GAVE_UP = 0.5;

/** The originator closed long after its last question, to which not a byte had come. */
export function gaveUp(live: Live, r: number, orig: number, resp: number): boolean {
  const { v, d, f } = live.rows;
  if (v[orig + TURNS] === 0 || (v[orig + STATE]! & FIN_SEEN) === 0) return false;
  if (v[resp + DATA_NUMBER]! > v[orig + LAST_NUMBER]!) return false;
  if ((v[resp + STATE]! & FIN_SEEN) !== 0 && v[resp + FIN_NUMBER]! < v[orig + FIN_NUMBER]!) return false;
  const waited = d[(orig + FIN_TIME) >> 1]! - d[(orig + DATA_TIME) >> 1]!;
  if (waited < GAVE_UP + 2 * Math.max(0, f[r + HANDSHAKE_RTT]!)) return false;
  const head = v[orig + LAST_HEAD]!;
  return (
    head >= 0 && asksForAnswer(headBytes(live, head), headOffset(head), v[orig + HEAD_LENGTHS]! & 0xffff)
  );
}
