import { expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../evidence/testing/connection.ts';
import { judge } from '../verdict/judge.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** Two round trips of 40 ms, then a request. */
const asked = (server = {}) =>
  build()
    .client(0, 'S')
    .server(0.04, 'S.', server)
    .client(0.04, '.')
    .client(0.05, 'P.', { data: GET })
    .server(0.09, 'P.', { data: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ...server })
    .client(0.09, '.')
    .client(0.2, 'P.', { data: GET });

const verdictOn = (builder: ConnectionBuilder) => judge(builder.subject());

test('sooner than a round trip, with another TTL: not the server, and no motive is proven', () => {
  const { verdict, because } = verdictOn(
    asked().server(0.204, 'R.', { ttl: 61, ipId: 9, plain: true, window: 0 }),
  );
  expect(verdict).toMatchObject({
    sender: 'middlebox',
    senderCertainty: 'proven',
    cause: 'injected-reset',
    certainty: 'likely',
  });
  expect(because.map(({ says }) => says).join()).toMatch(/a round trip to the server takes/);
});

test('HP2: its TCP went on, which leaves a filter on its host and another host with its address', () => {
  const { verdict, because } = verdictOn(
    asked().server(0.24, 'R.', { ttl: 57 }).server(0.3, 'P.', { data: 'HTTP/1.1 200 OK\r\n' }),
  );
  expect(verdict).toMatchObject({ sender: 'undetermined', cause: 'injected-reset', certainty: 'possible' });
  expect(because[0]!.says).toMatch(/its TCP went on with the connection$/);
});

const diagnostic = Uint8Array.from([0x33, 0xaa, 0, 17, 0, 0, 0, 0]);
const near = { ttl: 64, mac: '02:00:00:00:00:02' };

test.each([
  [
    'another network card',
    asked(near)
      .server(0.24, 'R.', { ttl: 64, mac: '02:00:00:00:00:66' })
      .side('originator', { mac: '02:00:00:00:00:01' }),
  ],
  ['a payload that says so', asked().server(0.24, 'R.').with({ resetPayload: diagnostic })],
])('%s is a sign and proves nothing', (_, builder) => {
  expect(verdictOn(builder).verdict.senderCertainty).not.toBe('proven');
});

test('an honest abort is not blamed on a box, and says by what', () => {
  const { verdict } = judge(asked().server(0.25, 'R.').subject());
  expect(verdict.sender).toBe('responder');
  expect(verdict.cause).not.toBe('injected-reset');
});

test('a RST that answers the SYN is left to the cause that tells of rejected connections', () => {
  const { verdict } = judge(
    build().client(0, 'S').server(0.001, 'R', { seq: 0, ttl: 64, plain: true }).subject(),
  );
  expect(verdict.cause).not.toBe('injected-reset');
});
