import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import tlsRefusal from './tls-refusal.ts';

const record = (type: number, length: number, first = 0) =>
  String.fromCharCode(type, 3, 3, length >> 8, length & 255, first) + 'x'.repeat(length - 1);
const CCS = '\x14\x03\x03\x00\x01\x01';
const hello = () =>
  build()
    .handshake()
    .client(0.1, 'P.', { data: record(22, 200, 1) })
    .server(0.2, 'P.', { data: record(22, 90, 2) + record(23, 60) });
const refusalOf = (answer: string) => tlsRefusal.of(hello().client(0.3, 'P.', { data: answer }).subject());

test.each([
  ['an alert', record(23, 19), 24],
  ['an alert behind a change_cipher_spec', CCS + record(23, 19), 24],
  ['an alert with padding', record(23, 35), 40],
])('%s', (_, answer, length) => {
  expect(refusalOf(answer)).toMatchObject({ known: true, number: 6, refused: 5, length });
});

test.each([
  ['a Finished with SHA-256', CCS + record(23, 53)],
  ['a Finished with SHA-384', record(23, 69)],
  ['0-RTT that ends before its Finished', record(23, 21) + record(23, 53)],
  ['TLS 1.2', record(22, 70, 16) + CCS + record(22, 40)],
])('%s is none', (_, answer) => {
  expect(refusalOf(answer).known).toBe(false);
});

test('a small record later in the conversation is ordinary data', () => {
  const later = hello()
    .client(0.3, 'P.', { data: CCS + record(23, 53) })
    .server(0.4, 'P.', { data: record(23, 300) })
    .client(0.5, 'P.', { data: record(23, 19) });
  expect(tlsRefusal.of(later.subject()).known).toBe(false);
});
