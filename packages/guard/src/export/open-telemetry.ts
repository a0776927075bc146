import type { GuardCore } from '../guard-core.ts';
import { IDLE_BUCKETS_MS } from '../stats.ts';
import { GRADES, IDLE_AGES, METRICS } from './metrics.ts';

interface Result {
  observe(value: number, attributes?: Record<string, string>): void;
}
type Callback = (result: Result) => void;
interface Observable {
  addCallback(callback: Callback): void;
  removeCallback(callback: Callback): void;
}

/** What is used of a `Meter` of @opentelemetry/api 1.x: the caller brings it, nothing is depended on. */
export interface Meter {
  createObservableCounter(name: string, options?: { description?: string; unit?: string }): Observable;
  createObservableGauge(name: string, options?: { description?: string; unit?: string }): Observable;
}

/**
 * Registers the statistics with a meter as observable instruments, read when the SDK collects. The idle-age histogram
 * becomes counters by upper bound (`le`): the API has no observable histogram.
 *
 * @returns a function that unregisters them.
 */
export function registerMetrics(core: GuardCore, meter: Meter): () => void {
  const removals: (() => void)[] = [];
  const register = (instrument: Observable, callback: Callback) => {
    instrument.addCallback(callback);
    removals.push(() => instrument.removeCallback(callback));
  };
  const named = (name: string) =>
    name.replace(/^whyreset_guard_/, 'whyreset.guard.').replace(/_(total|seconds)$/, '');
  const unit = (name: string) => (name.endsWith('_seconds') ? 's' : '1');

  for (const { name, help, kind, read } of METRICS) {
    const options = { description: help, unit: unit(name) };
    const instrument =
      kind === 'counter'
        ? meter.createObservableCounter(named(name), options)
        : meter.createObservableGauge(named(name), options);
    register(instrument, (result) => {
      const now = core.now();
      for (const origin of core.origins) {
        const value = read(origin, now);
        if (value !== null) result.observe(value, { origin: origin.key });
      }
    });
  }
  register(
    meter.createObservableCounter(named(GRADES.name), { description: GRADES.help, unit: '1' }),
    (result) => {
      for (const { key, stats } of core.origins)
        for (const [grade, count] of Object.entries(stats.grades))
          result.observe(count, { origin: key, grade });
    },
  );
  register(
    meter.createObservableCounter(`${named(IDLE_AGES.name)}.bucket`, {
      description: IDLE_AGES.help,
      unit: '1',
    }),
    (result) => {
      for (const { key, stats } of core.origins)
        for (const [at, count] of stats.idleAges.counts.entries())
          result.observe(count, {
            origin: key,
            le: String((IDLE_BUCKETS_MS[at] ?? Number.POSITIVE_INFINITY) / 1000),
          });
    },
  );
  return () => {
    for (const remove of removals) remove();
  };
}
