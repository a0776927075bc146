import type { ForeignSack } from '../connection/connection.ts';
import type { Pair } from '../vantage/pair.ts';
import { defineEvidence, type Known, type Subject, unknown } from './define.ts';

export interface ForeignSackFact extends Known, ForeignSack {
  readonly known: true;
  /** Only another capture of the connection shows it; the packet is this capture's copy. */
  elsewhere: boolean;
}

/** The packet of this capture that is, in another one, the first with such a block. */
function fromOther({ connection }: Subject, { relation, other, fates }: Pair): ForeignSackFact | null {
  const there = other.foreignSack;
  if (relation !== 'same' || there === null) return null;
  const index = fates.findIndex((fate) => fate.kind === 'both' && fate.packet.number === there.number);
  const packet = connection.timeline[index];
  if (packet === undefined) return null;
  const { number, time, from } = packet;
  return { known: true, ...there, number, time, from, elsewhere: true };
}

/**
 * A receiver reports what it received (RFC 2018 §3); blocks that lie megabytes
 * outside of all that was sent are in numbers of another count: a box rewrote
 * the sequence numbers on the way and left the option as it was. Only the side
 * of the box on which the numbers differ shows it.
 */
export default defineEvidence('Selective acknowledgements of bytes that were never sent', (subject) => {
  const { foreignSack } = subject.connection;
  if (foreignSack !== null) return { known: true, ...foreignSack, elsewhere: false };
  for (const pair of subject.world.pairs) {
    const found = fromOther(subject, pair);
    if (found !== null) return found;
  }
  return unknown('no SACK block lies outside the stream');
});
