import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import unansweredRequest from './unanswered-request.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
const BIG = 'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n';
const asked = () => build().handshake().client(0.1, 'P.', { data: GET }).server(0.12, '.');

test('a FIN in the place of the answer', () => {
  expect(unansweredRequest.of(asked().server(31.1, 'F.').subject())).toMatchObject({
    known: true,
    byFin: true,
    request: 4,
    wait: 31,
    age: 31,
    lacks: 0,
    http: true,
    complete: true,
    served: false,
    limits: [{ id: 'gunicorn-worker' }],
  });
});

test('an active RST just as well', () => {
  expect(unansweredRequest.of(asked().server(2, 'R.').subject())).toMatchObject({ byFin: false, limits: [] });
});

test('half an answer', () => {
  const builder = asked().server(0.2, 'P.', { data: BIG }).server(1, 'F.');
  expect(unansweredRequest.of(builder.subject())).toMatchObject({ lacks: 900, served: true, quiet: 0.8 });
});

test('all was answered', () => {
  expect(unansweredRequest.of(asked().server(0.2, 'P.', { data: OK }).server(1, 'F.').subject())).toEqual({
    known: false,
    why: 'all that was asked had been answered',
  });
});

test('bytes that a gap in the capture swallowed are not missing from the answer', () => {
  const builder = asked().server(0.2, 'P.', { data: BIG }).server(1, 'F.').side('responder', { gaps: 1 });
  expect(unansweredRequest.of(builder.subject()).known).toBe(false);
});

test('a request that crossed the FIN had not arrived', () => {
  const builder = asked()
    .server(0.2, 'P.', { data: OK })
    .client(5, 'P.', { data: GET })
    .server(5.01, 'F.', { ack: GET.length + 1 });
  expect(unansweredRequest.of(builder.subject())).toEqual({
    known: false,
    why: 'the request and the FIN passed each other',
  });
});

test('what the client still sends after the FIN is not what it had asked', () => {
  const builder = asked().server(0.2, 'P.', { data: OK }).server(5, 'F.').client(6, 'P.', { data: GET });
  expect(unansweredRequest.of(builder.subject()).known).toBe(false);
});

test('a client that closed first waits for nothing', () => {
  expect(unansweredRequest.of(asked().client(1, 'F.').server(2, 'R.').subject())).toEqual({
    known: false,
    why: 'the client had closed before',
  });
});

test('an upload under way is no complete request', () => {
  const upload = 'POST / HTTP/1.1\r\nContent-Length: 900\r\n\r\n';
  const builder = build().handshake().client(0.1, 'P.', { data: upload }).server(0.2, '.').server(1, 'R.');
  expect(unansweredRequest.of(builder.subject())).toMatchObject({ complete: false });
});
