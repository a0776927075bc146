import type { ForeignSack } from '../../connection/connection.ts';
import type { Pair } from '../../vantage/pair.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { distance, other } from '../packets.ts';

export interface ForeignSackFact extends Known, ForeignSack {
  readonly known: true;
  /** Only another capture of the connection shows it; the packet is this capture's copy. */
  elsewhere: boolean;
  /** How both captures show its numbers to be those of the other side of the box; null when they do not. */
  renumbered: { shift: number; beyond: number } | null;
}

/** No window is wider (RFC 7323 §2.3). */
const WIDEST_WINDOW = 2 ** 30;

/**
 * Captures on both sides of the box show by how much it shifts the numbers. A block that lies beyond the
 * acknowledgement by what a receiver can hold, once so much is taken off, was left out of the shift.
 *
 * @param shift from the capture that shows the block to the one on the other side; null unknown
 */
function renumbered(off: number, shift: number | null): ForeignSackFact['renumbered'] {
  if (shift === null || shift === 0) return null;
  const beyond = distance(off, shift);
  return beyond > 0 && beyond < WIDEST_WINDOW ? { shift, beyond } : null;
}

/** The packet of this capture that is, in another one, the first with such a block. */
function fromOther({ connection }: Subject, pair: Pair): ForeignSackFact | null {
  const { relation, fates, shifts } = pair;
  const there = pair.other.foreignSack;
  if (relation !== 'same' || there === null) return null;
  const index = fates.findIndex((fate) => fate.kind === 'both' && fate.packet.number === there.number);
  const packet = connection.timeline[index];
  if (packet === undefined) return null;
  const { number, time, from } = packet;
  const shift = shifts[other(from)];
  return {
    known: true,
    ...there,
    number,
    time,
    from,
    elsewhere: true,
    renumbered: renumbered(there.off, shift === null ? null : -shift),
  };
}

/**
 * A receiver reports what it received (RFC 2018 §3); blocks that lie megabytes
 * outside of all that was sent are in numbers of another count: a box rewrote
 * the sequence numbers on the way and left the option as it was. Only the side
 * of the box on which the numbers differ shows it.
 */
export default defineEvidence('Selective acknowledgements of bytes that were never sent', (subject) => {
  const { foreignSack } = subject.connection;
  const { pairs } = subject.world;
  if (foreignSack !== null) {
    const { off, from } = foreignSack;
    const found = pairs
      .map(({ shifts }) => renumbered(off, shifts[other(from)]))
      .find((seen) => seen !== null);
    return { known: true, ...foreignSack, elsewhere: false, renumbered: found ?? null };
  }
  for (const pair of pairs) {
    const found = fromOther(subject, pair);
    if (found !== null) return found;
  }
  return unknown('no SACK block lies outside the stream');
});
