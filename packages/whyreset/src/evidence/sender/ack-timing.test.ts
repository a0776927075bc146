import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import ackTiming, { roundTrips } from './ack-timing.ts';

function timingOf(builder: ConnectionBuilder) {
  const fact = ackTiming.of(builder.subject());
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

const near = (values: number[]) => values.map((value) => Number(value.toFixed(3)));

test('round trips of the handshake and of data', () => {
  const { timeline } = build().handshake(0.04).client(1, 'P.', { data: 9 }).server(1.05, '.');
  expect(near(roundTrips(timeline, 'responder').map((sample) => sample.seconds))).toEqual([0.04, 0.05]);
});

test('a repeated SYN gives no sample: nobody knows which copy was answered', () => {
  const { timeline } = build().client(0, 'S').client(1, 'S', { seq: 0 }).server(1.02, 'S.').client(1.02, '.');
  expect(roundTrips(timeline, 'responder')).toEqual([]);
});

test('data alone gives none: an ACK may wait for the application', () => {
  const { timeline } = build()
    .client(0, 'P.', { data: 9, seq: 1, ack: 1 })
    .server(0.05, 'P.', { data: 9, seq: 1 });
  expect(roundTrips(timeline, 'responder')).toEqual([]);
});

test('one ACK for several packets measures the last of them', () => {
  const { timeline } = build()
    .handshake(0.04)
    .client(1, '.', { data: 9 })
    .client(1.5, '.', { data: 9 })
    .server(1.54, '.');
  expect(near(roundTrips(timeline, 'responder').map((sample) => sample.seconds))).toEqual([0.04, 0.04]);
});

const confirmed = () => build().handshake(0.04).client(1, 'P.', { data: 9 }).server(1.04, '.');

test('a confirmed round trip makes an early acknowledgement impossible', () => {
  const fact = timingOf(confirmed().client(2, 'P.', { data: 9 }).server(2.002, 'R.', { plain: true }));
  expect(fact).toMatchObject({ impossible: true, samples: 2, packet: { number: 6 } });
  expect(fact.elapsed).toBeCloseTo(0.002);
});

test.each([
  ['an unconfirmed one does not', build().handshake(0.04), {}],
  ['nor one within what a drained queue explains', confirmed(), { late: 0.015 }],
  ['nor a capture with gaps', confirmed().side('originator', { gaps: 1 }), {}],
])('%s', (_name, builder, { late = 0.002 }: { late?: number }) => {
  const fact = timingOf(builder.client(2, 'P.', { data: 9 }).server(2 + late, 'R.', { plain: true }));
  expect(fact.impossible).toBe(false);
});

test('a RST that continues the clock or the counter of its sender came over a shorter path', () => {
  const fact = timingOf(confirmed().client(2, 'P.', { data: 9 }).server(2.002, 'R.'));
  expect(fact.impossible).toBe(false);
});

test('round trips of long ago say nothing of the path now', () => {
  const fact = timingOf(confirmed().client(30, 'P.', { data: 9 }).server(30.002, 'R.', { plain: true }));
  expect(fact).toMatchObject({ impossible: false, samples: 0 });
});

test('a BSD leaves the timestamp out itself', () => {
  const bsd = build()
    .client(0, 'S')
    .server(0.04, 'S.', { window: 65_535 })
    .client(0.04, '.')
    .client(1, 'P.', { data: 9 })
    .server(1.04, '.');
  const fact = timingOf(bsd.client(2, 'P.', { data: 9 }).server(2.002, 'R.', { plain: true }));
  expect(fact.impossible).toBe(false);
});

test('data that was being repeated proves nothing', () => {
  const builder = confirmed().client(1.5, 'P.', { data: 9 }).client(1.9, 'P.', { data: 9, seq: 10 });
  builder.timeline.at(-1)!.retransmission = true;
  const fact = timingOf(builder.client(2, 'P.', { data: 9, seq: 19 }).server(2.002, 'R.', { plain: true }));
  expect(fact.impossible).toBe(false);
});

test('bytes of which only a repetition was captured say nothing of when they passed', () => {
  const lost = confirmed().client(1.5, '.').client(2, 'P.', { data: 9, seq: 10 }).server(2.001, 'R.');
  lost.timeline[6]!.retransmission = true;
  expect(ackTiming.of(lost.subject())).toMatchObject({ known: false });
});

test('a bare RST acknowledges nothing', () => {
  expect(ackTiming.of(confirmed().server(2, 'R').subject()).known).toBe(false);
});
