import type { RolesBasis } from '../../connection/roles.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';

export interface RolesFact extends Known {
  readonly known: true;
  basis: Exclude<RolesBasis, 'none'>;
  /** Not the port numbers alone say so. */
  certain: boolean;
  says: string;
  packets: readonly number[];
}

/** Unknown where nothing shows it: then neither side may be blamed by the name of client or server. */
export default defineEvidence('Which side is the client, and what shows it', ({ connection: { roles } }) => {
  const { basis, certainty, says, packets } = roles;
  if (basis === 'none') return unknown(says);
  const fact: RolesFact = { known: true, basis, certain: certainty === 'certain', says, packets };
  return fact;
});
