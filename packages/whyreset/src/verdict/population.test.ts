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
});
