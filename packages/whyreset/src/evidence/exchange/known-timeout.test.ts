import { expect, test } from 'vitest';
import { build } from '../testing/connection.ts';
import knownTimeout, { matchesOf, named } from './known-timeout.ts';

function after(silence: number) {
  const fact = knownTimeout.of(
    build()
      .handshake()
      .client(0.1, 'P.', { data: 9 })
      .server(0.2, 'P.', { data: 9 })
      .server(0.2 + silence, 'F.')
      .subject(),
  );
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

const ids = (silence: number, owner: Parameters<typeof matchesOf>[1]) =>
  matchesOf(after(silence), owner).map(({ id }) => id);

test('75 s are nginx, on the side of the server alone', () => {
  expect(ids(75, 'responder')).toContain('nginx-keepalive');
  expect(ids(75, 'originator')).not.toContain('nginx-keepalive');
  expect(ids(75, 'path')).toEqual([]);
});

test('a balancer that closes with a FIN is a server to its clients, one that forgets is the path', () => {
  expect(ids(60, 'responder')).toContain('aws-alb-idle');
  expect(ids(60, 'path')).not.toContain('aws-alb-idle');
  expect(ids(350, 'path')).toContain('aws-nlb-tcp');
  expect(ids(350, 'responder')).not.toContain('aws-nlb-tcp');
});

test('a client’s timeouts on requests are not the server’s', () => {
  expect(ids(300, 'originator')).toContain('undici-headers');
  expect(ids(300, 'responder')).not.toContain('undici-headers');
});

test('a quarter off is another timeout, however small the difference', () => {
  expect(after(0.3).matches).toEqual([]);
  expect(ids(3, 'originator')).toEqual([]);
});

test('a longer silence names the boxes that show it only to the next packet', () => {
  expect(after(1000).outlasted.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['aws-nlb-tcp', 'azure-lb']),
  );
  expect(after(100).outlasted.map(({ id }) => id)).not.toContain('aws-nlb-tcp');
});

test('is named with its setting and its value', () => {
  expect(named(matchesOf(after(75), 'responder'))).toMatch(/nginx \(keepalive_timeout, 75 s\)/);
});

test('a pause of an application at work is compared with nothing', () => {
  const busy = build().handshake().client(0.1, 'P.', { data: 9 }).server(0.12, 'F.');
  expect(knownTimeout.of(busy.subject()).known).toBe(false);
});
