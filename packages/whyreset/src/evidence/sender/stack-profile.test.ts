import { expect, test } from 'vitest';
import reset from '../reset/reset.ts';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import { stacksOf } from './stack-profile.ts';

/** A served connection whose server opened with this TTL and window. */
const served = (ttl: number, window: number): ConnectionBuilder =>
  build()
    .client(0, 'S')
    .server(0.02, 'S.', { ttl, window })
    .client(0.02, '.')
    .client(0.03, 'P.', { data: 10 })
    .server(0.05, 'P.', { data: 10, ttl });

const shapeOf = (builder: ConnectionBuilder) => {
  const fact = reset.of(builder.subject());
  return fact.known ? fact.shape : fact.why;
};

test.each([
  [57, 65_160, ['linux']],
  [57, 65_535, ['linux', 'bsd']],
  [121, 8192, ['windows']],
  [248, 4380, ['high-ttl']],
])('TTL %i and window %i of a SYN-ACK', (ttl, window, ids) => {
  expect(stacksOf(served(ttl, window).connection(), 'responder').map(({ id }) => id)).toEqual(ids);
});

const bare = { plain: true, window: 0 };

test('a RST+ACK without timestamp and window is foreign to Linux alone', () => {
  expect(shapeOf(served(57, 65_160).server(1, 'R.', { ttl: 57, ...bare }))).toBe('foreign');
  expect(shapeOf(served(57, 65_535).server(1, 'R.', { ttl: 57, ...bare }))).toBe('active');
  expect(shapeOf(served(121, 8192).server(1, 'R.', { ttl: 121, ...bare }))).toBe('active');
  expect(shapeOf(served(248, 4380).server(1, 'R.', { ttl: 248, ...bare }))).toBe('active');
});

test('seen from the middle on, nothing tells the stacks with TTL 64 apart', () => {
  const middle = build()
    .client(0, 'P.', { data: 10, seq: 1, ack: 1 })
    .server(0.02, 'P.', { data: 10, seq: 1 })
    .server(1, 'R.', bare);
  expect(shapeOf(middle)).toBe('active');
});
