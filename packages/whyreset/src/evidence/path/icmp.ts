import type { IcmpError } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface IcmpFact extends Known {
  readonly known: true;
  errors: IcmpError[];
}

/** ICMP errors that quote this connection: a box saying openly what it did. */
export default defineEvidence('ICMP errors that quote this connection', ({ connection }) =>
  connection.icmp.length === 0
    ? unknown('no ICMP error quotes this connection')
    : { known: true, errors: connection.icmp },
);
