import { defineEvidence, type Known, unknown } from './define.ts';

export interface RttFact extends Known {
  readonly known: true;
  /** Smallest round trip vantage ↔ client and vantage ↔ server, seconds; -1 when no sample was had. */
  originator: number;
  responder: number;
}

/** Smallest round trips; other connections of the same address help when this one gave no sample. */
export default defineEvidence(
  'Smallest round trip between the vantage and each side',
  ({ connection, world }) => {
    const fromWorld = (address: string) => world.address(address)?.minRtt ?? -1;
    const smallest = (own: number, address: string) => {
      const others = fromWorld(address);
      if (own < 0) return others;
      return others >= 0 ? Math.min(own, others) : own;
    };
    const originator = smallest(connection.originator.minRtt, connection.originator.address);
    const responder = smallest(connection.responder.minRtt, connection.responder.address);
    if (originator < 0 && responder < 0) return unknown('no packet and its acknowledgement were both seen');
    return { known: true, originator, responder };
  },
);
