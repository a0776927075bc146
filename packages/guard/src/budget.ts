/** What a budget grants, per origin. */
export interface BudgetOptions {
  /** Retries that every request pays for: 0.2 adds at most a fifth to the load. */
  perRequest: number;
  /** Retries per second that are granted however few requests there are. */
  floorPerSecond: number;
  /** Milliseconds for which a request or a retry counts. */
  ttlMs: number;
}

const SLOTS = 10;

/**
 * A retry budget, as Finagle has it: within the last `ttlMs` no more retries than a share of the requests, or
 * than a floor when these are few, so that a backend in trouble is not buried by its callers' second attempts.
 */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #slotMs: number;
  readonly #requests = new Float64Array(SLOTS);
  readonly #retries = new Float64Array(SLOTS);
  /** Number of the newest slot since time 0. */
  #slot = 0;

  constructor(options: BudgetOptions) {
    this.#options = options;
    this.#slotMs = options.ttlMs / SLOTS;
  }

  request(now: number): void {
    this.#requests[this.#turn(now)]! += 1;
  }

  /** Takes one retry out of the budget; false when there is none. */
  withdraw(now: number): boolean {
    const slot = this.#turn(now);
    if (this.#balance() < 1) return false;
    this.#retries[slot]! += 1;
    return true;
  }

  /** Retries that would be granted now. */
  balance(now: number): number {
    this.#turn(now);
    return Math.max(0, Math.floor(this.#balance()));
  }

  #balance(): number {
    const { perRequest, floorPerSecond, ttlMs } = this.#options;
    return Math.max(perRequest * sum(this.#requests), (floorPerSecond * ttlMs) / 1000) - sum(this.#retries);
  }

  /** Empties the slots that time has left behind; the slot of `now`. */
  #turn(now: number): number {
    const slot = Math.floor(now / this.#slotMs);
    // A clock that goes back stays in the newest slot.
    for (let next = Math.max(this.#slot + 1, slot - SLOTS + 1); next <= slot; next++) {
      this.#requests[next % SLOTS] = 0;
      this.#retries[next % SLOTS] = 0;
    }
    this.#slot = Math.max(this.#slot, slot);
    return this.#slot % SLOTS;
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
