import { seqDifference } from '../wire/sequence.ts';
import { asksForAnswer, isFatalAlert, refusesRequest, talksPast } from './application.ts';
import {
  ACK_KNOWN,
  ACKED,
  DATA_NUMBER,
  FIN_NUMBER,
  FIN_SEEN,
  FLAGS,
  HEAD_LENGTHS,
  LAST_HEAD,
  LAST_NUMBER,
  originatorSide,
  responderSide,
  SENT,
  SENT_KNOWN,
  STATE,
  TROUBLED,
  TURNS,
  UNANSWERED,
} from './layout.ts';
import type { Live } from './live.ts';
import { headBytes, headOffset } from './turns.ts';

/** Repetitions after which unanswered payload is more than one lost packet. */
const SEVERAL = 2;

/** Payload was repeated again and again and nobody acknowledged it. */
function unanswered(v: Int32Array, e: number): boolean {
  const state = v[e + STATE]!;
  if (v[e + UNANSWERED]! < SEVERAL || (state & SENT_KNOWN) === 0) return false;
  return (state & ACK_KNOWN) === 0 || seqDifference(v[e + SENT]!, v[e + ACKED]!) > 0;
}

/** The responder closed first and said nothing to the originator's last question. */
function closedOnQuestion(live: Live, r: number): boolean {
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  const orig = r + originatorSide(flags);
  const resp = r + responderSide(flags);
  if (v[orig + TURNS] === 0 || (v[resp + STATE]! & FIN_SEEN) === 0) return false;
  if (v[resp + DATA_NUMBER]! > v[orig + LAST_NUMBER]!) return false;
  const origFin = (v[orig + STATE]! & FIN_SEEN) !== 0;
  if (origFin && v[orig + FIN_NUMBER]! < v[resp + FIN_NUMBER]!) return false;
  const head = v[orig + LAST_HEAD]!;
  return (
    head >= 0 && asksForAnswer(headBytes(live, head), headOffset(head), v[orig + HEAD_LENGTHS]! & 0xffff)
  );
}

/** The latest words of one side say themselves that something is wrong. */
function endedInWords(live: Live, r: number): boolean {
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  const orig = r + originatorSide(flags);
  const resp = r + responderSide(flags);
  const question = v[orig + LAST_HEAD]!;
  const answer = v[resp + LAST_HEAD]!;
  const asked = question < 0 ? 0 : v[orig + HEAD_LENGTHS]! & 0xffff;
  const answered = answer < 0 ? 0 : v[resp + HEAD_LENGTHS]! & 0xffff;
  const q = asked > 0 ? headBytes(live, question) : NOTHING;
  const a = answered > 0 ? headBytes(live, answer) : NOTHING;
  const qAt = asked > 0 ? headOffset(question) : 0;
  const aAt = answered > 0 ? headOffset(answer) : 0;
  if (isFatalAlert(q, qAt, asked) || isFatalAlert(a, aAt, answered)) return true;
  if (refusesRequest(a, aAt, answered)) return (v[resp + STATE]! & FIN_SEEN) !== 0;
  // Later turns may be in another language on purpose (STARTTLS, CONNECT).
  return v[orig + TURNS] === 1 && v[resp + TURNS] === 1 && talksPast(q, qAt, asked, a, aAt, answered);
}

const NOTHING = new Uint8Array(0);

/** Is this connection worth a closer look? A RST, late payload and ICMP errors have been marked as they came. */
export function isTroubled(live: Live, r: number): boolean {
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  if ((flags & TROUBLED) !== 0) return true;
  return (
    unanswered(v, r + originatorSide(flags)) ||
    unanswered(v, r + responderSide(flags)) ||
    closedOnQuestion(live, r) ||
    endedInWords(live, r)
  );
}
