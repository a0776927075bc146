import { defineEvidence, type Known, unknown } from '../define.ts';
import type { Untranslated } from '../world.ts';

export interface UntranslatedFact extends Known, Untranslated {
  readonly known: true;
}

/**
 * One stream under two addresses: the sequence numbers of this connection are
 * those of another one of the same client port. A translator changes addresses
 * and leaves the numbers, so some of its packets passed untranslated.
 */
export default defineEvidence('Packets of one stream under two server addresses', ({ world }) => {
  const twin = world.untranslated(world.index);
  return twin === null
    ? unknown('no other connection has the same client port and numbers')
    : { known: true, ...twin };
});
