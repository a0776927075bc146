import { describe, expect, test } from 'vitest';
import type { SpokenOnPort } from '../../connection/hosts/hosts.ts';
import portSpeaks from '../around/port-speaks.ts';
import { build } from '../testing/connection.ts';
import type { ResponderProfile, World } from '../world.ts';
import protocolMismatch from './protocol-mismatch.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const HELLO = '\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const SETTINGS = '\0\0\0\x04\0\0\0\0\0';
const ALERT = '\x15\x03\x01\x00\x02\x02\x46';
const PROXY = 'PROXY TCP4 192.0.2.7 10.0.0.2 51234 80\r\n';

const port = (spoken: Partial<SpokenOnPort>): Partial<World> => ({
  responder: () =>
    ({ spoken: { tls: 0, http1: 0, http2: 0, other: 0, proxied: 0, ...spoken } }) as ResponderProfile,
});
const answered = (request: string, answer: string) =>
  protocolMismatch.of(
    build()
      .handshake()
      .client(0.1, 'P.', { data: request })
      .server(0.12, 'P.', { data: answer })
      .server(0.12, 'F.')
      .subject(),
  );
const silent = (request: string, world: Partial<World> = {}) =>
  protocolMismatch.of(
    build().handshake().client(0.1, 'P.', { data: request }).server(0.12, 'F.').subject(world),
  );

describe('by what the server answers, at any port', () => {
  test.each([
    ['plain-to-tls', GET, ALERT],
    ['plain-to-tls', 'HELO a\r\n', ALERT],
    [
      'plain-to-tls',
      GET,
      'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n',
    ],
    [
      'plain-to-tls',
      GET,
      'HTTP/1.1 400 \r\n\r\nBad Request\r\nThis combination of host and port requires TLS.',
    ],
    ['plain-to-tls', GET, 'HTTP/1.1 400 Bad Request\r\n\r\n<title>400 The plain HTTP request was sent'],
    ['tls-to-plain', HELLO, 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['tls-to-plain', HELLO, '-ERR unknown command\r\n'],
    ['tls-to-plain', HELLO, '\0\x01\x02\xff binary'],
    ['http2-to-other', PREFACE, 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['http2-to-other', PREFACE, '<html>what?</html>'],
    ['http1-to-http2', GET, SETTINGS],
    ['proxy-header-unexpected', PROXY + GET, 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['proxy-header-unexpected', PROXY + HELLO, ALERT],
  ])('%s: %j', (mismatch, request, answer) => {
    expect(answered(request, answer)).toMatchObject({ known: true, mismatch, by: 'answer' });
  });

  test.each([
    ['HTTP', GET, 'HTTP/1.1 404 Not Found\r\n\r\n'],
    ['a bad request', GET, 'HTTP/1.1 400 Bad Request\r\n\r\nmissing parameter'],
    ['TLS', HELLO, '\x16\x03\x03\x00\x2e\x02\x00\x00\x2a'],
    ['a TLS alert to a ClientHello', HELLO, ALERT],
    ['HTTP/2', PREFACE + SETTINGS, SETTINGS],
    ['a PROXY header that is expected', PROXY + GET, 'HTTP/1.1 200 OK\r\n\r\n'],
  ])('%s is no mismatch', (_, request, answer) => {
    expect(answered(request, answer).known).toBe(false);
  });

  test('a greeting that came first announces a protocol that may switch to TLS', () => {
    const smtp = build()
      .handshake()
      .server(0.1, 'P.', { data: '220 mx ESMTP\r\n' })
      .client(0.2, 'P.', { data: HELLO })
      .server(0.3, 'F.');
    expect(protocolMismatch.of(smtp.subject()).known).toBe(false);
  });

  test('of a connection that began before the capture nothing is said', () => {
    const builder = build().client(0.1, 'P.', { data: GET }).server(0.12, 'P.', { data: ALERT });
    expect(protocolMismatch.of(builder.subject()).known).toBe(false);
  });
});

describe('by what other connections to the port spoke', () => {
  test.each([
    ['plain-to-tls', GET, { tls: 3 }],
    ['http1-to-http2', GET, { http2: 1 }],
    ['tls-to-plain', HELLO, { http1: 9 }],
    ['http2-to-other', PREFACE, { http1: 2 }],
    ['proxy-header-missing', GET, { http1: 5, proxied: 5 }],
    ['proxy-header-unexpected', PROXY + GET, { http1: 5 }],
  ])('%s', (mismatch, request, spoken) => {
    expect(silent(request, port(spoken))).toMatchObject({ known: true, mismatch, by: 'port' });
  });

  test.each([
    ['HTTP to a port that speaks it', GET, { http1: 4 }],
    ['TLS to a port that speaks both', HELLO, { http1: 4, tls: 1 }],
    ['a header that some send and some do not', GET, { http1: 5, proxied: 2 }],
  ])('%s is no mismatch', (_, request, spoken) => {
    expect(silent(request, port(spoken)).known).toBe(false);
  });

  test('without other connections silence is one sign among others, and the custom of the port a second one', () => {
    const at = (serverPort: number, request: string) =>
      protocolMismatch.of(
        build()
          .side('responder', { port: serverPort })
          .handshake()
          .client(0.1, 'P.', { data: request })
          .server(0.12, 'F.')
          .subject(),
      );
    expect(at(18_306, GET)).toMatchObject({ mismatch: 'plain-to-tls', by: 'silence', always: false });
    expect(at(443, GET)).toMatchObject({ mismatch: 'plain-to-tls', by: 'silence', always: true });
    expect(at(8080, GET).known).toBe(false);
    expect(at(8443, HELLO).known).toBe(false);
    expect(at(8080, HELLO)).toMatchObject({ mismatch: 'tls-to-plain', always: true });
  });
});

test('what a port speaks', () => {
  const spoken = (world: Partial<World>) => portSpeaks.of(build().handshake().subject(world));
  expect(spoken(port({ tls: 2 }))).toMatchObject({
    only: 'tls',
    says: '2 connections to this port spoke TLS',
  });
  expect(spoken(port({ tls: 2, http1: 1 }))).toMatchObject({ only: null });
  expect(spoken(port({})).known).toBe(false);
});
