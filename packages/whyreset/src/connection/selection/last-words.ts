import {
  asksForAnswer,
  isFatalAlert,
  isPreface,
  refusesRequest,
  speaksOfLimit,
  talksPast,
} from '../../protocol/first-bytes.ts';
import { complains, mayBeSettings } from '../../protocol/http2-frames.ts';
import { isRefusalOfHandshake, isServerHello } from '../../protocol/tls-refusal.ts';
import { firstHead, firstHeadLength, headBytes, headOffset } from '../store/heads.ts';
import { FIN_SEEN, HEAD_LENGTHS, LAST_HEAD, LAST_LENGTH, STATE, TURNS } from '../store/layout.ts';
import type { Live } from '../store/live.ts';

const NOTHING = new Uint8Array(0);

/** The originator's first encrypted record can only be an alert of TLS 1.3, and nothing followed it. */
export function refusedHandshake(live: Live, orig: number, resp: number): boolean {
  const v = live.rows.v;
  if (v[orig + TURNS] !== 2 || v[resp + TURNS] !== 1) return false;
  const answer = v[resp + LAST_HEAD]!;
  const last = v[orig + LAST_HEAD]!;
  if (answer < 0 || last < 0 || !isServerHello(headBytes(live, answer), headOffset(answer))) return false;
  const length = v[orig + HEAD_LENGTHS]! & 0xffff;
  return (
    v[orig + LAST_LENGTH] === length && isRefusalOfHandshake(headBytes(live, last), headOffset(last), length)
  );
}

/** The latest words of one side say themselves that something is wrong. */
export function endedInWords(live: Live, orig: number, resp: number): boolean {
  const v = live.rows.v;
  const question = v[orig + LAST_HEAD]!;
  const answer = v[resp + LAST_HEAD]!;
  const asked = question < 0 ? 0 : v[orig + HEAD_LENGTHS]! & 0xffff;
  const answered = answer < 0 ? 0 : v[resp + HEAD_LENGTHS]! & 0xffff;
  const q = asked > 0 ? headBytes(live, question) : NOTHING;
  const a = answered > 0 ? headBytes(live, answer) : NOTHING;
  const qAt = asked > 0 ? headOffset(question) : 0;
  const aAt = answered > 0 ? headOffset(answer) : 0;
  if (isFatalAlert(q, qAt, asked) || isFatalAlert(a, aAt, answered)) return true;
  const closed = (v[resp + STATE]! & FIN_SEEN) !== 0;
  if (refusesRequest(a, aAt, answered) || (closed && speaksOfLimit(a, aAt, answered))) return closed;
  if (firstHeadIs(live, orig, isPreface))
    return (
      complains(a, aAt, answered) ||
      complains(q, qAt, asked) ||
      (v[resp + TURNS]! > 0 && !firstHeadIs(live, resp, mayBeSettings))
    );
  if (asksForAnswer(q, qAt, asked) && complains(a, aAt, answered)) return true;
  // Later turns may be in another language on purpose (STARTTLS, CONNECT).
  return v[orig + TURNS] === 1 && v[resp + TURNS] === 1 && talksPast(q, qAt, asked, a, aAt, answered);
}

/** What a side said first is of this kind; true also where none of its bytes were kept and `is` cannot deny. */
function firstHeadIs(
  live: Live,
  e: number,
  is: (b: Uint8Array, at: number, length: number) => boolean,
): boolean {
  const head = firstHead(live.rows.v, e);
  if (head < 0) return is(NOTHING, 0, 0);
  return is(headBytes(live, head), headOffset(head), firstHeadLength(live.rows.v, e));
}
