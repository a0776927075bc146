import type { Connection, IcmpError } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint, isReset, other, who } from '../packets.ts';
import { icmpMeaning, isRejection } from './icmp-names.ts';

export interface IcmpFact extends Known {
  readonly known: true;
  errors: IcmpError[];
  /** The first error that forbids the packet it quotes; null when they only report a path. */
  rejection: IcmpError | null;
  /**
   * RSTs in the names of both sides came with the rejection: a box that inspects (an IPS) ended the connection at
   * both ends and told so by ICMP. Empty otherwise; else the frames of the first RST of each side.
   */
  withResets: number[];
  /** One sentence without a final stop, of the rejection or else of the first error. */
  says: string;
}

/** What one box sends of one decision arrives this close together, seconds. */
const TOGETHER = 0.2;

function resetsWith({ timeline }: Connection, { time }: IcmpError): number[] {
  const near = timeline.filter((p) => isReset(p) && Math.abs(p.time - time) <= TOGETHER);
  const first = near.find((p) => p.from === 'originator');
  const second = near.find((p) => p.from === 'responder');
  return first === undefined || second === undefined ? [] : [first.number, second.number];
}

/** ICMP errors that quote this connection: a box saying openly what it did. */
export default defineEvidence('ICMP errors that quote this connection', ({ connection }) => {
  const { icmp: errors } = connection;
  const first = errors[0];
  if (first === undefined) return unknown('no ICMP error quotes this connection');
  const rejection = errors.find(isRejection) ?? null;
  const told = rejection ?? first;
  const atEnd = told.reporter === endpoint(connection, other(told.about)).address;
  const reporter = atEnd ? `the ${who(other(told.about))}’s own host` : told.reporter;
  const says = `${reporter} answered a packet of the ${who(told.about)} with ICMP ${told.type}/${told.code}, ${icmpMeaning(told)}`;
  return {
    known: true,
    errors,
    rejection,
    withResets: rejection === null ? [] : resetsWith(connection, rejection),
    says,
  };
});
