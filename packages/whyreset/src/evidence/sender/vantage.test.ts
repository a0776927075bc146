import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import vantage, { hops } from './vantage.ts';

test.each([
  [64, 0],
  [57, 7],
  [128, 0],
  [121, 7],
  [255, 0],
  [248, 7],
  [0, -1],
])('a TTL of %i is %i hops old', (ttl, expected) => {
  expect(hops(ttl)).toBe(expected);
});

const seen = (clientTtl: number, serverTtl: number, roundTrip = 0.02) =>
  vantage.of(
    build()
      .client(0, 'S', { ttl: clientTtl })
      .server(roundTrip, 'S.', { ttl: serverTtl })
      .client(roundTrip, '.', { ttl: clientTtl })
      .subject(),
  );

test('at the end whose TTL is untouched', () => {
  expect(seen(64, 57)).toMatchObject({ at: 'originator', responderHops: 7 });
  expect(seen(57, 64)).toMatchObject({ at: 'responder' });
  expect(seen(60, 57)).toMatchObject({ at: 'between' });
});

test('in one segment at the end that answers at once', () => {
  expect(seen(64, 64, 0.002)).toMatchObject({ at: 'originator' });
});

test('one host talking to itself', () => {
  const loopback = build().handshake(0.0001).side('responder', { address: '10.0.0.1' });
  expect(vantage.of(loopback.subject())).toMatchObject({ at: 'both' });
});
