import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../evidence/testing/connection.ts';
import { judge } from '../verdict/judge.ts';
import cause from './blind-reset-ignored.ts';

/** An exchange over 40 ms; the client waits for 91 and offers 501 × 128 bytes. */
const served = () =>
  build().handshake(0.04).client(0.05, 'P.', { data: 60 }).server(0.09, 'P.', { data: 90 }).client(0.09, '.');

const goesOn = (builder: ConnectionBuilder) =>
  builder
    .client(3, 'P.', { data: 60 })
    .server(3.04, 'P.', { data: 90 })
    .client(3.04, '.')
    .client(4, 'P.', { data: 60 })
    .server(4.04, 'P.', { data: 90 })
    .client(4.04, '.');

const guess = { window: 0, plain: true, ttl: 49, ipId: 4660 };

test.each([
  ['inside the window', 5000],
  ['at the window’s right edge', 91 + 501 * 128],
  ['just beyond the window', 92 + 501 * 128],
  ['far behind', -70_000],
  ['where it would have been obeyed', 91],
])('a RST %s, and both live on', (_where, seq) => {
  const { verdict } = judge(
    goesOn(
      served()
        .server(2, 'R', { ...guess, seq })
        .client(2, '.'),
    ).subject(),
  );
  expect(verdict).toMatchObject({ cause: cause.id, family: 'harmless', certainty: 'proven', benign: true });
  // That the receiver ignored it proves nothing of who sent it.
  expect(verdict.senderCertainty).not.toBe('proven');
  expect(verdict.sender).not.toBe('responder');
});

test('several guesses, the last of them the fitting one, are a reset and no vain attempt', () => {
  const volley = served()
    .server(2, 'R', { ...guess, seq: 5000 })
    .client(2, '.')
    .server(2.1, 'R', { ...guess, seq: 91 });
  expect(judge(volley.subject()).verdict).toMatchObject({ benign: false, sender: 'middlebox' });
});

test('a challenge that nobody confirms, and silence: possible', () => {
  const challenged = served()
    .server(2, 'R', { ...guess, ttl: 57, seq: 5000 })
    .client(2, '.');
  const late = judge(challenged.subject({ until: 10 })).verdict;
  expect([late.cause, late.certainty]).not.toContain('proven');
  const early = judge(challenged.subject({ until: 2.5 })).verdict;
  expect(early.cause).not.toBe(cause.id);
});

test('the receiver’s packets that were on their way when the RST passed show no life', () => {
  const crossing = served()
    .server(2, 'R', { ...guess, seq: 91 })
    .client(2.001, 'P.', { data: 10 });
  expect(judge(crossing.subject()).verdict.cause).not.toBe(cause.id);
});

test('a RST from an earlier connection on the same ports is not blamed on a box', () => {
  const stray = goesOn(served().server(2, 'R', { window: 0, plain: true, ipId: 0, seq: -1_234_567_890 }));
  const { verdict, because } = judge(stray.subject());
  expect(verdict).toMatchObject({ cause: cause.id, sender: 'undetermined' });
  expect(because.map(({ fact }) => fact)).toContain('challengeAck');
});

test('life of the first attempt does not excuse a later reset from another hand', () => {
  const ended = goesOn(
    served()
      .server(2, 'R', { ...guess, seq: 5000 })
      .client(2, '.'),
  ).server(5, 'R.');
  const { verdict } = judge(ended.subject());
  expect(verdict.cause).not.toBe(cause.id);
  expect(verdict.certainty).not.toBe('proven');
});
