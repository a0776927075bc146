import { describe, expect, test } from 'vitest';
import { build, type ConnectionBuilder, type Oddity } from '../testing/connection.ts';
import resetWindow from './reset-window.ts';

const factOf = (builder: ConnectionBuilder) => resetWindow.of(builder.subject());
/** A server whose receive queue fills: window 68 → 58 of 2^10 bytes each. */
const filling = () =>
  build()
    .side('responder', { windowScale: 10 })
    .handshake()
    .client(0.1, 'P.', { data: 2000 })
    .server(0.12, '.', { window: 68 })
    .client(0.2, 'P.', { data: 58_000 })
    .server(0.22, '.', { window: 58 });
const ended = (reset: Oddity) => factOf(filling().server(1, 'R.', reset));

test('close() empties the queue before it resets', () => {
  expect(ended({ window: 83 })).toMatchObject({
    known: true,
    change: 'reopened',
    before: 58,
    after: 83,
    largest: 68,
    last: { number: 7 },
  });
});

test('a socket that is ended from outside keeps its small window', () => {
  expect(ended({ window: 58 })).toMatchObject({ known: true, change: 'unchanged', before: 58, after: 58 });
});

test('a jump of one or two units decides nothing', () => {
  expect(ended({ window: 60 }).known).toBe(false);
  expect(ended({ window: 61 })).toMatchObject({ change: 'reopened' });
});

test('a window that never shrank tells nothing', () => {
  const small = build().handshake().client(0.1, 'P.', { data: 100 }).server(0.12, '.').server(1, 'R.');
  expect(factOf(small)).toEqual({
    known: false,
    why: 'the window had not shrunk, so it could not reopen',
  });
});

describe('stacks that are not like Linux', () => {
  test.each([
    ['window 0', { window: 0 }],
    ['no timestamps', { window: 83, plain: true }],
    ['an initial TTL of 128', { window: 83, ttl: 121 }],
  ])('%s', (_, reset) => {
    expect(ended(reset).known).toBe(false);
  });

  test('a bare RST answers a packet and has no window of its own', () => {
    expect(factOf(filling().passive('responder', 1)).known).toBe(false);
  });
});

test('without window scaling the unit is a byte, and a jump is at least a segment', () => {
  const unscaled = (after: number) =>
    factOf(
      build()
        .side('responder', { windowScale: 0 })
        .handshake()
        .server(0.1, '.', { window: 29_200 })
        .client(0.2, 'P.', { data: 2000 })
        .server(0.22, '.', { window: 27_200 })
        .server(1, 'R.', { window: after }),
    );
  expect(unscaled(27_300).known).toBe(false);
  expect(unscaled(29_200)).toMatchObject({ change: 'reopened' });
});
