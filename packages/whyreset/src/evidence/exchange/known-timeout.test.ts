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

/** A request that waits for `wait` seconds after a pause of `pause`, then the end. */
function unanswered(pause: number, wait: number, by: 'client' | 'server') {
  const asked = build()
    .handshake()
    .client(0.1, 'P.', { data: 9 })
    .server(0.2, 'P.', { data: 9 })
    .client(0.2 + pause, 'P.', { data: 9 });
  const fact = knownTimeout.of(asked[by](0.2 + pause + wait, 'F.').subject());
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

test('a client’s timeouts on requests are not the server’s, and run from the request', () => {
  const fact = unanswered(20, 300, 'client');
  expect(fact.matches.originator.map(({ id }) => id)).toContain('undici-headers');
  expect(fact.matches.responder.map(({ id }) => id)).not.toContain('undici-headers');
  expect(fact.measured.originator).toBeCloseTo(300);
});

test('the idle time before a request is not the patience of the one who asked', () => {
  const fact = unanswered(1, 0.000041, 'client');
  expect(fact.measured.originator).toBe(-1);
  expect(fact.matches.originator).toEqual([]);
});

test('a timer fires on time or a little late', () => {
  expect(ids(75.2, 'responder')).toContain('nginx-keepalive');
  expect(ids(72, 'responder')).not.toContain('nginx-keepalive');
  expect(ids(1.7, 'responder')).toEqual([]);
});

test('Node closes a second later than it says', () => {
  expect(ids(6.005, 'responder')).toContain('node-server-buffer');
});

test.each([0.134, 0.3, 0.557])('%d s alone are no timeout', (silence) => {
  const subject = build()
    .handshake()
    .client(0.1, 'P.', { data: 9 })
    .server(0.2, 'P.', { data: 9 })
    .server(0.2 + silence, 'F.')
    .subject();
  expect(knownTimeout.of(subject)).toEqual({
    known: false,
    why: 'there was no wait long enough to compare',
  });
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
