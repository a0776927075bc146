import type { Meter as ApiMeter } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { GuardCore } from '../guard-core.ts';
import type { Meter } from './open-telemetry.ts';

function used() {
  const core = new GuardCore({ kernel: 'none' });
  const { stats, knowledge } = core.origin('http://a"b\\c:80');
  stats.requests = 3;
  stats.grades.P1 = 2;
  stats.idleAges.add(30);
  stats.idleAges.add(1e9);
  knowledge.idle.closedAt(250, core.now());
  return core;
}

/** A meter that keeps its callbacks, as an SDK does until it collects. */
function meter() {
  const callbacks = new Map<
    string,
    Set<(result: { observe: (value: number, attributes?: object) => void }) => void>
  >();
  const create = (name: string) => {
    const own = new Set<never>();
    callbacks.set(name, own as never);
    return {
      addCallback: (callback: never) => void own.add(callback),
      removeCallback: (callback: never) => void own.delete(callback),
    };
  };
  const collect = (name: string) => {
    const seen: [number, object | undefined][] = [];
    for (const callback of callbacks.get(name)!)
      callback({ observe: (value, attributes) => void seen.push([value, attributes]) });
    return seen;
  };
  return { meter: { createObservableCounter: create, createObservableGauge: create } as Meter, collect };
}

describe('the statistics', () => {
  it('are data', () => {
    const [origin] = used().stats();
    expect(origin).toMatchObject({
      origin: 'http://a"b\\c:80',
      requests: 3,
      learnedIdleMs: 250,
      observedCloses: 1,
      budgetRetries: 100,
    });
    expect(
      JSON.parse(JSON.stringify(origin)).idleAges.filter(({ count }: { count: number }) => count > 0),
    ).toEqual([
      { upToMs: 50, count: 1 },
      { upToMs: null, count: 1 },
    ]);
  });

  it('are Prometheus’ text', () => {
    const text = used().prometheus();
    expect(text).toContain('whyreset_guard_requests_total{origin="http://a\\"b\\\\c:80"} 3\n');
    expect(text).toContain('grade="P1"} 2\n');
    expect(text).toMatch(/idle_age_seconds_bucket\{.*le="\+Inf"\} 2\n/);
    expect(text).toMatch(/learned_idle_seconds\{.*\} 0\.25\n/);
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^# (HELP|TYPE) \w+ .+$|^\w+\{(\w+="(?:[^"\\]|\\.)*",?)+\} [\d.e+-]+$/);
  });

  it('are OpenTelemetry’s instruments until they are unregistered', () => {
    const { meter: given, collect } = meter();
    const unregister = used().openTelemetry(given);
    expect(collect('whyreset.guard.requests')).toEqual([[3, { origin: 'http://a"b\\c:80' }]]);
    expect(collect('whyreset.guard.failures')).toContainEqual([2, expect.objectContaining({ grade: 'P1' })]);
    unregister();
    expect(collect('whyreset.guard.requests')).toEqual([]);
  });

  it('take a Meter of the API', () => {
    const api: (meter: ApiMeter) => Meter = (meter) => meter;
    expect(api).toBeTypeOf('function');
  });
});
