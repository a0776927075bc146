import { nameIn } from '../../protocol/server-name.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface ServerNameFact extends Known {
  readonly known: true;
  /** As asked for, in lower case, harmless to show. */
  name: string;
  /** Where it stands: SNI of a ClientHello, or a Host header. */
  by: 'SNI' | 'Host';
  number: number;
}

/** The name that the client's first request asks for, which a content filter would go by. */
export default defineEvidence(
  'The name that the first request asks for',
  ({ connection: { originator } }) => {
    const turn = originator.firstTurn;
    const found = turn === null ? null : nameIn(turn.head);
    if (turn === null || found === null) return unknown('the first bytes show no name');
    return { known: true, name: found.name, by: found.by, number: turn.number };
  },
);
