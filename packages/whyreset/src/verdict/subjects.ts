import type { Archive } from '../connection/archive.ts';
import type { Hosts } from '../connection/hosts.ts';
import type { Subject } from '../evidence/define.ts';
import { Population } from './population.ts';

/** The troubled connections of one input, each with what is known beyond it, one at a time. */
export function* subjectsOf({ archive, hosts }: { archive: Archive; hosts: Hosts }): Generator<Subject> {
  const population = new Population();
  for (let index = 0; index < archive.length; index++) population.add(archive.connection(index));
  population.settle();
  for (let index = 0; index < archive.length; index++) {
    const world = {
      index,
      address: (address: string) => hosts.address(address),
      responder: (address: string, port: number) => hosts.responder(address, port),
      neighbours: (i: number) => population.neighbours(i),
    };
    yield { connection: archive.connection(index), world, memo: [] };
  }
}
