import type { Grade } from './decide.ts';

/** Upper bounds of the idle-age buckets, milliseconds: the ages of known servers' limits lie between them. */
export const IDLE_BUCKETS_MS = [
  10, 50, 100, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 350_000, 600_000,
] as const;

/** Counts by the smallest of {@link IDLE_BUCKETS_MS} that holds the age; the last cell is for what exceeds them all. */
export class IdleHistogram {
  readonly counts: number[] = new Array(IDLE_BUCKETS_MS.length + 1).fill(0);
  sumMs = 0;

  add(idleMs: number): void {
    let bucket = 0;
    while (bucket < IDLE_BUCKETS_MS.length && idleMs > IDLE_BUCKETS_MS[bucket]!) bucket++;
    this.counts[bucket]! += 1;
    this.sumMs += idleMs;
  }
}

/** What went on with one origin. All are counts since the start. */
export class OriginStats {
  requests = 0;
  attempts = 0;
  connections = 0;
  reused = 0;
  /** Connections that were not used because of their age, or because the peer had already closed them. */
  avoided = 0;
  /** Of `avoided`, those that the peer had closed although Node had not shown it: found by a last look before the write. */
  foundClosed = 0;
  /** Closes by the peer with nothing in flight. */
  idleCloses = 0;
  /** Requests that met a closing connection. */
  raceLosses = 0;
  retries = 0;
  /** Requests that succeeded after at least one failed attempt. */
  recovered = 0;
  /** Requests whose error reached the caller. */
  failed = 0;
  budgetExhausted = 0;
  readonly grades: Record<Grade, number> = {
    P0: 0,
    P1: 0,
    'P1+': 0,
    P2: 0,
    P4: 0,
    P5: 0,
    H1: 0,
    H2: 0,
    N: 0,
  };
  /** Idle ages at which connections were reused. */
  readonly idleAges = new IdleHistogram();
}
