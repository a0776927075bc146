import type { Segment } from '../../wire/segment.ts';
import {
  ACTIVE,
  ATTEMPT,
  CLOSED,
  DID_CLOSE,
  ESTABLISHED,
  ESTABLISHED_ONCE,
  FLAGS,
  IDLE_LIMIT,
  INACTIVE,
  ORIGINATOR_IS_1,
  ORIGINATOR_SEEN,
  originatorSide,
  PARTIAL,
  PARTIAL_CONNECTION,
  PORTS,
  PREVIOUS_SHIFT,
  peerOf,
  RESET_STATE,
  RESPONDER_SEEN,
  responderSide,
  SIDE_0,
  START_SEQ,
  STATE,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { addLetter, FLIP_LETTER } from './history.ts';
import { previousState, stateOf } from './numbers.ts';
import {
  ATTEMPT_DELAY,
  INTERACTIVE_INACTIVITY,
  isInteractivePort,
  isLikelyServerPort,
} from './zeek-defaults.ts';

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/*
 * Zeek's TCP endpoint states and what moves them (TCPSessionAdapter.cc,
 * UpdateStateMachine and its parts). Only what a side's own packet can change
 * is here; rows of the table, columns of what arrives:
 *
 *               SYN                    FIN        RST        anything else
 *   INACTIVE    SYN_SENT (originator)  CLOSED     RESET      PARTIAL, or ESTABLISHED after a lone SYN-ACK
 *               SYN_ACK_SENT (with ACK)
 *               ESTABLISHED (responder, and then the originator too)
 *   SYN_SENT    –                      CLOSED     RESET      –
 *   PARTIAL     SYN_SENT if unanswered CLOSED     RESET      –
 *   ESTABLISHED –                      CLOSED     RESET      –
 *   CLOSED      –                      –          RESET unless the peer closed too
 *   RESET       –                      –          –          –
 */

const handshaking = (state: number) => state === INACTIVE || state === SYN_SENT || state === SYN_ACK_SENT;

function setState(live: Live, r: number, e: number, p: number, state: number): void {
  const v = live.rows.v;
  const word = v[e + STATE]!;
  const old = word & STATE_MASK;
  if (old === state) return;
  if (!handshaking(state) && handshaking(old) && handshaking(stateOf(v, p)))
    v[r + IDLE_LIMIT] = live.inactivity;
  v[e + STATE] = (word & ~0b111_111) | (old << PREVIOUS_SHIFT) | state;
}

/** Turns the direction of the connection round (Conn.cc, FlipRoles). */
export function flip(live: Live, r: number): void {
  const v = live.rows.v;
  const flags = v[r + FLAGS]! ^ ORIGINATOR_IS_1;
  const kept = flags & ~(ORIGINATOR_SEEN | RESPONDER_SEEN | PARTIAL_CONNECTION);
  const swapped =
    ((flags & ORIGINATOR_SEEN) !== 0 ? RESPONDER_SEEN : 0) |
    ((flags & RESPONDER_SEEN) !== 0 ? ORIGINATOR_SEEN : 0);
  v[r + FLAGS] = kept | swapped;
  addLetter(live, r, FLIP_LETTER);
}

/** Whether a connection whose first packet is this one should be turned round at once (TCP.cc, WantConnection). */
export function startsFlipped(flags: number, sourcePort: number, destinationPort: number): boolean {
  if ((flags & (SYN | ACK)) === SYN || !isLikelyServerPort(sourcePort)) return false;
  if (!isLikelyServerPort(destinationPort)) return true;
  return (flags & SYN) === 0 && sourcePort < destinationPort;
}

/** Before its first packet is looked at: is this the middle of a connection? */
export function notePartial(v: Int32Array, r: number, flags: number, isOriginator: boolean): void {
  const bits = v[r + FLAGS]!;
  const syn = (flags & SYN) !== 0;
  if (isOriginator) {
    if ((bits & ORIGINATOR_SEEN) !== 0) return;
    const partial = !syn || (flags & ACK) !== 0;
    v[r + FLAGS] = partial ? bits | PARTIAL_CONNECTION : bits & ~PARTIAL_CONNECTION;
  } else if ((bits & (RESPONDER_SEEN | PARTIAL_CONNECTION)) === 0 && !syn) {
    v[r + FLAGS] = bits | PARTIAL_CONNECTION;
  }
}

/** A SYN that cannot belong to the connection it meets opens a new one (TCPSessionAdapter.cc, IsReuse). */
export function isReuse(v: Int32Array, r: number, flags: number, seq: number): boolean {
  const bits = v[r + FLAGS]!;
  const orig = r + originatorSide(bits);
  const resp = r + responderSide(bits);
  const withAck = (flags & ACK) !== 0;
  if (withAck && stateOf(v, orig) !== INACTIVE) return false;
  if (((v[orig + STATE]! | v[resp + STATE]!) & DID_CLOSE) !== 0) return true;
  const opener = withAck ? resp : orig;
  if (v[opener + START_SEQ] === (seq | 0)) return false;
  // SYN-ACK and SYN in the wrong order are still one connection.
  const reversed = !withAck && stateOf(v, orig) === SYN_ACK_SENT && stateOf(v, resp) === INACTIVE;
  return !(reversed && v[resp + START_SEQ] === (seq | 0));
}

function established(live: Live, r: number): void {
  const v = live.rows.v;
  const flags = v[r + FLAGS]!;
  v[r + FLAGS] = flags | ESTABLISHED_ONCE;
  const ports = v[r + PORTS]!;
  const origPort = originatorSide(flags) === SIDE_0 ? ports >>> 16 : ports & 0xffff;
  let port = originatorSide(flags) === SIDE_0 ? ports & 0xffff : ports >>> 16;
  const unheard = stateOf(v, r + originatorSide(flags)) === INACTIVE;
  if (unheard && !isLikelyServerPort(port) && isLikelyServerPort(origPort)) port = origPort;
  if (isInteractivePort(port)) v[r + IDLE_LIMIT] = Math.max(INTERACTIVE_INACTIVITY, live.inactivity);
}

/** What moves a state: a segment's flags, its number, and whether it has payload. */
type Mover = Pick<Segment, 'flags' | 'seq' | 'payloadLength'>;

/** SYN from a side that had not been heard. */
function firstSyn(live: Live, r: number, e: number, { flags, seq }: Mover): void {
  const { v, d } = live.rows;
  const p = peerOf(r, e);
  const withAck = (flags & ACK) !== 0;
  if (e === r + originatorSide(v[r + FLAGS]!)) {
    setState(live, r, e, p, withAck ? SYN_ACK_SENT : SYN_SENT);
    const due = live.now + ATTEMPT_DELAY;
    d[(r + ATTEMPT) >> 1] = due;
    live.timers.earlier(r, due);
    return;
  }
  if (!withAck && stateOf(v, p) === SYN_ACK_SENT && v[e + START_SEQ] === (seq | 0)) {
    flip(live, r);
    setState(live, r, p, e, ESTABLISHED);
    v[r + FLAGS] = v[r + FLAGS]! | ORIGINATOR_SEEN;
  }
  if (stateOf(v, p) === SYN_SENT) setState(live, r, p, e, ESTABLISHED);
  setState(live, r, e, p, ESTABLISHED);
  if (stateOf(v, p) !== PARTIAL) established(live, r);
}

function fromInactive(live: Live, r: number, e: number, s: Mover): boolean {
  const v = live.rows.v;
  const { flags } = s;
  const p = peerOf(r, e);
  let closes = false;
  const wasOriginator = e === r + originatorSide(v[r + FLAGS]!);
  if ((flags & SYN) !== 0) firstSyn(live, r, e, s);
  if ((flags & FIN) !== 0) {
    setState(live, r, e, p, CLOSED);
    closes = true;
  }
  if ((flags & RST) !== 0) {
    setState(live, r, e, p, RESET_STATE);
    closes = true;
  }
  if (stateOf(v, e) !== INACTIVE) return closes;
  // Some stacks acknowledge a SYN before they answer it with their own.
  if (!wasOriginator && s.payloadLength === 0 && stateOf(v, p) === SYN_SENT) return closes;
  if ((flags & ACK) !== 0 && stateOf(v, p) === ESTABLISHED) {
    // Only the SYN itself was missed: not a connection joined in the middle.
    setState(live, r, e, p, ESTABLISHED);
    const seen = wasOriginator ? ORIGINATOR_SEEN : RESPONDER_SEEN;
    v[r + FLAGS] = (v[r + FLAGS]! & ~PARTIAL_CONNECTION) | seen;
  } else setState(live, r, e, p, PARTIAL);
  return closes;
}

function fromOpening(live: Live, r: number, e: number, p: number, flags: number): boolean {
  let closes = false;
  if ((flags & FIN) !== 0) {
    setState(live, r, e, p, CLOSED);
    closes = true;
  }
  if ((flags & RST) !== 0) {
    setState(live, r, e, p, RESET_STATE);
    deactivate(live.rows.v, r);
    closes = true;
  }
  return closes;
}

function fromEstablished(live: Live, r: number, e: number, p: number, flags: number): boolean {
  const v = live.rows.v;
  let closes = false;
  const opens = (flags & (SYN | ACK)) === SYN;
  if (opens && stateOf(v, e) === PARTIAL && stateOf(v, p) === INACTIVE) setState(live, r, e, p, SYN_SENT);
  if ((flags & FIN) !== 0 && (flags & RST) === 0) {
    setState(live, r, e, p, CLOSED);
    // FIN, then RST, then our FIN: an ordinary end after all.
    if (stateOf(v, p) === RESET_STATE && previousState(v, p) === CLOSED) setState(live, r, p, e, CLOSED);
    closes = true;
  }
  if ((flags & RST) !== 0) {
    setState(live, r, e, p, RESET_STATE);
    closes = true;
    if (stateOf(v, p) !== RESET_STATE || previousState(v, p) !== ESTABLISHED) deactivate(v, r);
  }
  return closes;
}

function fromClosed(live: Live, r: number, e: number, p: number, flags: number): boolean {
  const v = live.rows.v;
  // After a FIN both ways a RST is only tidying up.
  if ((flags & RST) === 0 || stateOf(v, p) === CLOSED) return false;
  setState(live, r, e, p, RESET_STATE);
  return (v[e + STATE]! & DID_CLOSE) === 0;
}

function deactivate(v: Int32Array, r: number): void {
  v[r + FLAGS] = v[r + FLAGS]! & ~ACTIVE;
}

/** Moves side `e` by its own packet; true when the side ended with it. */
export function step(live: Live, r: number, e: number, s: Mover): boolean {
  const { flags } = s;
  const p = peerOf(r, e);
  switch (stateOf(live.rows.v, e)) {
    case INACTIVE:
      return fromInactive(live, r, e, s);
    case SYN_SENT:
    case SYN_ACK_SENT:
      return fromOpening(live, r, e, p, flags);
    case ESTABLISHED:
    case PARTIAL:
      // By far the most packets of a connection end here.
      return (flags & (SYN | FIN | RST)) !== 0 && fromEstablished(live, r, e, p, flags);
    case CLOSED:
      return fromClosed(live, r, e, p, flags);
    default:
      return false;
  }
}
