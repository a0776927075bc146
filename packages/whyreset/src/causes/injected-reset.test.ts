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

function headline(builder: ConnectionBuilder): string {
  const { verdict, because } = judge(builder.subject());
  expect(verdict).toEqual({
    sender: 'middlebox',
    cause: 'injected-reset',
    taxonomy: 'P6',
    certainty: 'proven',
    benign: false,
  });
  return because[0]!.says;
}

test('HP1: it acknowledges what cannot have arrived yet', () => {
  expect(headline(asked().server(0.204, 'R.'))).toMatch(
    /acknowledges what its sender cannot have received yet$/,
  );
});

test('HP2: the claimed sender lives on', () => {
  const says = headline(
    asked().server(0.24, 'R.', { ttl: 57 }).server(0.3, 'P.', { data: 'HTTP/1.1 200 OK\r\n' }),
  );
  expect(says).toMatch(/its sender lived on$/);
});

test('HP5: on the same segment it came from another network card', () => {
  const near = { ttl: 64, mac: '02:00:00:00:00:02' };
  const says = headline(
    asked(near)
      .server(0.24, 'R.', { ttl: 64, mac: '02:00:00:00:00:66' })
      .side('originator', { mac: '02:00:00:00:00:01' }),
  );
  expect(says).toMatch(/it came from another network card$/);
});

test('HP6: it says so itself', () => {
  const diagnostic = Uint8Array.from([0x33, 0xaa, 0, 17, 0, 0, 0, 0]);
  const says = headline(asked().server(0.24, 'R.').with({ resetPayload: diagnostic }));
  expect(says).toMatch(/it says so itself$/);
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
