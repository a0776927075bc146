import type { Endpoint } from '../../connection/connection.ts';
import { defineEvidence, type Known, ROUND_TRIPS, unknown } from '../define.ts';
import type { World } from '../world.ts';

export interface RttFact extends Known {
  readonly known: true;
  /** Smallest round trip vantage ↔ client and vantage ↔ server, seconds; -1 when no sample was had. */
  originator: number;
  responder: number;
}

/** The smaller of what this connection showed of the side and what its others did. */
function smallest({ minRtt, address }: Endpoint, world: World): number {
  const others = world.address(address)?.minRtt ?? -1;
  if (minRtt < 0) return others;
  return others >= 0 ? Math.min(minRtt, others) : minRtt;
}

/** Smallest round trips; other connections of the same address help when this one gave no sample. */
export default defineEvidence(
  'Smallest round trip between the vantage and each side',
  ({ connection, world }) => {
    const originator = smallest(connection.originator, world);
    const responder = smallest(connection.responder, world);
    if (originator < 0 && responder < 0) return unknown('no packet and its acknowledgement were both seen');
    return { known: true, originator, responder };
  },
).needsTimes(ROUND_TRIPS);
