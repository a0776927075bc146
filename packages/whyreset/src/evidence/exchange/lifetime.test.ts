import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import lifetime from './lifetime.ts';

test('a count of requests and an age that are known limits', () => {
  const old = build()
    .handshake()
    .client(1, 'P.', { data: 9 })
    .server(3600, 'P.', { data: 9 })
    .server(3600, 'F.');
  const fact = lifetime.of(old.side('responder', { turns: 1000 }).subject());
  expect(fact).toMatchObject({ known: true, age: 3600, served: 1000 });
  if (!fact.known) return;
  expect(fact.counts.map(({ id }) => id)).toContain('nginx-max-requests');
  expect(fact.ages.map(({ id }) => id)).toContain('nginx-max-age');
});

test('limits of clients are not the server’s, and a beginning that was not seen counts nothing', () => {
  const old = build().handshake().server(86_400, 'F.').side('responder', { turns: 1000 });
  expect(lifetime.of(old.subject())).toMatchObject({ ages: [] });
  expect(lifetime.of(old.with({ sawHandshake: false }).subject())).toMatchObject({ counts: [] });
});

test('it has no age before it ends', () => {
  expect(lifetime.of(build().handshake().subject()).known).toBe(false);
});
