import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import type { OriginStats } from '../stats.ts';

/** One number per origin, by the name that it has everywhere. */
export interface Metric {
  /** Prometheus' spelling; OpenTelemetry gets dots for the first underscores. */
  name: string;
  help: string;
  kind: 'counter' | 'gauge';
  /** Null: not known, and not exported. */
  read(origin: GuardedOrigin, now: number): number | null;
}

const counter = (
  name: string,
  help: string,
  field: keyof { [K in keyof OriginStats as OriginStats[K] extends number ? K : never]: 0 },
): Metric => ({
  name: `whyreset_guard_${name}_total`,
  help,
  kind: 'counter',
  read: ({ stats }) => stats[field],
});

const gauge = (name: string, help: string, read: Metric['read']): Metric => ({
  name: `whyreset_guard_${name}`,
  help,
  kind: 'gauge',
  read,
});

export const METRICS: readonly Metric[] = [
  counter('requests', 'Requests.', 'requests'),
  counter('attempts', 'Attempts, the first of each request included.', 'attempts'),
  counter('connections', 'Connections opened.', 'connections'),
  counter('reused', 'Requests sent on a connection that had been used before.', 'reused'),
  counter(
    'avoided',
    'Connections turned down because of their age or because the peer had closed them.',
    'avoided',
  ),
  counter(
    'found_closed',
    'Of those turned down, connections that the peer had closed although Node had not shown it.',
    'foundClosed',
  ),
  counter('idle_closes', 'Connections that the peer closed with nothing in flight.', 'idleCloses'),
  counter('race_losses', 'Requests that met a closing connection.', 'raceLosses'),
  counter('retries', 'Retries.', 'retries'),
  counter('recovered', 'Requests that succeeded after a failed attempt.', 'recovered'),
  counter('failed', 'Requests whose error reached the caller.', 'failed'),
  counter('budget_exhausted', 'Retries that the budget did not grant.', 'budgetExhausted'),
  gauge('budget_retries', 'Retries that the budget would grant now.', ({ budget }, now) =>
    budget.balance(now),
  ),
  gauge('learned_idle_seconds', 'Idle age at which the origin was seen to close.', ({ knowledge }, now) => {
    const limit = knowledge.idle.limit(now);
    return limit === null ? null : limit / 1000;
  }),
  gauge('round_trip_seconds', 'Round trip lately.', ({ knowledge }) => knowledge.roundTrip.typicalMs / 1000),
  gauge(
    'processes_after_half_close',
    '1 when the origin was seen to take in requests after its own FIN.',
    ({ knowledge }) => (knowledge.processesAfterHalfClose ? 1 : 0),
  ),
];

/** Failed attempts by grade, which has a label of its own. */
export const GRADES = {
  name: 'whyreset_guard_failures_total',
  help: 'Failed attempts by grade of proof.',
} as const;

export const IDLE_AGES = {
  name: 'whyreset_guard_idle_age_seconds',
  help: 'Idle age of connections when they were reused.',
} as const;

/** Statistics of one origin as plain data, for JSON. Times in milliseconds. */
export interface OriginSnapshot extends Omit<OriginStats, 'idleAges'> {
  origin: string;
  learnedIdleMs: number | null;
  /** Closes of idle connections that were observed, of those still remembered. */
  observedCloses: number;
  roundTripMs: number;
  budgetRetries: number;
  processesAfterHalfClose: boolean;
  /** Counts of reuses by idle age: the upper bound in ms (null: beyond the last), and how many. */
  idleAges: { upToMs: number | null; count: number }[];
}

export function snapshot(core: GuardCore, bounds: readonly number[]): OriginSnapshot[] {
  const now = core.now();
  return [...core.origins].map(({ key, knowledge, budget, stats }) => ({
    ...stats,
    grades: { ...stats.grades },
    origin: key,
    learnedIdleMs: knowledge.idle.limit(now),
    observedCloses: knowledge.idle.observed,
    roundTripMs: knowledge.roundTrip.typicalMs,
    budgetRetries: budget.balance(now),
    processesAfterHalfClose: knowledge.processesAfterHalfClose,
    idleAges: stats.idleAges.counts.map((count, at) => ({ upToMs: bounds[at] ?? null, count })),
  }));
}
