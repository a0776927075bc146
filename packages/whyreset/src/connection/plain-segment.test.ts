import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import type { Segment } from '../wire/segment.ts';
import { segmentOf } from './testing/play.ts';

// The same room twice: once with the short way, once without it.
const { ConnectionTracker: Tracker } = await import('./tracker.ts');
vi.resetModules();
vi.doMock('./plain-segment.ts', () => ({ takePlainSegment: () => false }));
const { ConnectionTracker: LongWayTracker } = await import('./tracker.ts');

afterAll(() => vi.doUnmock('./plain-segment.ts'));

/** What may happen to a conversation that otherwise goes on in order. */
const event = fc.record({
  client: fc.boolean(),
  length: fc.constantFrom(0, 0, 1, 100, 1448, 20_000),
  what: fc.oneof(
    { weight: 30, arbitrary: fc.constant('ordinary') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'again',
        'lost',
        'old ack',
        'probe',
        'zero window',
        'fin',
        'rst',
        'cut',
        'far ack',
        'ttl',
      ),
    },
  ),
  gap: fc.constantFrom(0.001, 0.01, 1.5),
});

function conversation(
  isn: number,
  events: (typeof event extends fc.Arbitrary<infer T> ? T : never)[],
): Segment[] {
  const next = { client: 1, server: 1 };
  let time = 0;
  const line = (text: string, number: number) =>
    segmentOf(text, { clientIsn: isn, serverIsn: isn ^ 0x5555 }, number);
  const segments = ['0 > S 0', '0 < S. 0 1', '0 > . 1 1'].map((text, i) => line(text, i + 1));
  for (const { client, length, what, gap } of events) {
    time += gap;
    const own = client ? next.client : next.server;
    const other = client ? next.server : next.client;
    const flags = what === 'fin' ? 'F.' : what === 'rst' ? 'R.' : '.';
    const seq = what === 'again' ? Math.max(1, own - length) : what === 'probe' ? own - 1 : own;
    const ack = what === 'old ack' ? Math.max(1, other - 50) : what === 'far ack' ? other + 300 : other;
    const extra = `${what === 'zero window' ? 'win=0' : ''} ${what === 'cut' ? 'cap=0' : ''} ${what === 'ttl' ? 'ttl=50' : ''}`;
    const sent = what === 'probe' ? Math.min(length, 1) : length;
    if (what !== 'lost') {
      segments.push(
        line(`${time} ${client ? '>' : '<'} ${flags} ${seq} ${ack} ${sent} ${extra}`, segments.length + 1),
      );
    }
    if (what !== 'again' && what !== 'probe' && what !== 'rst') {
      if (client) next.client += length + (what === 'fin' ? 1 : 0);
      else next.server += length + (what === 'fin' ? 1 : 0);
    }
  }
  return segments;
}

test('plain_segments come out as by the long way', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1000, 0, 0xffffffff, 0xffffff00, 0x7fffff00, 0xfffff000),
      fc.array(event, { maxLength: 80 }),
      (isn, events) => {
        const results = [Tracker, LongWayTracker].map((Kind) => {
          const tracker = new Kind({ keep: 'every', maxConnections: 10 });
          for (const s of conversation(isn, events)) tracker.segment(s);
          tracker.end();
          return Array.from({ length: tracker.archive.length }, (_, i) => tracker.archive.connection(i));
        });
        expect(results[0]).toEqual(results[1]);
      },
    ),
    { numRuns: 600 },
  );
});
