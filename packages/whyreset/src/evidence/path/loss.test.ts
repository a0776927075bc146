import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import loss from './loss.ts';

function lossOf(builder: ConnectionBuilder) {
  const fact = loss.of(builder.subject());
  if (!fact.known) throw new Error('always known');
  return fact;
}

const asked = () =>
  build()
    .handshake()
    .client(1, 'P.', { data: 50 })
    .client(1.3, 'P.', { data: 50, seq: 1 })
    .client(1.9, 'P.', { data: 50, seq: 1 });

test('repetitions into silence, and that nobody was heard of again', () => {
  const fact = lossOf(asked());
  expect(fact.unanswered.map((p) => p.number)).toEqual([5, 6]);
  expect(fact.span).toBeCloseTo(0.9);
  expect(fact.heardSince).toBeNull();
});

test('a late acknowledgement ends the story', () => {
  expect(lossOf(asked().server(2, '.'))).toMatchObject({
    unanswered: [],
    heardSince: null,
    retransmissions: 2,
  });
});

test('the other side still speaks, without acknowledging', () => {
  expect(lossOf(asked().server(2, '.', { ack: 1 })).heardSince).toMatchObject({ number: 7 });
});

test('a keep-alive probe is no repetition', () => {
  const probed = build()
    .handshake()
    .client(1, 'P.', { data: 50 })
    .server(1.02, '.')
    .client(9, '.', { data: 1, seq: 50, probe: true });
  expect(lossOf(probed).unanswered).toEqual([]);
});

test('an acknowledgement past 2 GB counts', () => {
  const far = build()
    .client(0, '.', { data: 1000, seq: 3_000_000_000, ack: 1 })
    .client(0.3, '.', { data: 1000, seq: 3_000_000_000, ack: 1 })
    .server(0.4, '.', { seq: 1, ack: 3_000_001_000 });
  expect(lossOf(far).unanswered).toEqual([]);
});
