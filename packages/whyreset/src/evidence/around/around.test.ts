import { describe, expect, test } from 'vitest';
import { build, near } from '../testing/connection.ts';
import type { ResponderProfile, World } from '../world.ts';
import nextAttempts from './next-attempts.ts';
import otherAddress from './other-address.ts';
import scan from './scan.ts';

const killed = () => build().handshake().client(0.1, 'P.', { data: 9 }).server(10, 'R.');
const later = (
  firstAccepted: number,
  firstRefused: number,
  refused: number,
  exact = true,
): Partial<World> => ({
  after: () => ({ firstAccepted, firstRefused, refused, exact }),
});

describe('the next attempts at the port', () => {
  test('accepted at once', () => {
    const fact = nextAttempts.of(killed().subject(later(10.0008, -1, 0)));
    expect(fact).toMatchObject({
      known: true,
      refused: 0,
      says: '800 µs later the same port accepted a connection',
    });
  });

  test('refused until it was started again', () => {
    expect(nextAttempts.of(killed().subject(later(25, 11, 3)))).toMatchObject({
      refused: 3,
      says: 'the port refused 3 attempts, the first 1.0 s later, and accepted one 15.0 s after the end',
    });
  });

  test('refused, and never accepted again', () => {
    expect(nextAttempts.of(killed().subject(later(-1, 11, 1)))).toMatchObject({
      accepted: -1,
      says: 'the port refused an attempt, the first 1.0 s later, and accepted none since',
    });
  });

  test('nothing came', () => {
    expect(nextAttempts.of(killed().subject(later(-1, -1, 0))).known).toBe(false);
    expect(nextAttempts.of(killed().subject()).known).toBe(false);
  });

  test('with attempts left out it is a bound', () => {
    const fact = nextAttempts.of(killed().subject(later(12, -1, 0, false)));
    expect(fact.known && fact.says).toContain('later at most');
  });
});

describe('another address that accepted', () => {
  const works: Partial<World> = { acceptedElsewhere: () => ({ address: '127.0.0.1', time: 0.001 }) };
  const refused = () => build().client(0, 'S').server(0.001, 'R.', { window: 0, seq: 0, plain: true });

  test('a refused attempt whose next address worked', () => {
    expect(otherAddress.of(refused().subject(works))).toMatchObject({ known: true, address: '127.0.0.1' });
  });

  test('no other address did', () => {
    expect(otherAddress.of(refused().subject()).known).toBe(false);
  });

  test('an attempt that was accepted itself needs none', () => {
    expect(otherAddress.of(killed().subject(works)).known).toBe(false);
  });
});

describe('scans and floods', () => {
  const tried = (attempts: number, addresses: number, ports: number) => ({
    neighbours: () => near({ attempts: 1, tried: { attempts, addresses, ports, span: 3 } }),
  });
  const server = (connections: number, halfOpen: number): Partial<World> => ({
    ...tried(0, 0, 0),
    responder: () => ({ connections, halfOpen, unanswered: 0, refused: 0 }) as ResponderProfile,
  });

  test('one client at many ports, or at many hosts', () => {
    expect(scan.of(killed().subject(tried(1000, 1, 1000)))).toMatchObject({ kind: 'ports', targets: 1000 });
    expect(scan.of(killed().subject(tried(300, 254, 2)))).toMatchObject({ kind: 'hosts', targets: 254 });
  });

  test('retries of a few attempts are none', () => {
    expect(scan.of(killed().subject(tried(500, 2, 3))).known).toBe(false);
  });

  test('one server whose handshakes are not completed', () => {
    expect(scan.of(killed().subject(server(1000, 990)))).toMatchObject({ kind: 'flood', targets: 990 });
    expect(scan.of(killed().subject(server(1000, 90))).known).toBe(false);
    expect(scan.of(killed().subject(server(50, 50))).known).toBe(false);
  });
});
