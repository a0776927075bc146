import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import exchange from './exchange.ts';

function exchangeOf(builder: ConnectionBuilder) {
  const fact = exchange.of(builder.subject());
  if (!fact.known) throw new Error('always known');
  return fact;
}

test('a request without its answer, and bytes that nobody acknowledged', () => {
  const fact = exchangeOf(
    build().handshake().client(0.1, 'P.', { data: 500 }).server(0.12, 'R.', { ack: 1 }),
  );
  expect(fact).toMatchObject({ unanswered: true, requests: 1, responses: 0, silent: false });
  expect(fact.originator).toMatchObject({ sent: 500, unacked: 500, lastDataNumber: 4 });
});

test('the ACK of the RST itself acknowledges nothing', () => {
  const fact = exchangeOf(build().handshake().client(0.1, 'P.', { data: 500 }).server(0.12, 'R.'));
  expect(fact.originator.unacked).toBe(500);
});

test('an answer in the same microsecond is an answer', () => {
  const fact = exchangeOf(
    build().handshake().client(0.1, 'P.', { data: 5 }).server(0.1, 'P.', { data: 5 }).server(0.2, 'R.'),
  );
  expect(fact.unanswered).toBe(false);
});

test('of a capture of one direction no byte is said to be open', () => {
  const fact = exchange.of(
    build()
      .client(0, 'S')
      .client(0.02, '.', { ack: 1 })
      .client(0.03, 'P.', { data: 500, ack: 1 })
      .client(1, 'R.', { ack: 1 })
      .subject(),
  );
  expect(fact.known).toBe(false);
});

test('sequence numbers past 2 GB do not look like open bytes', () => {
  const fact = exchangeOf(
    build()
      .client(0, '.', { data: 1000, seq: 3_000_000_000, ack: 1 })
      .server(0.02, '.', { seq: 1, ack: 3_000_001_000 })
      .server(1, 'R.', { seq: 1, ack: 3_000_001_000 }),
  );
  expect(fact.originator.unacked).toBe(0);
});

test('what was said last is known though its packet was not kept', () => {
  const long = build()
    .handshake()
    .client(0.1, 'P.', { data: 5 })
    .server(0.2, '.')
    .client(9, '.')
    .client(9, 'R.');
  long.side('responder', { lastDataNumber: 5.5, lastDataTime: 8 }).with({ elided: 40, elidedAt: 5 });
  expect(exchangeOf(long)).toMatchObject({ unanswered: false, responder: { lastDataTime: 8 } });
});
