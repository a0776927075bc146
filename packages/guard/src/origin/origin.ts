import { IdleLimit } from './idle-limit.ts';
import { LifeLimit } from './life-limit.ts';
import { RoundTrip } from './rtt.ts';

/** A pooled connection as the policy sees it. */
export interface PooledConnection {
  /** Milliseconds since the end of its last response. */
  idleMs: number;
  /** Milliseconds since it was opened. */
  ageMs: number;
  /** Requests that it has carried. */
  requests: number;
  /** What its last response promised by `Keep-Alive: timeout`, in milliseconds; null when nothing. */
  hintMs: number | null;
}

/**
 * - `reuse`: the connection will do.
 * - `avoid`: not for this request; leave it to one that may be repeated, or to show when the origin closes it.
 * - `retire`: not for any.
 */
export type Advice = 'reuse' | 'avoid' | 'retire';

export interface OriginPolicy {
  /** Idle age that the operator vouches for, in milliseconds; null when nobody does. */
  idleTimeoutMs: number | null;
  /** Margin under every known limit, in milliseconds, beside the round trip and the loop's delay. */
  marginMs: number;
  /** Milliseconds between two probes beyond the known limit by requests that may be repeated. */
  probeIntervalMs: number;
}

/** A close within this many milliseconds (and a round trip) of the last response has a reason other than idleness. */
const RIGHT_AFTER_MS = 20;

/** Closes after which the learned limit is taken as it is. */
const WELL_KNOWN = 5;

/**
 * Part of a limit that is kept as a margin where it is more than the fixed one. A server whose loop stands still
 * for a moment closes connections with requests unread, which nobody can prove afterwards; this much of a standstill
 * is harmless, and costs as small a part of the reuse.
 */
const MARGIN_SHARE = 0.04;

/** Connections that are closed at their safe age for each that is left open to learn from. */
const CLOSED_PER_WITNESS = 32;

/** Addresses of an origin that are remembered. */
const ADDRESSES = 64;

/**
 * What is known of one origin, and what follows from it for a connection about to be reused. Holds no socket and
 * reads no clock: `now` is any monotonic number of milliseconds.
 */
export class OriginKnowledge {
  readonly idle = new IdleLimit();
  readonly life = new LifeLimit();
  readonly roundTrip = new RoundTrip();
  /** The origin was seen to take in request bytes after its own FIN: its FIN proves nothing. */
  processesAfterHalfClose = false;
  readonly #policy: OriginPolicy;
  readonly #addresses = new Set<string>();
  #lastProbe = Number.NEGATIVE_INFINITY;

  constructor(policy: OriginPolicy) {
    this.#policy = policy;
  }

  /**
   * @param repeatable the request may be executed twice (its method is idempotent, or it carries a key).
   * @param loopDelayMs what the event loop may still take before the request is on the wire.
   */
  advise(connection: PooledConnection, repeatable: boolean, loopDelayMs: number, now: number): Advice {
    const { maxRequests, maxAgeMs } = this.life;
    if (maxRequests !== null && connection.requests >= maxRequests) return 'retire';
    const { typicalMs } = this.roundTrip;
    if (maxAgeMs !== null && connection.ageMs > maxAgeMs - typicalMs - this.#policy.marginMs - loopDelayMs)
      return 'retire';

    const limit = this.limitOf(connection.hintMs, now);
    if (limit === null || connection.idleMs <= this.#safeBelow(limit, loopDelayMs, now)) return 'reuse';
    if (!repeatable) return 'avoid';
    // The grey band: what may be repeated can take the risk.
    if (connection.idleMs <= limit - typicalMs) return 'reuse';
    if (now - this.#lastProbe >= this.#policy.probeIntervalMs) {
      this.#lastProbe = now;
      return 'reuse';
    }
    return 'avoid';
  }

  /** Idle age in milliseconds up to which a connection with this hint serves any request; Infinity while no limit is known. */
  safeAge(hintMs: number | null, loopDelayMs: number, now: number): number {
    const limit = this.limitOf(hintMs, now);
    return limit === null ? Number.POSITIVE_INFINITY : this.#safeBelow(limit, loopDelayMs, now);
  }

  #safeBelow(limit: number, loopDelayMs: number, now: number): number {
    const { idle, roundTrip } = this;
    // Closes that were observed already hold what the loop was late by: then that is not taken off once more.
    const late = idle.observed >= WELL_KNOWN && limit === idle.limit(now) ? 0 : loopDelayMs;
    const margin = Math.max(this.#policy.marginMs, limit * MARGIN_SHARE);
    // A loop that was once late by more than a short limit must not end all reuse: half the limit always remains.
    return limit - Math.min(roundTrip.typicalMs + margin + late, limit / 2);
  }

  /**
   * Whether an idle connection is worth leaving open past its safe age, so that the origin shows when it closes it. Such
   * a close costs nothing; without any, what was learned would be forgotten, or stay when it was learned too low.
   *
   * @param open connections that are left open for that already.
   * @param closed connections that were closed at their safe age since the last one that was left open, `sinceMs` ago.
   */
  wantsWitness(open: number, closed: number, sinceMs: number): boolean {
    if (this.idle.observed < WELL_KNOWN) return open < WELL_KNOWN;
    return closed >= CLOSED_PER_WITNESS || sinceMs >= this.#policy.probeIntervalMs;
  }

  /** Idle age in milliseconds at which a connection with this hint is expected to be closed; null: not known. */
  limitOf(hintMs: number | null, now: number): number | null {
    const learned = this.idle.limit(now);
    // A promise of 0 seconds means less than one; what was seen says how much less.
    const hint = hintMs === 0 && learned !== null && learned <= 1000 ? null : hintMs;
    const least = Math.min(hint ?? Infinity, learned ?? Infinity, this.#policy.idleTimeoutMs ?? Infinity);
    return least === Infinity ? null : least;
  }

  /** The origin closed a connection that had nothing in flight. */
  closedIdle({ idleMs, ageMs, requests }: PooledConnection, now: number): void {
    // Never used: there is no response to count from.
    if (requests === 0) return;
    if (idleMs <= RIGHT_AFTER_MS + this.roundTrip.typicalMs) this.life.closedAt(requests, ageMs);
    else this.idle.closedAt(idleMs, now);
  }

  /** A request that met the close: the origin's timer ran out before the request arrived. */
  closedUnderRequest(idleMs: number, now: number): void {
    this.idle.closedAt(idleMs, now);
  }

  /** A request was answered on a reused connection. */
  reused(idleMs: number, now: number): void {
    this.idle.workedAt(idleMs, now);
  }

  /** A connection came about. An address never seen may be another server: what was learned is forgotten. */
  connected(address: string | null): void {
    if (address === null || this.#addresses.has(address)) return;
    if (this.#addresses.size > 0) {
      this.idle.forget();
      this.life.forget();
      this.roundTrip.forget();
    }
    if (this.#addresses.size >= ADDRESSES) this.#addresses.clear();
    this.#addresses.add(address);
  }
}
