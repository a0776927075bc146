import { expect, test } from 'vitest';
import { build, near } from '../testing/connection.ts';
import lifetime from './lifetime.ts';

test('a count of requests and an age that are known limits', () => {
  const old = build()
    .handshake()
    .client(1, 'P.', { data: 'GET / HTTP/1.1\r\n\r\n' })
    .server(3600, 'P.', { data: 'HTTP/1.1 200 OK\r\n\r\n' })
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

test('turns of another protocol are no requests, unless other connections repeat the count', () => {
  const smtp = () =>
    build()
      .handshake()
      .server(0.1, 'P.', { data: '220 mx ESMTP\r\n' })
      .client(0.2, 'P.', { data: 'QUIT\r\n' })
      .server(0.3, 'F.')
      .side('responder', { turns: 1000 });
  expect(lifetime.of(smtp().subject())).toMatchObject({ served: 1000, counts: [] });
  const repeated = lifetime.of(smtp().subject({ neighbours: () => near({ sameServed: 3 }) }));
  expect(repeated.known && repeated.counts.length).toBeGreaterThan(0);
});
