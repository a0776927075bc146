import {
  ACTIVE,
  ATTEMPT,
  CLOSE_DEFERRED,
  CLOSED,
  DELETE,
  DID_CLOSE,
  DID_EOF,
  EXPIRE,
  EXPIRE_2,
  FIN_SEEN,
  FLAGS,
  INACTIVE,
  LAST_TIME,
  originatorSide,
  RESET_STATE,
  responderSide,
  STATE,
  STATE_MASK,
  SYN_ACK_SENT,
  SYN_SENT,
} from '../store/layout.ts';
import type { Live } from '../store/live.ts';
import { dataPending } from './gaps.ts';
import { previousState, stateOf } from './numbers.ts';
import { CLOSE_DELAY, CONNECTION_LINGER, SESSION_TIMER } from './zeek-defaults.ts';

/*
 * When a side, and then the connection, counts as closed, and when Zeek forgets
 * it (TCPSessionAdapter.cc: ConnectionClosed, EndpointEOF, the timers). Until
 * then late packets belong to the old connection; afterwards to a new one.
 */

const NEVER = Number.POSITIVE_INFINITY;

/** Side `e` sent a FIN or RST. */
export function sideClosed(live: Live, r: number, e: number, p: number): void {
  const { v, d } = live.rows;
  if (dataPending(live, e, p)) {
    v[r + FLAGS] = v[r + FLAGS]! | CLOSE_DEFERRED;
    return;
  }
  v[r + FLAGS] = v[r + FLAGS]! & ~CLOSE_DEFERRED;
  if ((v[e + STATE]! & DID_CLOSE) !== 0) return;
  v[e + STATE] = v[e + STATE]! | DID_CLOSE;

  const peerSilent = stateOf(v, p) === INACTIVE;
  const last = d[(r + LAST_TIME) >> 1]!;
  if (stateOf(v, e) === RESET_STATE || (v[p + STATE]! & DID_CLOSE) !== 0 || peerSilent) {
    d[(r + ATTEMPT) >> 1] = NEVER;
    d[(r + EXPIRE) >> 1] = NEVER;
    d[(r + EXPIRE_2) >> 1] = NEVER;
    d[(r + DELETE) >> 1] = last + CLOSE_DELAY;
    live.timers.earlier(r, last + CLOSE_DELAY);
  } else if (previousState(v, e) !== INACTIVE) {
    // A second chain of checks beside the one that began with the connection.
    const slot = d[(r + EXPIRE) >> 1] === NEVER ? EXPIRE : EXPIRE_2;
    d[(r + slot) >> 1] = last + SESSION_TIMER;
    live.timers.earlier(r, last + SESSION_TIMER);
  }
}

/** Side `e` has ended, and that all its data is delivered was not noticed yet. */
export function mayEnd(v: Int32Array, e: number): boolean {
  const word = v[e + STATE]!;
  if ((word & DID_EOF) !== 0) return false;
  return (word & FIN_SEEN) !== 0 || (word & STATE_MASK) >= CLOSED;
}

/** Notices once per side that all it sent before its end is delivered; a close put off goes through then. */
export function checkEndOfData(live: Live, r: number, e: number, p: number): void {
  const v = live.rows.v;
  if (!mayEnd(v, e) || dataPending(live, e, p)) return;
  v[e + STATE] = v[e + STATE]! | DID_EOF;
  if ((v[r + FLAGS]! & CLOSE_DEFERRED) === 0) return;
  sideClosed(live, r, e, p);
  v[r + FLAGS] = v[r + FLAGS]! & ~CLOSE_DEFERRED;
}

/** What became of a timer that was due. */
export type Expiry = 'kept' | 'closed' | 'timeout';

/** Runs the earliest due timer of row `r` at packet time `now`; 'kept' when the connection lives on. */
export function expire(live: Live, r: number, now: number): Expiry {
  const { v, d } = live.rows;
  const due = live.timers.due(r);
  const flags = v[r + FLAGS]!;
  const orig = r + originatorSide(flags);
  const resp = r + responderSide(flags);
  const active = (flags & ACTIVE) !== 0;
  if (d[(r + DELETE) >> 1] === due) return 'closed';
  if (d[(r + ATTEMPT) >> 1] === due) {
    d[(r + ATTEMPT) >> 1] = NEVER;
    const state = stateOf(v, orig);
    const asking = state === SYN_SENT || state === SYN_ACK_SENT;
    return active && asking && stateOf(v, resp) === INACTIVE ? 'timeout' : 'kept';
  }
  for (const slot of [EXPIRE, EXPIRE_2]) {
    if (d[(r + slot) >> 1] !== due) continue;
    d[(r + slot) >> 1] = NEVER;
    if (!active) return 'kept';
    if (d[(r + LAST_TIME) >> 1]! + CONNECTION_LINGER < now && over(v, orig, resp)) return 'closed';
    d[(r + slot) >> 1] = now + SESSION_TIMER;
    return 'kept';
  }
  return 'timeout';
}

/** Silent for long enough: is this connection done for? */
function over(v: Int32Array, orig: number, resp: number): boolean {
  const origClosed = (v[orig + STATE]! & DID_CLOSE) !== 0;
  const respClosed = (v[resp + STATE]! & DID_CLOSE) !== 0;
  const origState = stateOf(v, orig);
  const respState = stateOf(v, resp);
  if (origClosed && respClosed) return true;
  const silent = origState === INACTIVE || respState === INACTIVE;
  if (origClosed || respClosed) return silent || origState === RESET_STATE || respState === RESET_STATE;
  return origState === INACTIVE && respState === INACTIVE;
}
