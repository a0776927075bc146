import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import application from './application.ts';

function lacks(request: string, response: string, more = 0) {
  const builder = build()
    .handshake()
    .client(0.1, 'P.', { data: request })
    .server(0.2, 'P.', { data: response });
  if (more > 0) builder.server(0.3, 'P.', { data: more });
  const fact = application.of(builder.subject());
  if (!fact.known) throw new Error(fact.why);
  return { request: fact.requestLacks, response: fact.responseLacks };
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

test('a message lacks what its Content-Length announced and did not come', () => {
  expect(lacks(GET, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd')).toEqual({
    request: 0,
    response: 6,
  });
  expect(lacks(GET, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabcd', 6).response).toBe(0);
  expect(lacks('POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab', 'HTTP/1.1 413 X\r\n\r\n').request).toBe(3);
});

test('without a length nothing is claimed, except for requests that have no body', () => {
  expect(lacks(GET, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab').response).toBe(-1);
  expect(lacks('POST / HTTP/1.1\r\nHost: a\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n').request).toBe(-1);
  expect(lacks('GET / HTTP/1.1\r\nHost:', 'HTTP/1.1 200 OK\r\nConte')).toEqual({ request: -1, response: -1 });
  expect(lacks('hello', 'world')).toEqual({ request: -1, response: -1 });
});

test('answers that never have a body are complete with their header', () => {
  const long = 'Content-Length: 999\r\n\r\n';
  expect(lacks('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n', `HTTP/1.1 200 OK\r\n${long}`).response).toBe(0);
  expect(lacks(GET, `HTTP/1.1 304 Not Modified\r\n${long}`).response).toBe(0);
});
