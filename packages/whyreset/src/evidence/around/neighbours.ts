import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { thousands } from '../packets.ts';
import type { Neighbours, ResponderProfile } from '../world.ts';

export interface NeighboursFact extends Known, Neighbours {
  readonly known: true;
  /** All connections to the same server endpoint, healthy ones too; null when nothing was counted. */
  server: ResponderProfile | null;
}

/**
 * Several connections ended at one moment as no timer of each explains: an event at either end. In words; null
 * where they were of the same age, or this one ended alone.
 */
export function eventIn({ sameInstant, sameStart, sameSilence, sameAge }: Neighbours): string | null {
  if (sameInstant > Math.max(1, sameSilence, sameAge))
    return `${thousands(sameInstant)} connections to the server ended in the same instant, at different ages`;
  return sameInstant > 1 && sameStart > 1
    ? `${thousands(sameStart)} connections to the server began together and ended together`
    : null;
}

/** How the same trouble shows in the connections beside this one. */
export default defineEvidence(
  'The same trouble in the connections beside this one',
  ({ connection, world }) => {
    const near = world.neighbours(world.index);
    if (near === null) return unknown('no other connection was looked at');
    const server = world.responder(connection.responder.address, connection.responder.port);
    return { known: true, ...near, server };
  },
).needsTimes(SILENCES);
