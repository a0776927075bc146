/** Closes of idle connections that are remembered. */
const MEMORY = 32;
/** Milliseconds after which one is forgotten: what a server was told to do may have changed since. */
const MEMORY_MS = 15 * 60_000;
/** Closes within this many milliseconds of each other … */
const BURST_MS = 100;
/** … by at least this many sockets … */
const BURST_SIZE = 3;

/** Two idle ages are the same limit when they differ by no more than this: timers and the path jitter. */
const same = (a: number, b: number) => Math.abs(a - b) <= Math.max(20, 0.1 * Math.max(a, b));

/**
 * Of closes at one limit, the part that came early by accident: the path or a late loop held the last answer back. The
 * margin under the limit is for such; were the earliest of all the limit, a single delay would be, for as long as it is
 * remembered.
 */
const STRAY_SHARE = 0.25;
/** A stray close is no further than this below the others; what is lower is a limit of its own. */
const STRAY_REACH = 0.85;

interface Close {
  idleMs: number;
  at: number;
}

/**
 * At which idle age an origin closes, learned from what it does: the smallest age at which it closes idle
 * connections, unless a larger one worked. A close that is no idle limit must not make one: connections of
 * different ages that all end at once are a restart, and a lone close is outvoted by ages seen twice and by one
 * success beyond it.
 */
export class IdleLimit {
  #closes: Close[] = [];
  #largestWorked = 0;
  /** Asked before every reuse, changed by few closes: worked out once per change. */
  #limit: number | null = null;
  #stale = false;

  /** Idle age at which the origin closes, in milliseconds; null while nothing is known. */
  limit(now: number): number | null {
    if (this.#closes.length > 0 && now - this.#closes[0]!.at > MEMORY_MS) this.#forget(now);
    if (this.#stale) this.#limit = this.#work();
    this.#stale = false;
    return this.#limit;
  }

  #work(): number | null {
    const counted = this.#closes.filter((close) => !this.#isBurst(close));
    const repeated = counted.filter((close) =>
      counted.some((other) => other !== close && same(other.idleMs, close.idleMs)),
    );
    const believed =
      repeated.length > 0 ? repeated : counted.filter(({ idleMs }) => idleMs > this.#largestWorked);
    const ages = believed.map(({ idleMs }) => idleMs).sort((a, b) => a - b);
    const least = ages[0] ?? null;
    const usual = ages[Math.floor(ages.length * STRAY_SHARE)];
    return least !== null && usual !== undefined && least >= usual * STRAY_REACH ? usual : least;
  }

  /** Closes that are remembered. */
  get observed(): number {
    return this.#closes.length;
  }

  /** Largest idle age after which a request was answered, in milliseconds. */
  get largestWorked(): number {
    return this.#largestWorked;
  }

  closedAt(idleMs: number, now: number): void {
    this.#closes.push({ idleMs, at: now });
    if (this.#closes.length > MEMORY) this.#closes.shift();
    this.#stale = true;
  }

  /** A request was answered on a connection that had been idle for so long. */
  workedAt(idleMs: number, now: number): void {
    if (idleMs <= this.#largestWorked) return;
    this.#largestWorked = idleMs;
    this.#stale = true;
    // Beyond the limit and answered: the server's timeout has been raised, all that spoke for less is old.
    const limit = this.limit(now);
    if (limit !== null && idleMs > limit && !same(idleMs, limit))
      this.#closes = this.#closes.filter((close) => close.idleMs > idleMs);
    this.#stale = true;
  }

  forget(): void {
    this.#closes = [];
    this.#largestWorked = 0;
    this.#stale = true;
  }

  #forget(now: number): void {
    this.#closes = this.#closes.filter(({ at }) => now - at <= MEMORY_MS);
    if (this.#closes.length === 0) this.#largestWorked = 0;
    this.#stale = true;
  }

  /** One of several sockets that ended together, most of them at other idle ages. */
  #isBurst(close: Close): boolean {
    const together = this.#closes.filter(({ at }) => Math.abs(at - close.at) <= BURST_MS);
    const alike = together.filter(({ idleMs }) => same(idleMs, close.idleMs));
    return together.length >= BURST_SIZE && alike.length * 2 < together.length;
  }
}
