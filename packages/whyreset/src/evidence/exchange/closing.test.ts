import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import closing from './closing.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
/** Record header of TLS: type, version 3.3, length. */
const record = (type: number, length: number) =>
  String.fromCharCode(type, 3, 3, length >> 8, length & 0xff) + 'x'.repeat(length);

function factOf(builder: ConnectionBuilder) {
  const fact = closing.of(builder.subject());
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

const exchanged = (request = GET, response = 'ok') =>
  build()
    .handshake()
    .client(0.1, 'P.', { data: request })
    .server(0.2, 'P.', { data: response })
    .client(0.2, '.');

test('payload after the FIN counts, with who knew of it', () => {
  const fact = factOf(exchanged().server(1, 'F.').client(1, '.').client(2, 'P.', { data: GET }));
  expect(fact).toMatchObject({ side: 'responder', finAcked: { number: 8 }, goodbyes: [] });
  expect(fact.dataAfter.map((p) => p.number)).toEqual([9]);
  expect(fact.dataAfterAcked).toBe(false);
});

test('a closer that still acknowledges had only shut down its sending direction', () => {
  const fact = factOf(exchanged().server(1, 'F.').client(2, 'P.', { data: 500 }).server(2.02, '.'));
  expect(fact.dataAfterAcked).toBe(true);
});

test.each([
  ['an encrypted alert', record(21, 26)],
  ['a hidden alert of TLS 1.3', record(23, 19)],
])('%s after the FIN is a goodbye, not payload', (_name, goodbye) => {
  const tls = exchanged(record(23, 80), record(23, 80));
  const fact = factOf(tls.server(1, 'F.').client(1.1, 'P.', { data: goodbye }));
  expect(fact.dataAfter).toEqual([]);
  expect(fact.goodbyes.map((p) => p.number)).toEqual([8]);
});

test('a goodbye behind a response is told by its size', () => {
  const tls = exchanged(record(23, 80), record(23, 80))
    .client(1, 'F.')
    .server(1.02, 'P.', { data: record(23, 19) });
  expect(factOf(tls).goodbyes).toHaveLength(1);
});

test('a TLS record with room for a request is payload, and so is anything outside TLS', () => {
  const tls = exchanged(record(23, 80), record(23, 80));
  expect(factOf(tls.server(1, 'F.').client(1.1, 'P.', { data: record(23, 60) })).dataAfter).toHaveLength(1);
  expect(factOf(exchanged().server(1, 'F.').client(1.1, 'P.', { data: 24 })).dataAfter).toHaveLength(1);
});

test('when the first FIN was not kept, the second is not taken for it', () => {
  const builder = exchanged()
    .server(1, 'F.')
    .side('originator', { fin: { number: 3, time: 0.05, seq: 2 } });
  expect(closing.of(builder.subject())).toEqual({
    known: false,
    why: 'the first FIN was not kept in the timeline',
  });
});
