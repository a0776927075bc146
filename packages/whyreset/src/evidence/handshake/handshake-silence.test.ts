import { describe, expect, it } from 'vitest';
import unaffectedConnections from '../around/unaffected-connections.ts';
import acceptAndClose from '../exchange/accept-and-close.ts';
import { build } from '../testing/connection.ts';
import type { Neighbours, ResponderProfile } from '../world.ts';
import predecessor from './predecessor.ts';
import repeatedSynAck from './repeated-syn-ack.ts';
import synCookie from './syn-cookie.ts';
import unansweredSyn from './unanswered-syn.ts';

const profile = (changes: Partial<ResponderProfile>): ResponderProfile => ({
  connections: 0,
  established: 0,
  refused: 0,
  unanswered: 0,
  halfOpen: 0,
  firstRefused: -1,
  lastRefused: -1,
  lastEstablished: -1,
  minHandshakeRtt: -1,
  spoken: { tls: 0, http1: 0, http2: 0, other: 0, proxied: 0 },
  ...changes,
});

describe('SYNs into silence', () => {
  it('are told with what the port did for others', () => {
    const server = profile({ connections: 5, established: 4, unanswered: 1 });
    const subject = build()
      .client(0, 'S')
      .client(1, 'S', { seq: 0 })
      .subject({ responder: () => server });
    expect(unansweredSyn.of(subject)).toMatchObject({ known: true, span: 1, atServer: false, server });
  });

  it('are none when anything came back, or the client went on', () => {
    const lone = build().client(0, 'S').subject();
    expect(unansweredSyn.of(lone)).toMatchObject({ known: false });
    const refused = build().client(0, 'S').client(1, 'S', { seq: 0 }).server(1.1, 'R.').subject();
    expect(unansweredSyn.of(refused)).toMatchObject({ known: false });
    const oneSided = build().client(0, 'S').client(1, 'S', { seq: 0 }).client(1.1, '.').subject();
    expect(unansweredSyn.of(oneSided)).toMatchObject({ known: false });
  });
});

describe('an ACK that was not heard', () => {
  it('makes the server repeat its SYN-ACK', () => {
    const subject = build()
      .handshake()
      .client(0.03, 'P.', { data: 9 })
      .server(1.02, 'S.', { seq: 0 })
      .subject();
    expect(repeatedSynAck.of(subject)).toMatchObject({
      known: true,
      synAcks: [{ number: 5 }],
      data: [{ number: 4 }],
    });
  });

  it('is not claimed of a SYN-ACK that was already on its way, nor once the server spoke', () => {
    const crossing = build().handshake().server(0.03, 'S.', { seq: 0 }).subject();
    expect(repeatedSynAck.of(crossing)).toMatchObject({ known: false });
    const heard = build().handshake().server(1.02, 'S.', { seq: 0 }).server(1.1, '.').subject();
    expect(repeatedSynAck.of(heard)).toMatchObject({ known: false });
  });
});

describe('accepted and closed', () => {
  it('at once is measured against the round trip', () => {
    const at = (time: number) => acceptAndClose.of(build().handshake(0.2).server(time, 'F.').subject());
    expect(at(0.4)).toMatchObject({ known: true, by: 'FIN', atOnce: true });
    expect(at(3)).toMatchObject({ known: true, atOnce: false });
  });

  it('is not what follows a request that had arrived', () => {
    const subject = build().handshake().client(0.03, 'P.', { data: 9 }).server(0.05, 'R.').subject();
    expect(acceptAndClose.of(subject)).toMatchObject({ known: false });
  });
});

describe('others', () => {
  const near = { troubled: 2 } as Neighbours;
  it('came to no harm: neither troubled nor half open', () => {
    const server = profile({ connections: 9, established: 7, halfOpen: 1 });
    const subject = build()
      .handshake()
      .subject({ responder: () => server, neighbours: () => near });
    expect(unaffectedConnections.of(subject)).toEqual({ known: true, count: 4, troubled: 2, attempts: 9 });
  });
  it('are never fewer than none', () => {
    const subject = build()
      .handshake()
      .subject({ responder: () => profile({}), neighbours: () => near });
    expect(unaffectedConnections.of(subject)).toMatchObject({ count: 0 });
  });
});

describe('a cookie', () => {
  it('shows only where no timestamps could carry the options', () => {
    expect(synCookie.of(build().handshake().subject())).toMatchObject({ known: false });
  });
});

describe('what had the 4-tuple before', () => {
  const before = { end: 0, open: true, established: true, tsVal: -1, tsTime: -1, next: -1, peerNext: -1 };
  const of = (ttl: number) =>
    predecessor.of(
      build()
        .client(3, 'S')
        .with({ predecessor: { ...before, ttl } })
        .subject(),
    );
  it('came from the same host unless its TTL says otherwise', () => {
    expect(of(64)).toMatchObject({ known: true, gap: 3, otherHost: null });
    expect(of(63)).toMatchObject({ otherHost: null });
    expect(of(0)).toMatchObject({ otherHost: null });
    expect(of(120)).toMatchObject({ otherHost: expect.stringContaining('TTL 64') });
  });
  it('is unknown where nothing was', () => {
    expect(predecessor.of(build().handshake().subject())).toMatchObject({ known: false });
  });
});
