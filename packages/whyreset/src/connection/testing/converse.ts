import fc from 'fast-check';
import type { Segment } from '../../wire/segment.ts';
import { segmentOf } from './play.ts';

/** What may happen to a conversation that otherwise goes on in order. */
export const event = fc.record({
  client: fc.boolean(),
  length: fc.constantFrom(0, 0, 1, 100, 1448, 20_000),
  what: fc.oneof(
    { weight: 24, arbitrary: fc.constant('ordinary') },
    { weight: 3, arbitrary: fc.constant('fin') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'again',
        'lost',
        'old ack',
        'probe',
        'zero window',
        'rst',
        'cut',
        'far ack',
        'ttl',
        'syn',
        'request',
      ),
    },
  ),
  gap: fc.constantFrom(0.001, 0.01, 0.3, 1.5, 4),
});

export type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const FLAGS: Readonly<Record<string, string>> = { fin: 'F.', rst: 'R.', syn: 'S' };
const EXTRAS: Readonly<Record<string, string>> = {
  'zero window': 'win=0',
  cut: 'cap=0',
  ttl: 'ttl=50',
  request: 'text=GET_/_HTTP/1.1',
};

/** A handshake and then the events, as segments in order. */
export function converse(isn: number, events: readonly Event[], clientPort: number): Segment[] {
  const next = { client: 1, server: 1 };
  const cast = { clientIsn: isn, serverIsn: isn ^ 0x5555, clientPort };
  const line = (text: string, number: number) => segmentOf(text, cast, number);
  const segments = ['0 > S 0', '0 < S. 0 1', '0 > . 1 1'].map((text, i) => line(text, i + 1));
  let time = 0;
  for (const { client, length, what, gap } of events) {
    time += gap;
    const own = client ? next.client : next.server;
    const other = client ? next.server : next.client;
    const flags = FLAGS[what] ?? '.';
    const seq = what === 'again' ? Math.max(1, own - length) : what === 'probe' ? own - 1 : own;
    const ack = what === 'old ack' ? Math.max(1, other - 50) : what === 'far ack' ? other + 300 : other;
    const extra = EXTRAS[what] ?? '';
    const sent =
      what === 'probe' ? Math.min(length, 1) : what === 'request' ? 14 : what === 'syn' ? 0 : length;
    if (what !== 'lost') {
      const text = `${time} ${client ? '>' : '<'} ${flags} ${seq} ${ack} ${sent} ${extra}`;
      segments.push(line(text, segments.length + 1));
    }
    if (what === 'again' || what === 'probe' || what === 'rst' || what === 'syn') continue;
    const span = sent + (what === 'fin' ? 1 : 0);
    if (client) next.client += span;
    else next.server += span;
  }
  return segments;
}
