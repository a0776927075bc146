import type { ForeignSack } from '../connection/connection.ts';
import { defineEvidence, type Known, unknown } from './define.ts';

export interface ForeignSackFact extends Known, ForeignSack {
  readonly known: true;
}

/**
 * A receiver reports what it received (RFC 2018 §3); blocks that lie megabytes
 * outside of all that was sent are in numbers of another count: a box rewrote
 * the sequence numbers on the way and left the option as it was.
 */
export default defineEvidence(
  'Selective acknowledgements of bytes that were never sent',
  ({ connection: { foreignSack } }) =>
    foreignSack === null ? unknown('no SACK block lies outside the stream') : { known: true, ...foreignSack },
);
