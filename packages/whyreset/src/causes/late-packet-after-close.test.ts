import { describe, expect, test } from 'vitest';
import type { Predecessor } from '../connection/connection.ts';
import { build, type ConnectionBuilder } from '../evidence/testing/connection.ts';
import { judge } from '../verdict/judge.ts';

const OLD: Predecessor = {
  end: -3,
  open: false,
  established: true,
  ttl: 64,
  tsVal: -1,
  tsTime: -1,
  next: 700_000_000,
  peerNext: 800_000_000,
};
const CLIENT = 1_000_000;
const RESPONDER = 3_000_000_000;

const PING = 'PING a\r\n';
const PONG = '+PONG a\r\n';

const verdictOn = (builder: ConnectionBuilder) => judge(builder.with({ predecessor: OLD }).subject()).verdict;
/** A RST with the address of the server and the number where its old connection stood. */
const late = (builder: ConnectionBuilder, at: number) =>
  builder.server(at, 'R', { seq: 800_000_000 - RESPONDER, window: 0, plain: true });

describe('a late RST of the connection that had the same ports before', () => {
  test.each<[string, () => ConnectionBuilder]>([
    ['right behind the handshake', () => late(build().handshake(), 0.05)],
    [
      'while a request waits for its answer',
      () => late(build().handshake().client(0.1, 'P.', { data: PING }), 0.4),
    ],
    [
      'in the middle of an exchange that goes on',
      () =>
        late(build().handshake().client(0.1, 'P.', { data: PING }).server(0.2, 'P.', { data: PONG }), 0.3)
          .client(0.5, 'P.', { data: PING })
          .server(0.6, 'P.', { data: PONG }),
    ],
    [
      'in a quiet minute',
      () =>
        late(build().handshake().client(0.1, 'P.', { data: PING }).server(0.2, 'P.', { data: PONG }), 60.2),
    ],
  ])('%s is harmless', (_, builder) => {
    expect(verdictOn(builder())).toMatchObject({ cause: 'late-packet-after-close', benign: true });
  });

  test('of the client as well', () => {
    const builder = build()
      .handshake()
      .client(0.1, 'P.', { data: PING })
      .client(0.3, 'R', { seq: 700_000_000 - CLIENT, window: 0, plain: true });
    expect(verdictOn(builder)).toMatchObject({ cause: 'late-packet-after-close', benign: true });
  });

  test('is not one with the numbers of this connection', () => {
    const builder = build().handshake().client(0.1, 'P.', { data: PING }).server(0.4, 'R.');
    expect(verdictOn(builder)).toMatchObject({ benign: false });
  });
});
