import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import backwardClock from './backward-clock.ts';

const started = () => build().handshake().client(5, 'P.', { data: 10 }).server(5.02, '.');

test('a clock that goes back, and packets that are answered but not taken', () => {
  const builder = started()
    .client(6, 'P.', { data: 10, ts: 100 })
    .server(6.02, '.', { ack: 11 })
    .client(6.3, 'P.', { data: 10, seq: 11, ts: 400 })
    .server(6.32, '.', { ack: 11 });
  expect(backwardClock.of(builder.subject())).toMatchObject({
    known: true,
    side: 'originator',
    before: { number: 4 },
    after: { number: 6 },
    back: 4900,
    ignored: [{ number: 6 }, { number: 8 }],
    answers: [{ number: 7 }, { number: 9 }],
  });
});

test('an old packet that was taken all the same is no loss', () => {
  const builder = started().client(6, 'P.', { data: 10, ts: 100 }).server(6.02, '.');
  expect(backwardClock.of(builder.subject())).toMatchObject({ known: true, ignored: [], answers: [] });
});

test('packets that overtake each other are a second apart at most', () => {
  const builder = started().client(5.1, 'P.', { data: 10, ts: 4200 });
  expect(backwardClock.of(builder.subject())).toEqual({
    known: false,
    why: 'timestamps only went forward',
  });
});

test('a counter that passes 2^32 goes forward', () => {
  const builder = build()
    .client(0, 'S', { ts: 0xffffff00 })
    .server(0.02, 'S.')
    .client(0.02, '.', { ts: 0xffffff14 })
    .client(1, 'P.', { data: 10, ts: 0x2e8 });
  expect(backwardClock.of(builder.subject())).toMatchObject({ known: false });
});

test('without the option there is no clock', () => {
  const builder = build().client(0, 'S', { plain: true }).server(0.02, 'S.', { plain: true });
  expect(backwardClock.of(builder.subject())).toEqual({
    known: false,
    why: 'the connection uses no timestamps',
  });
});
