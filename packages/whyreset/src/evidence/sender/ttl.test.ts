import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import ttl from './ttl.ts';

const served = () => build().handshake().client(1, 'P.', { data: 9 }).server(1.02, '.');

test('against the claimed sender’s other packets', () => {
  expect(ttl.of(served().server(2, 'R.').subject())).toMatchObject({ delta: 0, firm: true, borrowed: false });
  expect(ttl.of(served().server(2, 'R.', { ttl: 61 }).subject())).toMatchObject({
    delta: 4,
    min: 57,
    max: 57,
  });
});

test('between the TTLs of two senders is neither of them', () => {
  const mixed = build()
    .client(0, 'S')
    .server(0.02, 'S.', { ttl: 64 })
    .client(0.02, '.')
    .server(0.1, '.', { ttl: 52 });
  expect(ttl.of(mixed.server(1, 'R.', { ttl: 58 }).subject())).toMatchObject({ delta: 6, firm: false });
});

test('a lone SYN-ACK may be a proxy’s: no firm ground', () => {
  expect(ttl.of(build().handshake().server(1, 'R.').subject())).toMatchObject({ firm: false });
});

test('borrowed from other connections of the address', () => {
  const refused = build().client(0, 'S').server(0.02, 'R.', { ttl: 64 });
  const world = { address: () => ({ ttlMin: 57, ttlMax: 58, minRtt: -1 }) };
  expect(ttl.of(refused.subject(world))).toMatchObject({ borrowed: true, delta: 6, firm: false });
  expect(ttl.of(refused.subject()).known).toBe(false);
});
