import { describe, expect, it } from 'vitest';
import type { Connection } from '../connection/connection.ts';
import { build } from '../evidence/testing/connection.ts';
import { Population } from './population.ts';

function settled(connections: readonly Connection[]): Population {
  const population = new Population(connections.length);
  for (const connection of connections) population.add(connection);
  population.settle();
  return population;
}

/** Handshake, then the client's RST. */
const probe = (start: number) => ({ ...build().handshake().client(0.03, 'R.').connection(), start });

/** The server resets after `silence` seconds. */
const idle = (silence: number, address?: string) =>
  build()
    .handshake()
    .client(0.03, 'P.', { data: 100 })
    .server(0.05, 'P.', { data: 100 })
    .server(0.05 + silence, 'R.')
    .side('originator', address === undefined ? {} : { address })
    .connection();

describe('Population', () => {
  it('tells every connection of a client about its probes, and how far apart they mostly are', () => {
    const connections = [probe(20), idle(5), probe(0), probe(11)];
    const { address } = connections[0]!.originator;
    const population = settled(connections);
    for (const index of [0, 1, 2, 3])
      expect(population.neighbours(index, address)).toMatchObject({ probes: 3, probeSpacing: 11 });
  });

  it('knows no probes of another client', () => {
    const population = settled([probe(0), probe(10), idle(5, '192.0.2.99')]);
    expect(population.neighbours(2, '192.0.2.99')).toMatchObject({
      probes: 0,
      probeSpacing: -1,
      troubled: 3,
    });
  });

  it('counts equal silences, whoever the client, and ends of the same moment', () => {
    const population = settled([idle(60), idle(60.4, '192.0.2.99'), idle(30), idle(61.5)]);
    expect(population.neighbours(0, '192.0.2.1')).toMatchObject({ sameSilence: 2, sameInstant: 2 });
    expect(population.neighbours(2, '192.0.2.1')).toMatchObject({ sameSilence: 1, sameInstant: 1 });
    expect(population.neighbours(3, '192.0.2.1')).toMatchObject({ sameSilence: 2, sameInstant: 1 });
  });

  it('compares the waits of one client that gave up', () => {
    const gaveUp = (wait: number) =>
      build()
        .handshake()
        .client(0.03, 'P.', { data: 100 })
        .client(0.03 + wait, 'R.')
        .connection();
    const connections = [gaveUp(10), gaveUp(10.1), gaveUp(3), idle(5)];
    const { address } = connections[0]!.originator;
    const population = settled(connections);
    const alike = [0, 1, 2, 3].map((index) => population.neighbours(index, address)?.samePatience);
    expect(alike).toEqual([2, 2, 1, 0]);
  });

  it('knows nothing of a connection that was not added', () => {
    expect(settled([]).neighbours(0, '192.0.2.1')).toBeNull();
  });

  /** One request at `start`, which the server ends at `end` without an answer. */
  const killed = (start: number, end: number) => {
    const connection = build()
      .client(start, 'S')
      .server(start + 0.01, 'S.')
      .client(start + 0.01, '.')
      .client(start + 0.02, 'P.', { data: 100 })
      .server(end, 'R.')
      .connection();
    return connection;
  };

  it('takes equal ages for a limit only where the requests began apart', () => {
    const together = settled([killed(0, 30), killed(0.1, 30.1), killed(0.2, 30.2)]);
    expect(together.neighbours(0, '10.0.0.1')).toMatchObject({ sameAge: 1, sameInstant: 3, sameStart: 3 });
    const apart = settled([killed(0, 30), killed(7, 37), killed(19, 49), killed(20, 25)]);
    expect(apart.neighbours(0, '10.0.0.1')).toMatchObject({ sameAge: 3, sameInstant: 1, sameStart: 1 });
    expect(apart.neighbours(3, '10.0.0.1')).toMatchObject({ sameAge: 1 });
  });

  it('counts no sessions that followed each other as ended at one instant', () => {
    const sessions = settled([killed(0, 0.1), killed(0.11, 0.2), killed(0.21, 0.3), killed(0.31, 0.4)]);
    for (const index of [0, 1, 2, 3])
      expect(sessions.neighbours(index, '10.0.0.1')).toMatchObject({ sameInstant: 1 });
    const beside = settled([killed(0, 0.3), killed(0.11, 0.2), killed(0.21, 0.3)]);
    expect(beside.neighbours(0, '10.0.0.1')).toMatchObject({ sameInstant: 3 });
    expect(beside.neighbours(1, '10.0.0.1')).toMatchObject({ sameInstant: 2 });
  });

  it('counts connections that served as much', () => {
    const after = (turns: number) =>
      build().handshake().client(1, 'P.', { data: 9 }).server(2, 'F.').side('responder', { turns });
    const population = settled([after(100), after(100), after(7)].map((b) => b.connection()));
    expect([0, 1, 2].map((i) => population.neighbours(i, '10.0.0.1')?.sameServed)).toEqual([2, 2, 1]);
  });

  it('counts what a client tried in vain, and what a server left unanswered', () => {
    const refused = (port: number, start: number) =>
      build()
        .side('responder', { port })
        .client(start, 'S')
        .server(start + 0.001, 'R.', { seq: 0, window: 0, plain: true })
        .connection();
    const population = settled([refused(80, 0), refused(80, 1), refused(81, 3), killed(5, 6)]);
    expect(population.neighbours(0, '10.0.0.1')).toMatchObject({
      attempts: 2,
      tried: { attempts: 3, addresses: 1, ports: 2, span: 3 },
    });
    expect(population.neighbours(3, '10.0.0.1')).toMatchObject({ unanswered: 1 });
  });
});
