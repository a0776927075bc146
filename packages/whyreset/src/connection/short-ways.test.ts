import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import type { Segment } from '../wire/segment.ts';
import { converse, type Event, event } from './testing/converse.ts';
import type { TrackerOptions } from './tracker.ts';

// The same room three times: as it is, without the easy lane, and without the short way either.
const { ConnectionTracker: Tracker } = await import('./tracker.ts');
vi.resetModules();
vi.doMock('./lane.ts', async () => ({
  ...(await vi.importActual<object>('./lane.ts')),
  mayEnter: () => false,
}));
const { ConnectionTracker: WithoutLane } = await import('./tracker.ts');
vi.resetModules();
vi.doMock('./plain-segment.ts', () => ({ takePlainSegment: () => false }));
const { ConnectionTracker: LongWay } = await import('./tracker.ts');

afterAll(() => {
  vi.doUnmock('./lane.ts');
  vi.doUnmock('./plain-segment.ts');
});

const isns = fc.constantFrom(1000, 0, 0xffffffff, 0xffffff00, 0x7fffff00, 0xfffff000);
const conversation = fc.tuple(isns, fc.array(event, { maxLength: 60 }));

function run(Kind: typeof Tracker, conversations: Segment[][], options: TrackerOptions) {
  const removed: [number, number][] = [];
  const all = conversations.flat().sort((a, b) => a.time - b.time);
  let now = 0;
  const tracker = new Kind({ maxConnections: 50, ...options }, (one) => removed.push([now, one.index]));
  all.forEach((s, i) => {
    s.number = i + 1;
    now = s.time;
    tracker.segment(s);
  });
  tracker.end();
  const kept = Array.from({ length: tracker.archive.length }, (_, i) => tracker.archive.connection(i));
  const hosts = ['10.0.0.1', '10.0.0.2'].map((address) => tracker.hosts.address(address));
  return {
    kept,
    removed,
    connections: tracker.connections,
    hosts,
    server: tracker.hosts.responder('10.0.0.2', 9999),
  };
}

test.each([
  ['what is troubled', { keep: 'troubled' as const }],
  ['everything', { keep: 'every' as const }],
  ['what is troubled, with little room', { keep: 'troubled' as const, maxConnections: 2 }],
])('short ways_come out as the long way does: %s', (_, options) => {
  fc.assert(
    fc.property(fc.array(conversation, { minLength: 1, maxLength: 4 }), (plans) => {
      const segments = () => plans.map(([isn, events], i) => converse(isn, events, 40_000 + i));
      const long = run(LongWay, segments(), options);
      expect(run(WithoutLane, segments(), options)).toEqual(long);
      expect(run(Tracker, segments(), options)).toEqual(long);
    }),
    { numRuns: 250 },
  );
});

test('short ways_the lane is used: a troubled connection comes out of it whole', () => {
  const healthy = Array.from(
    { length: 4 },
    (_, i): Event => ({
      client: i % 2 === 0,
      length: 100,
      what: 'ordinary',
      gap: 0.01,
    }),
  );
  const rst: Event = { client: false, length: 0, what: 'rst', gap: 0.01 };
  const { kept } = run(Tracker, [converse(1000, [...healthy, rst], 40_000)], {});
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({ history: 'ShADdr', state: 'RSTR' });
  expect(kept[0]!.timeline).toHaveLength(8);
});
