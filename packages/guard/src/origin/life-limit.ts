/** Closes right after a response that are remembered. */
const MEMORY = 16;
/** Times that a count, or an age, must come back before it is taken for a rule. */
const SUPPORT = 2;
/** Ages of a connection within this part of each other are one age. */
const SAME_AGE = 0.02;

interface EarlyClose {
  requests: number;
  ageMs: number;
}

/**
 * Closes that have nothing to do with idleness: after so many requests (nginx 1,000, Apache 100) or at such an age
 * of the connection (nginx 1 h, AWS ALB 3,600 s). Both come right after a response, and mostly unannounced ones
 * hurt: a polite server says `Connection: close` before.
 */
export class LifeLimit {
  #closes: EarlyClose[] = [];
  /** Requests after which the origin closes, or null. One is no rule: such a server keeps no connection alive. */
  maxRequests: number | null = null;
  /** Age in milliseconds at which the origin closes, or null. */
  maxAgeMs: number | null = null;

  closedAt(requests: number, ageMs: number): void {
    this.#closes.push({ requests, ageMs });
    if (this.#closes.length > MEMORY) this.#closes.shift();
    this.#work();
  }

  #work(): void {
    this.maxRequests = this.#recurring(
      ({ requests }) => (requests > 1 ? requests : null),
      (a, b) => a === b,
    );
    // With one and the same count everywhere the count is the rule, and the age only follows from it.
    const counts = new Set(this.#closes.map(({ requests }) => requests));
    this.maxAgeMs =
      counts.size < 2
        ? null
        : this.#recurring(
            ({ ageMs }) => (ageMs > 1000 ? ageMs : null),
            (a, b) => Math.abs(a - b) <= SAME_AGE * Math.max(a, b),
          );
  }

  forget(): void {
    this.#closes = [];
    this.#work();
  }

  #recurring(
    read: (close: EarlyClose) => number | null,
    same: (a: number, b: number) => boolean,
  ): number | null {
    let least: number | null = null;
    for (const close of this.#closes) {
      const value = read(close);
      if (value === null) continue;
      const support = this.#closes.filter((other) => {
        const found = read(other);
        return found !== null && same(found, value);
      }).length;
      if (support >= SUPPORT && (least === null || value < least)) least = value;
    }
    return least;
  }
}
