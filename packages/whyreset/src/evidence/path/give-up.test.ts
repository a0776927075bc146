import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import giveUp from './give-up.ts';

const served = () =>
  build().handshake().client(0.1, 'P.', { data: 50 }).server(0.12, 'P.', { data: 50 }).client(0.12, '.');

/** Sends 50 bytes and repeats them after each of the waits. */
function repeating(builder: ConnectionBuilder, waits: readonly number[], seq = 51): ConnectionBuilder {
  let time = 1;
  builder.client(time, 'P.', { data: 50, seq });
  for (const wait of waits) {
    time += wait;
    builder.client(time, 'P.', { data: 50, seq });
  }
  return builder;
}

test('repetitions at growing distances, of a side whose bytes had been taken before', () => {
  expect(giveUp.of(repeating(served(), [0.3, 0.6, 1.2]).subject())).toMatchObject({
    known: true,
    side: 'originator',
    first: { number: 7 },
    repetitions: [{ number: 8 }, { number: 9 }, { number: 10 }],
    span: expect.closeTo(2.1),
    backedOff: true,
    taken: true,
    heard: [],
    later: null,
  });
});

test('equal distances are no timer that backs off', () => {
  expect(giveUp.of(repeating(served(), [0.3, 0.3, 0.3]).subject())).toMatchObject({ backedOff: false });
});

test('bytes that were the first of their side show nothing of the path before', () => {
  expect(giveUp.of(repeating(build().handshake(), [0.3, 0.6], 1).subject())).toMatchObject({ taken: false });
});

test('who is heard meanwhile, and who comes back afterwards', () => {
  const builder = repeating(served(), [0.3]).server(1.4, '.', { ack: 51 });
  builder.client(2, 'P.', { data: 50, seq: 51 }).server(9, 'P.', { data: 5, ack: 51 });
  expect(giveUp.of(builder.subject())).toMatchObject({ heard: [{ time: 1.4 }], later: { time: 9 } });
});

test('what was acknowledged in the end was not given up', () => {
  expect(giveUp.of(repeating(served(), [0.3, 0.6]).server(3, '.').subject())).toEqual({
    known: false,
    why: 'no payload was repeated in vain',
  });
});
