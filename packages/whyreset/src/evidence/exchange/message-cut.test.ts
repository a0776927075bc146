import { describe, expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import announcedClose from './announced-close.ts';
import messageCut from './message-cut.ts';
import unansweredRequest from './unanswered-request.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const answered = (answer: string, request = GET) =>
  build()
    .handshake()
    .client(0.1, 'P.', { data: request })
    .server(0.2, 'P.', { data: answer })
    .client(0.2, '.');
const cutOf = (answer: string, end = 'F.', request = GET) =>
  messageCut.of(answered(answer, request).server(1, end).subject());

describe('a message that its sender broke off', () => {
  test('a chunked answer without its last chunk, by a FIN or a RST', () => {
    const said = { known: true, side: 'responder', by: 'chunked', lacks: -1, message: 5 };
    expect(cutOf(`${CHUNKED}5\r\nhello\r\n`)).toMatchObject(said);
    expect(cutOf(`${CHUNKED}5\r\nhello\r\n`, 'R.')).toMatchObject(said);
  });

  test('an answer shorter than its length', () => {
    expect(cutOf('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nabc')).toMatchObject({
      by: 'Content-Length',
      lacks: 897,
    });
  });

  test('a TLS record of which bytes are missing', () => {
    const builder = answered('\x17\x03\x03\x40\x00xyz').side('responder', { tlsRecordLacks: 16_381 });
    expect(messageCut.of(builder.server(1, 'F.').subject())).toMatchObject({
      by: 'TLS record',
      lacks: 16_381,
    });
  });

  test('an upload that the client broke off', () => {
    const upload = 'POST / HTTP/1.1\r\nContent-Length: 900\r\n\r\n';
    const builder = build().handshake().client(0.1, 'P.', { data: upload }).client(3, 'F.');
    expect(messageCut.of(builder.subject())).toMatchObject({ side: 'originator', lacks: 900 });
  });
});

describe('what is no cut message', () => {
  test.each([
    ['the last chunk came', `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`, GET],
    ['trailers came behind it', `${CHUNKED}5\r\nhello\r\n0\r\nX: y\r\n\r\n`, GET],
    ['the length came', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc', GET],
    ['the end of the connection ends it', 'HTTP/1.1 200 OK\r\n\r\nabc', GET],
    ['an answer to HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n', 'HEAD / HTTP/1.1\r\n\r\n'],
    ['204', 'HTTP/1.1 204 No Content\r\nContent-Length: 900\r\n\r\n', GET],
    ['another protocol', '\0\0\x01\0 half of a message', GET],
  ])('%s', (_, answer, request) => {
    expect(cutOf(answer, 'F.', request).known).toBe(false);
  });

  test('a capture with gaps knows nothing of the end', () => {
    const builder = answered(`${CHUNKED}5\r\nhello\r\n`).side('responder', { gaps: 1 });
    expect(messageCut.of(builder.server(1, 'F.').subject()).known).toBe(false);
  });

  test('bytes that were not captured', () => {
    const builder = answered(`${CHUNKED}5\r\nhello\r\n`).server(0.3, '.', { data: 1448 });
    builder.side('responder', { tail: new Uint8Array(8) });
    expect(messageCut.of(builder.server(1, 'F.').subject()).known).toBe(false);
  });

  test('a bare RST ends nothing of its side', () => {
    const builder = answered(`${CHUNKED}5\r\nhello\r\n`).passive('responder', 1);
    expect(messageCut.of(builder.subject()).known).toBe(false);
  });
});

test('a cut chunked answer leaves its request unanswered', () => {
  expect(unansweredRequest.of(answered(`${CHUNKED}5\r\nhello\r\n`).server(1, 'F.').subject())).toMatchObject({
    byFin: true,
    lacks: 0,
    cut: 'its chunked message lacks the last chunk',
  });
});

describe('a close that was announced', () => {
  const closeOf = (answer: string, request = GET) =>
    announcedClose.of(answered(answer, request).server(0.3, 'F.').subject());

  test.each([
    ['response', 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na', GET],
    [
      'request',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na',
      'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    ],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nabc', 'GET / HTTP/1.0\r\n\r\n'],
  ])('by the %s', (by, answer, request) => {
    expect(closeOf(answer, request)).toMatchObject({ known: true, by, complete: true, fin: 7 });
  });

  test('an answer that is cut has not ended as announced', () => {
    expect(closeOf('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\na')).toMatchObject({
      complete: false,
    });
  });

  test.each([
    ['HTTP/1.1 keeps alive', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na', GET],
    [
      'HTTP/1.0 that keeps alive',
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na',
      GET,
    ],
  ])('%s', (_, answer, request) => {
    expect(closeOf(answer, request).known).toBe(false);
  });
});
