import {
  asksForAnswer,
  isFatalAlert,
  isHead,
  isPreface,
  refusesRequest,
  speaksOfLimit,
  talksPast,
} from '../protocol/first-bytes.ts';
import { complains, mayBeSettings } from '../protocol/http2-frames.ts';
import { isRefusalOfHandshake, isServerHello } from '../protocol/tls-refusal.ts';
import { seqDifference } from '../wire/sequence.ts';
import { isUnfinished, recordLacks } from './notes/message-end.ts';
import { keptPackets, MOST_PACKETS, type PacketRecord, readPacket } from './notes/timeline.ts';
import { firstHead, firstHeadLength, headBytes, headOffset } from './store/heads.ts';
import {
  ACK_KNOWN,
  ACKED,
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
  LAST_LENGTH,
  LAST_NUMBER,
  originatorSide,
  PACKETS,
  PROBES,
  RETRANSMITS,
  responderSide,
  SENT,
  SENT_KNOWN,
  SIDE_0,
  SIDE_1,
  START,
  START_SEQ,
  STATE,
  STATE_MASK,
  SYN_SEEN,
  SYN_SENT,
  TROUBLED,
  TTL,
  TURNS,
  UNANSWERED,
  ZERO_WINDOWS,
} from './store/layout.ts';
import type { Live } from './store/live.ts';

const SYN = 0x02;

/** Repetitions after which unanswered payload is more than one lost packet. */
const SEVERAL = 2;

/** Payload was repeated again and again and nobody acknowledged it. */
function unanswered(v: Int32Array, e: number): boolean {
  const state = v[e + STATE]!;
  if (v[e + UNANSWERED]! < SEVERAL || (state & SENT_KNOWN) === 0) return false;
  return (state & ACK_KNOWN) === 0 || seqDifference(v[e + SENT]!, v[e + ACKED]!) > 0;
}

/** Keep-alive probes at the end of a connection that are more than the last ones before the capture stopped. */
const PROBES_IN_VAIN = 3;

const kept = new Int32Array(MOST_PACKETS);
const packet = {} as PacketRecord;

/** One side went on asking whether the other still lives, which until then had been heard, and nobody answered. */
function probedInVain(live: Live, r: number): boolean {
  const v = live.rows.v;
  const side0 = r + SIDE_0;
  const side1 = r + SIDE_1;
  if (v[side0 + PROBES]! < PROBES_IN_VAIN && v[side1 + PROBES]! < PROBES_IN_VAIN) return false;
  if (v[side0 + PACKETS] === 0 || v[side1 + PACKETS] === 0) return false;
  const count = keptPackets(live, r, kept);
  let side = -1;
  for (let i = 1; i <= PROBES_IN_VAIN; i++) {
    if (i > count) return false;
    readPacket(live, kept[count - i]!, packet);
    if (!packet.keepAliveProbe || (side >= 0 && packet.side !== side)) return false;
    side = packet.side;
  }
  return true;
}

/** The responder closed first, in the middle of an answer or of a TLS record that was to be longer. */
function closedMidAnswer(live: Live, orig: number, resp: number): boolean {
  const v = live.rows.v;
  if ((v[resp + STATE]! & FIN_SEEN) === 0 || v[resp + TURNS] === 0 || v[resp + GAPS]! > 0) return false;
  if ((v[orig + STATE]! & FIN_SEEN) !== 0 && v[orig + FIN_NUMBER]! < v[resp + FIN_NUMBER]!) return false;
  const question = v[orig + LAST_HEAD]!;
  if (question >= 0 && isHead(headBytes(live, question), headOffset(question))) return false;
  return isUnfinished(live, resp) || recordLacks(v, resp) > 0;
}

/** The originator's first encrypted record can only be an alert of TLS 1.3, and nothing followed it. */
function refusedHandshake(live: Live, orig: number, resp: number): boolean {
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

/** The responder closed first and said nothing to the originator's last question. */
function closedOnQuestion(live: Live, orig: number, resp: number): boolean {
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

/** The latest words of one side say themselves that something is wrong. */
function endedInWords(live: Live, orig: number, resp: number): boolean {
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

const NOTHING = new Uint8Array(0);

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

/** The client asked for a connection again, and never heard a word. */
function unansweredSyn(v: Int32Array, orig: number, resp: number): boolean {
  if ((v[orig + STATE]! & STATE_MASK) !== SYN_SENT || v[orig + PACKETS]! < SEVERAL) return false;
  return v[resp + TTL] === 0 && (v[resp + STATE]! & ACK_KNOWN) === 0;
}

/** The responder repeats its SYN-ACK as if the acknowledgements of it had not come. */
function unheardAck(v: Int32Array, orig: number, resp: number): boolean {
  if (v[resp + RETRANSMITS]! < SEVERAL || v[resp + TURNS]! > 0) return false;
  const opened = (v[resp + STATE]! & (SYN_SEEN | ACK_KNOWN)) === (SYN_SEEN | ACK_KNOWN);
  return opened && seqDifference(v[resp + SENT]!, v[resp + START_SEQ]!) === 1 && v[orig + PACKETS]! > SEVERAL;
}

/** What the server ends sooner than this, seconds, it had not waited for; round trips are added. */
const AT_ONCE = 0.2;

/** The responder accepted the connection and closed it at once, before a byte was said. */
function closedUnasked(live: Live, r: number, orig: number, resp: number): boolean {
  const { v, d, f } = live.rows;
  if (v[orig + TURNS]! > 0 || v[resp + TURNS]! > 0 || (v[resp + STATE]! & FIN_SEEN) === 0) return false;
  if ((v[r + FLAGS]! & ESTABLISHED_ONCE) === 0 || (v[orig + STATE]! & SYN_SEEN) === 0) return false;
  if ((v[orig + STATE]! & FIN_SEEN) !== 0 && v[orig + FIN_NUMBER]! < v[resp + FIN_NUMBER]!) return false;
  return d[(resp + FIN_TIME) >> 1]! - d[(r + START) >> 1]! < AT_ONCE + 4 * Math.max(0, f[r + HANDSHAKE_RTT]!);
}

/** A FIN this long after the question is no half-close, seconds; round trips are added. */
const GAVE_UP = 0.5;

/** The originator closed long after its last question, to which not a byte had come. */
function gaveUp(live: Live, r: number, orig: number, resp: number): boolean {
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

/** A window that is closed for so long, seconds, is no flow control at work. */
const STALL = 3;

/** A side offered no room to the end, and for long: its program no longer reads. */
function stalled(live: Live, r: number): boolean {
  const v = live.rows.v;
  if (v[r + SIDE_0 + ZERO_WINDOWS] === 0 && v[r + SIDE_1 + ZERO_WINDOWS] === 0) return false;
  const count = keptPackets(live, r, kept);
  for (const side of [0, 1]) {
    if ((v[r + (side === 0 ? SIDE_0 : SIDE_1) + STATE]! & FIN_SEEN) !== 0) continue;
    let last = -1;
    let since = -1;
    for (let i = count - 1; i >= 0; i--) {
      readPacket(live, kept[i]!, packet);
      if (packet.side !== side) continue;
      if (packet.window !== 0 || (packet.flags & SYN) !== 0) break;
      since = packet.time;
      if (last < 0) last = packet.time;
    }
    if (last - since >= STALL) return true;
  }
  return false;
}

/** What both sides sent shows that `resp`, as the server, ended it before it was done. */
function endedTooSoon(live: Live, orig: number, resp: number): boolean {
  return (
    closedOnQuestion(live, orig, resp) || closedMidAnswer(live, orig, resp) || endedInWords(live, orig, resp)
  );
}

/** A SYN cut an open connection, was answered by an ACK of something else, and more followed. */
function synIntoOpen(live: Live, r: number): boolean {
  if (live.predecessors.size === 0) return false;
  const before = live.predecessors.get(r);
  if (before === undefined || !before.open || !before.established) return false;
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  const orig = r + originatorSide(flags);
  const side = responderSide(flags) === SIDE_0 ? 0 : 1;
  const count = keptPackets(live, r, kept);
  for (let i = 0; i < count - 1; i++) {
    readPacket(live, kept[i]!, packet);
    if (packet.side !== side) continue;
    return (packet.flags & SYN) === 0 && seqDifference(packet.ack, v[orig + START_SEQ]!) !== 1;
  }
  return false;
}

/** Is this connection worth a closer look? A RST, late payload and ICMP errors have been marked as they came. */
export function isTroubled(live: Live, r: number): boolean {
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  if ((flags & TROUBLED) !== 0) return true;
  const orig = r + originatorSide(flags);
  const resp = r + responderSide(flags);
  return (
    unanswered(v, orig) ||
    unanswered(v, resp) ||
    unansweredSyn(v, orig, resp) ||
    unheardAck(v, orig, resp) ||
    closedUnasked(live, r, orig, resp) ||
    gaveUp(live, r, orig, resp) ||
    stalled(live, r) ||
    endedTooSoon(live, orig, resp) ||
    refusedHandshake(live, orig, resp) ||
    // Without a SYN in view the roles are a guess, and the server may be the originator.
    ((v[orig + STATE]! & SYN_SEEN) === 0 && endedTooSoon(live, resp, orig)) ||
    probedInVain(live, r) ||
    synIntoOpen(live, r)
  );
}
