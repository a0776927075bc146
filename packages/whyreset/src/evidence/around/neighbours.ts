import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import type { Neighbours, ResponderProfile } from '../world.ts';

export interface NeighboursFact extends Known, Neighbours {
  readonly known: true;
  /** All connections to the same server endpoint, healthy ones too; null when nothing was counted. */
  server: ResponderProfile | null;
}

/**
 * Connections ended in one instant although they were of different ages, or began together as well: one event at
 * either end, not the timer of each.
 */
export function endsAsOneEvent({ sameInstant, sameStart, sameSilence, sameAge }: NeighboursFact): boolean {
  return sameInstant > Math.max(1, sameSilence, sameAge) || (sameInstant > 1 && sameStart > 1);
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
