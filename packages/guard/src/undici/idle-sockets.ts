import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import type { SocketWatch } from '../socket/watch.ts';

/** Between the choice of a connection and its first byte a turn of the event loop goes by, ms. */
const TURN_MS = 3;
/** The longest delay that a timer takes; a later one fires early, and is set again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The idle connections of one origin, the longest idle first. They are closed at their safe age, while nothing is to go
 * out on them: undici takes note in time and opens a new one with the next request. A connection that is turned down
 * when undici has already chosen it costs more, for undici replaces it and the request looks for another.
 */
export class IdleSockets {
  readonly #core: GuardCore;
  readonly #origin: GuardedOrigin;
  /** In order of insertion, which is the order in which they became idle. */
  readonly #idle = new Set<SocketWatch>();
  /** Those that are left open to show when the origin closes. */
  readonly #witnesses = new Set<SocketWatch>();
  #witnessAt = Number.NEGATIVE_INFINITY;
  /** Closed since then. */
  #closed = 0;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(core: GuardCore, origin: GuardedOrigin) {
    this.#core = core;
    this.#origin = origin;
  }

  add(watch: SocketWatch, now: number): void {
    const safeMs = this.#safeAge(watch, now);
    // As long as no limit is known there is nothing to close, and nothing to pay.
    if (safeMs === Number.POSITIVE_INFINITY || watch.socket.destroyed) return;
    this.#idle.add(watch);
    this.#expectBy(now + safeMs, now);
  }

  remove(watch: SocketWatch): void {
    if (!this.#idle.delete(watch)) return;
    this.#witnesses.delete(watch);
  }

  /**
   * To be called before undici chooses a connection: a late timer must not leave an old one to it.
   *
   * @returns whether there were any. Then undici is to be asked a turn later, when it has heard of their end: its Agent
   * gives up a pool whose last connection has gone, and a request that is in it by then takes a connection of its own
   * down with it.
   */
  expire(now: number): boolean {
    return now >= this.#dueAt && this.#expire(now);
  }

  #expire(now: number): boolean {
    let closed = false;
    this.#dueAt = Number.POSITIVE_INFINITY;
    for (const watch of this.#idle) {
      if (this.#witnesses.has(watch)) continue;
      const dueAt = watch.lastUsedAt! + this.#safeAge(watch, now);
      if (now < dueAt) {
        this.#expectBy(dueAt, now);
        break;
      }
      const { knowledge } = this.#origin;
      if (knowledge.wantsWitness(this.#witnesses.size, this.#closed, now - this.#witnessAt)) {
        this.#witnesses.add(watch);
        this.#witnessAt = now;
        this.#closed = 0;
        continue;
      }
      this.#closed += 1;
      this.remove(watch);
      this.#origin.stats.avoided += 1;
      watch.socket.destroy();
      closed = true;
    }
    return closed;
  }

  #safeAge(watch: SocketWatch, now: number): number {
    return this.#origin.knowledge.safeAge(watch.hintMs, this.#core.loopDelayMs(now), now) - TURN_MS;
  }

  #expectBy(dueAt: number, now: number): void {
    if (dueAt >= this.#dueAt) return;
    this.#dueAt = dueAt;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const delay = Math.min(Math.ceil(dueAt - now), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#expire(this.#core.now());
    }, delay).unref();
  }
}
