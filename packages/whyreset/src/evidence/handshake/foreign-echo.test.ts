import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import foreignEcho from './foreign-echo.ts';

const answered = (echo: number) => build().client(0, 'S', { ts: 900_000 }).server(0.02, 'S.', { echo });

test('a SYN-ACK that echoes another clock', () => {
  expect(foreignEcho.of(answered(77_400_000).subject())).toMatchObject({
    known: true,
    synAck: { number: 2 },
    off: 76_500_000,
  });
  expect(foreignEcho.of(answered(100_000).subject())).toMatchObject({ off: -800_000 });
});

test('the client’s own clock, now or when a SYN that escaped the capture was sent, is none', () => {
  for (const echo of [900_000, 899_000]) expect(foreignEcho.of(answered(echo).subject()).known).toBe(false);
});

test('an echo of 0 says that there is none', () => {
  expect(foreignEcho.of(answered(0).subject()).known).toBe(false);
});
