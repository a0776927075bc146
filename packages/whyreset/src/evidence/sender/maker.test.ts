import { describe, expect, test } from 'vitest';
import { build, type ConnectionBuilder } from '../testing/connection.ts';
import type { World } from '../world.ts';
import maker from './maker.ts';

function madeBy(builder: ConnectionBuilder, world: Partial<World> = {}) {
  const fact = maker.of(builder.subject(world));
  if (!fact.known) throw new Error(fact.why);
  return fact;
}

/** Two exchanges over 40 ms; the next packet of the client is number 10. */
const served = () =>
  build()
    .handshake(0.04)
    .client(0.05, 'P.', { data: 100 })
    .server(0.09, 'P.', { data: 200 })
    .client(0.09, '.')
    .client(1, 'P.', { data: 100 })
    .server(1.04, 'P.', { data: 200 })
    .client(1.04, '.');

describe('another maker than the claimed sender’s TCP is proven by', () => {
  test('an acknowledgement of bytes that cannot have arrived yet, on a RST unlike its others', () => {
    const fact = madeBy(
      served().client(2, 'P.', { data: 100 }).server(2.004, 'R.', { ttl: 61, plain: true }),
    );
    expect(fact).toMatchObject({
      madeOutsideStack: 'proven',
      sender: 'middlebox',
      senderCertainty: 'proven',
    });
    expect(fact.proofs).toMatchObject([{ fact: 'ackTiming', packets: [10, 11] }]);
  });

  test('packets that its TCP sent after the RST, which leaves a filter on its host', () => {
    const fact = madeBy(
      served().client(2, 'P.', { data: 100 }).server(2.01, 'R').server(2.1, 'P.', { data: 200 }),
    );
    expect(fact.proofs).toMatchObject([{ fact: 'packetsAfterReset', excludes: 'stack', packets: [11, 12] }]);
    expect(fact.madeOutsideStack).toBe('proven');
    expect(fact.rivals.join()).toContain('another host with the address 10.0.0.2');
  });
});

describe('no maker is proven by', () => {
  const near = () =>
    build()
      .client(0, 'S')
      .server(0.0002, 'S.', { ttl: 64, mac: '02:00:00:00:00:02' })
      .client(0.0003, '.')
      .client(0.01, 'P.', { data: 10 })
      .server(0.0102, '.', { ttl: 64 });

  test('another card on the same segment', () => {
    const fact = madeBy(near().server(0.02, 'R.', { ttl: 64, mac: '02:00:00:00:00:99' }));
    expect(fact).toMatchObject({ proofs: [], sender: 'undetermined' });
    expect(fact.against.map(({ fact: name }) => name)).toEqual(['mac']);
  });

  test('another card while the usual host goes on: the address may be that of two hosts', () => {
    const fact = madeBy(
      near()
        .server(0.5, 'R', { ttl: 64, mac: '02:00:00:00:00:99', window: 0, plain: true, ipId: 0 })
        .server(0.7, 'P.', { ttl: 64, data: 9 }),
    );
    expect(fact).toMatchObject({ madeOutsideStack: 'proven', sender: 'undetermined' });
  });

  test('what a RST says of itself', () => {
    const resetPayload = Uint8Array.from([0x33, 0xaa, 0, 17, 0, 0, 0, 0]);
    expect(madeBy(served().server(2, 'R.').with({ resetPayload })).proofs).toEqual([]);
  });

  test('packets behind the RST that the clock of their sender dates before it', () => {
    const fact = madeBy(
      served()
        .client(2, 'P.', { data: 100 })
        .passive('responder', 2.041)
        .server(2.15, 'P.', { data: 200, seq: 401, ts: 1041 })
        .server(2.3, 'F.', { seq: 601, ts: 1041 }),
    );
    expect(fact.proofs).toEqual([]);
  });

  test('packets in its name that do not look like its earlier ones', () => {
    const fact = madeBy(
      served().server(2, 'R', { ttl: 50 }).server(2.4, 'P.', { data: 200, ttl: 50, ts: 99, plain: true }),
    );
    expect(fact.proofs).toEqual([]);
  });
});

describe('a box is likely by', () => {
  test('an untouched TTL, sooner than the server could answer', () => {
    const fact = madeBy(served().client(300, 'P.', { data: 100 }).passive('responder', 300.001, { ttl: 64 }));
    expect(fact.middlebox).toBe('likely');
    expect(fact.against.map((s) => s.fact)).toEqual(['ttl', 'trigger']);
  });

  test('a train of RSTs that guesses beyond anything that was sent', () => {
    const train = served()
      .server(2, 'R', { ttl: 50, plain: true, window: 0 })
      .server(2, 'R', { ttl: 50, plain: true, window: 0, seq: 2000 })
      .server(2, 'R', { ttl: 50, plain: true, window: 0, seq: 5000 });
    const fact = madeBy(train);
    expect(fact.middlebox).toBe('likely');
    expect(fact.against.map((s) => s.fact)).toEqual(['ttl', 'reset']);
  });

  test('a RST in answer to a SYN, with the TTL of the doorstep, of an address known from elsewhere', () => {
    const world = { address: () => ({ ttlMin: 57, ttlMax: 57, minRtt: 0.04 }) };
    const refused = build()
      .client(0, 'S')
      .server(0.001, 'R.', { ttl: 64, seq: -3_000_000_000, window: 0, plain: true, ipId: 0 });
    expect(madeBy(refused, world).middlebox).toBe('likely');
  });
});

/** What real stacks and real captures show, none of which is a box. */
const HONEST: Record<string, ConnectionBuilder> = {
  'Linux, an abort': served().server(2, 'R.'),
  'Linux, a packet for a socket that is gone': served()
    .client(2, 'P.', { data: 100 })
    .passive('responder', 2.04),
  'Windows, an abort with window 0 and no options': build()
    .client(0, 'S')
    .server(0.02, 'S.', { ttl: 121, ipId: 900 })
    .client(0.02, '.')
    .client(0.03, 'P.', { data: 10 })
    .server(0.05, '.', { ttl: 121, ipId: 901 })
    .server(0.5, 'R.', { ttl: 121, ipId: 5999, window: 0, plain: true }),
  'FreeBSD, timestamps kept and window 0': served().server(2, 'R.', { window: 0 }),
  'a BSD that counts or draws the IP-ID of a bare RST': served()
    .client(2, 'P.', { data: 100 })
    .passive('responder', 2.04, { ipId: 48_123 }),
  'an application that set its own TTL, and a stack that resets without the socket': build()
    .client(0, 'S')
    .server(0.02, 'S.', { ttl: 248 })
    .client(0.02, '.')
    .client(0.03, 'P.', { data: 10 })
    .server(0.05, 'P.', { data: 10, ttl: 248 })
    .client(1, 'P.', { data: 10 })
    .passive('responder', 1.02, { ttl: 57 }),
  'a first round trip inflated by address resolution': build()
    .client(0, 'S')
    .server(0.05, 'S.')
    .client(0.05, '.')
    .client(0.051, 'P.', { data: 10 })
    .passive('responder', 0.0515),
  'answers that dawdle, in a capture that begins in the middle': build()
    .client(0, 'P.', { data: 10, seq: 1, ack: 1 })
    .server(0.05, 'P.', { data: 10, seq: 1 })
    .client(1, 'P.', { data: 10 })
    .server(1.05, 'P.', { data: 10 })
    .client(2, 'P.', { data: 10 })
    .server(2.002, 'R.')
    .with({ sawHandshake: false })
    .side('responder', { minRtt: 0.05 }),
  'a path whose queue drained': build()
    .handshake(0.1)
    .client(0.2, 'P.', { data: 10 })
    .server(0.31, 'P.', { data: 10 })
    .client(9, 'P.', { data: 10 })
    .server(9.03, 'R.'),
  'two packets with the same ACK, the RST answering the first': served()
    .client(2, 'P.', { data: 100 })
    .client(2.03, 'P.', { data: 100 })
    .passive('responder', 2.041),
  'data that the capture lost, and the client acknowledged': served()
    .server(2, 'R.', { seq: 3401 })
    .client(2.01, '.', { ack: 3401 }),
  'data that the capture lost, with the gap noted': served()
    .server(2, 'R.', { seq: 3401, ipId: 7005 })
    .side('responder', { gaps: 1 }),
  'a RST that overtook the data queued before it': served()
    .server(2, 'R.', { seq: 1401 })
    .server(2.001, '.', { data: 1000, seq: 401 }),
  'one RST for each packet of an upload, through the response that was on its way': build()
    .handshake()
    .client(0.1, 'P.', { data: 1000 })
    .server(0.12, 'P.', { data: 300 })
    .server(0.12, 'F.')
    .client(0.121, '.', { data: 1448, ack: 1 })
    .client(0.141, '.', { data: 1448 })
    .server(0.142, 'R', { seq: 1, window: 0, plain: true, ipId: 0 })
    .server(0.161, 'R', { seq: 302, window: 0, plain: true, ipId: 0 }),
  'a copy of an old packet that comes after the RST': served()
    .server(2, 'R.')
    .server(2.1, 'P.', { data: 200, seq: 201 }),
  'an acknowledgement that the RST overtook': served()
    .client(2, 'P.', { data: 100 })
    .server(2.04, 'R.')
    .server(2.06, '.', { ack: 301 }),
  'a client that rejects a stale ACK and dials again on the same port': build()
    .client(0, 'S')
    .server(0.02, '.', { seq: 77_000, ack: 55_000 })
    .client(0.02, 'R', { seq: 55_000, window: 0, plain: true, ipId: 0 })
    .client(1.02, 'S', { seq: 0 })
    .server(1.04, 'S.', { seq: 0, ack: 1 })
    .client(1.04, '.')
    .client(1.05, 'P.', { data: 10 }),
  'an address that moved to another host': build()
    .client(0, 'S')
    .server(0.0002, 'S.', { ttl: 64, mac: '02:00:00:00:00:02' })
    .client(0.0003, '.')
    .client(0.01, 'P.', { data: 10 })
    .server(0.0102, 'P.', { data: 10, ttl: 64 })
    .client(30, 'P.', { data: 10 })
    .passive('responder', 30.0002, { ttl: 64 })
    .side('responder', { rstMac: '02:00:00:00:00:03' })
    .side('originator', { mac: '02:00:00:00:00:01' }),
  'a SYN proxy whose SYN-ACK came from nearer than the server': build()
    .client(0, 'S')
    .server(0.001, 'S.', { ttl: 63 })
    .client(0.001, '.')
    .client(0.002, 'P.', { data: 10 })
    .server(0.042, 'R.', { ttl: 57 }),
  'a balancer in front of several hosts': build()
    .client(0, 'S')
    .server(0.02, 'S.', { ttl: 61 })
    .client(0.02, '.')
    .client(0.03, 'P.', { data: 10 })
    .server(0.05, 'P.', { data: 10, ttl: 57 })
    .server(1, 'R.', { ttl: 59 }),
};

test.each(Object.entries(HONEST))('no box is accused of: %s', (name, builder) => {
  const { middlebox, proofs, against } = madeBy(builder);
  expect(proofs).toEqual([]);
  if (name === 'an address that moved to another host') {
    // Another card did answer: what remains is that it need not be an intruder's.
    expect(against.map((s) => s.fact)).toEqual(['mac']);
    expect(middlebox).not.toBe('proven');
    return;
  }
  expect(['unlikely', 'unclear'], against.map((s) => s.says).join('; ')).toContain(middlebox);
});
