/**
 * The decision after a failed attempt: one pure function. Everything else in this package carries facts to it
 * or carries out what it says.
 */
import { fullJitter } from './jitter.ts';
import { isIdempotent } from './methods.ts';
import type { PeerAfterClose } from './socket/peer-after-close.ts';

/**
 * How an attempt ended, as the socket or the protocol showed it first.
 *
 * - `connect`: no connection came about (refused, unreachable, name not found, TLS handshake failed).
 * - `fin`: the peer's end of stream came before any reset.
 * - `rst`: a reset came first.
 * - `status`: a complete response head came whose status asks for another attempt.
 * - `timeout`: no answer in the time that the caller allows.
 * - `other`: anything else (a response that is no HTTP, a local fault).
 */
export type AttemptEnd = 'connect' | 'fin' | 'rst' | 'status' | 'timeout' | 'other';

/**
 * What HTTP itself says about an attempt. `refused-stream` and `goaway`: RFC 9113 §8.7; `misdirected` (421):
 * RFC 9110 §15.5.20; `too-early` (425): RFC 8470 §5.2; `request-timeout` (408 with `Connection: close`):
 * RFC 9110 §15.5.9, believed only where the peer cannot have seen the request.
 */
export type ProtocolSignal = 'refused-stream' | 'goaway' | 'misdirected' | 'too-early' | 'request-timeout';

/** The facts of one failed attempt. `null` is "not known", never "no". */
export interface FailedAttempt {
  method: string;
  /** The request carries an `Idempotency-Key`. */
  keyed: boolean;
  /** Every byte of the body that the attempt took can be sent again. */
  replayable: boolean;
  /** 1 for the first. */
  attempt: number;
  end: AttemptEnd;
  /**
   * Another attempt may end otherwise. Not so after a certificate that does not verify, an answer that is no HTTP, or
   * the caller's own abort.
   */
  curable: boolean;
  /** The connection had carried a request before this one. */
  reused: boolean;
  /** Milliseconds between the end of the connection's last response and this request's first byte. */
  idleMs: number | null;
  /** Idle age, in milliseconds, at which the origin was seen to close. */
  learnedIdleMs: number | null;
  /** Bytes of the request handed to the socket; 0: none, whatever came of the connection. */
  writtenBytes: number | null;
  /** Bytes of the request that the local kernel took. */
  acceptedBytes: number | null;
  /** Bytes of the request that the peer had acknowledged, sampled at or after the end. */
  ackedBytes: number | null;
  /** Length of the request head with its blank line, in bytes. */
  headBytes: number | null;
  /** A byte of a response to this request has come. */
  responseStarted: boolean;
  /** Milliseconds from just before the first write to the end. */
  sinceWriteMs: number | null;
  /** A round trip that is certainly not longer than the real one, in milliseconds. */
  rttMs: number | null;
  /** TLS said close_notify before the end of the stream. */
  closeNotify: boolean;
  signal: ProtocolSignal | null;
  status: number | null;
  /** `Retry-After` in milliseconds from now. */
  retryAfterMs: number | null;
  /**
   * What the peer did, after its FIN, with the bytes that it had not acknowledged; null where no kernel could be asked,
   * or nothing was outstanding.
   */
  peerAfterClose: PeerAfterClose | null;
  /** The peer may act on a request that it reads after having closed its own direction. */
  peerMayProcessAfterHalfClose: boolean;
}

/**
 * How well it is known that the request was not executed.
 *
 * - `P0`: not a byte left this host. `P1`: the peer closed before it had received a byte. `P1+`: the same, and
 *   TLS vouches for the close. `P2`: the close came sooner than the request can have caused or preceded it.
 *   `P4`: the protocol says so. `P5`: the peer closed holding only a part of the head. All six are proof. P1 and P5
 *   rest on the reset with which the peer answered what came after its FIN; P2, where no kernel can be asked, on the
 *   assumption named by `peerMayProcessAfterHalfClose`.
 * - `H1`: probably not (a reset near the idle limit, nothing acknowledged). `H2`: not known. `N`: it may well have been.
 */
export type Grade = 'P0' | 'P1' | 'P1+' | 'P2' | 'P4' | 'P5' | 'H1' | 'H2' | 'N';

export interface Decision {
  verdict: 'retry' | 'fail';
  grade: Grade;
  /** `no` is proven. `partly`: the peer's kernel holds at least a part of the request; whether it was executed is open. */
  delivered: 'no' | 'unknown' | 'partly';
  /** Milliseconds to wait before the next attempt; 0 with `fail`. */
  delayMs: number;
  /** One sentence for people. */
  reason: string;
}

export interface DecisionPolicy {
  /** First upper bound of the back-off, in milliseconds; it doubles with every attempt. */
  baseDelayMs: number;
  /** Largest upper bound of the back-off, in milliseconds. */
  maxDelayMs: number;
  /** Statuses after which a request that may be repeated is repeated. */
  statuses: readonly number[];
}

/**
 * A close is taken for older than the request when it came within this part of a round trip. Half: the rest is
 * for a route that has become shorter since the round trip was measured.
 */
const CAUSALITY_FACTOR = 0.5;

/** Of the learned idle limit: from here on a reset of an idle connection is probably the idle limit's. */
const NEAR_LIMIT = 0.9;

/**
 * What to do after a failed attempt.
 *
 * @param random a number in [0, 1), the dice of the full-jitter back-off.
 */
export function decide(facts: FailedAttempt, policy: DecisionPolicy, random: number): Decision {
  const proof = proofOf(facts);
  const { grade, reason } = proof ?? doubtOf(facts);
  const delivered = proof
    ? 'no'
    : (facts.ackedBytes ?? 0) > 0 || facts.responseStarted
      ? 'partly'
      : 'unknown';
  const fail = (why: string): Decision => ({ verdict: 'fail', grade, delivered, delayMs: 0, reason: why });

  if (!facts.curable) return fail(`${reason}, for a reason that another attempt does not cure`);
  const obstacle = proof ? null : repetitionObstacle(facts, policy);
  if (obstacle !== null) return fail(`${reason}, ${obstacle}`);
  if (!facts.replayable) return fail(`${reason}, but the body cannot be sent a second time`);
  return {
    verdict: 'retry',
    grade,
    delivered,
    delayMs: delayOf(facts, proof !== null, policy, random),
    reason,
  };
}

interface Finding {
  grade: Grade;
  reason: string;
}

/** Why the request cannot have been executed, or null when that is not proven. */
function proofOf(facts: FailedAttempt): Finding | null {
  if (facts.end === 'connect') return { grade: 'P0', reason: 'no connection came about' };
  if (facts.writtenBytes === 0) return { grade: 'P0', reason: 'nothing of the request was written' };
  if (facts.acceptedBytes === 0)
    return { grade: 'P0', reason: 'the local kernel took no byte of the request' };
  if (facts.signal !== null) {
    const said = protocolProof(facts, facts.signal);
    if (said) return said;
  }
  // A reset proves nothing: the acknowledgement that a receiver owes may ride on the reset itself, after the
  // application has acted, and Linux discards the acknowledgement number of a reset (tcp_input.c, tcp_reset).
  if (facts.end !== 'fin' || facts.responseStarted || facts.peerMayProcessAfterHalfClose) return null;
  return closedBeforeRequest(facts);
}

function protocolProof(facts: FailedAttempt, signal: ProtocolSignal): Finding | null {
  switch (signal) {
    case 'refused-stream':
      return { grade: 'P4', reason: 'the peer refused the stream unprocessed' };
    case 'goaway':
      return { grade: 'P4', reason: 'the peer went away naming an earlier stream as its last' };
    case 'misdirected':
      return { grade: 'P4', reason: 'the peer answered 421, which asks for another connection' };
    case 'too-early':
      return { grade: 'P4', reason: 'the peer answered 425, which asks for the request again' };
    case 'request-timeout':
      // The answer carries the peer's acknowledgement just as a FIN does. Without that, an application's
      // own 408 looks the same.
      return facts.reused && (facts.ackedBytes === 0 || isOlderThanRequest(facts))
        ? { grade: 'P4', reason: 'the peer gave up the idle connection with 408 before the request arrived' }
        : null;
  }
}

/**
 * The FIN carries the peer's receive position, and Linux takes that in before it shows the end of the stream. So
 * what is not acknowledged when the end is seen had not been received when the peer closed. Whether it reads on shows
 * in its answer to the rest: a closed socket resets (RFC 9293 §3.6.1), one that is shut down for writing acknowledges.
 */
function closedBeforeRequest(facts: FailedAttempt): Finding | null {
  const { ackedBytes: acked, headBytes: head, peerAfterClose } = facts;
  if (acked !== null && peerAfterClose !== 'reset') return null;
  if (acked === 0)
    return {
      grade: facts.closeNotify ? 'P1+' : 'P1',
      reason: 'the peer closed the connection before it had received a byte of the request',
    };
  if (acked !== null)
    return head !== null && acked < head
      ? { grade: 'P5', reason: `the peer closed holding ${acked} of the ${head} bytes of the request’s head` }
      : null;
  return isOlderThanRequest(facts)
    ? { grade: 'P2', reason: 'the peer’s close came too soon after the write to have met the request' }
    : null;
}

const isOlderThanRequest = ({ ackedBytes, sinceWriteMs, rttMs }: FailedAttempt) =>
  (ackedBytes ?? 0) === 0 &&
  sinceWriteMs !== null &&
  rttMs !== null &&
  sinceWriteMs < rttMs * CAUSALITY_FACTOR;

function doubtOf(facts: FailedAttempt): Finding {
  if (facts.end === 'status')
    return { grade: 'N', reason: `the peer answered ${facts.status ?? 'a status'}` };
  if (facts.responseStarted) return { grade: 'N', reason: 'the connection ended within the response' };
  if ((facts.ackedBytes ?? 0) > 0)
    return {
      grade: 'N',
      reason: 'the connection ended after the peer had received the request or a part of it',
    };
  if (facts.end === 'rst') {
    const { reused, ackedBytes, idleMs, learnedIdleMs } = facts;
    const near = idleMs !== null && learnedIdleMs !== null && idleMs >= learnedIdleMs * NEAR_LIMIT;
    if (reused && ackedBytes === 0 && near)
      return {
        grade: 'H1',
        reason: 'the connection was reset at the age at which the peer closes idle ones',
      };
    return {
      grade: 'H2',
      reason: 'the connection was reset, which does not say whether the request was executed',
    };
  }
  if (facts.end === 'fin') return { grade: 'H2', reason: reasonAfterFin(facts) };
  if (facts.end === 'timeout') return { grade: 'N', reason: 'no answer came in time' };
  return { grade: 'N', reason: 'the attempt failed' };
}

function reasonAfterFin(facts: FailedAttempt): string {
  if (facts.peerMayProcessAfterHalfClose)
    return 'the peer closed its direction, and this peer may still act on what it receives';
  return facts.peerAfterClose === 'silent'
    ? 'the peer closed its direction, and did not say in time whether it still receives'
    : 'the peer closed the connection, and how much it had received is not known';
}

/** Why an attempt that may have been executed is not repeated, or null when it may be. */
function repetitionObstacle(facts: FailedAttempt, policy: DecisionPolicy): string | null {
  if (!isIdempotent(facts.method) && !facts.keyed)
    return `and ${facts.method} without an Idempotency-Key may not be executed twice`;
  if (facts.end === 'status')
    return facts.status !== null && policy.statuses.includes(facts.status)
      ? null
      : 'which is an answer and no failure of the connection';
  return facts.responseStarted ? 'and a part of it is already with the caller' : null;
}

/** Proven and on a connection that had gone stale: at once, the first time. All else: full jitter. */
function delayOf(facts: FailedAttempt, proven: boolean, policy: DecisionPolicy, random: number): number {
  const atOnce = proven && facts.attempt === 1 && facts.end !== 'connect' && facts.reused;
  const jittered = atOnce ? 0 : fullJitter(facts.attempt, policy.baseDelayMs, policy.maxDelayMs, random);
  return facts.retryAfterMs === null ? jittered : facts.retryAfterMs + jittered;
}
