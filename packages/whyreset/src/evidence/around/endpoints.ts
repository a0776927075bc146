import { defineEvidence, type Known } from '../define.ts';

export interface EndpointsFact extends Known {
  readonly known: true;
  client: { address: string; port: number };
  server: { address: string; port: number };
}

/** Who talks to whom: the port alone often says which protocol was expected there. */
export default defineEvidence('Addresses and ports', ({ connection: { originator, responder } }) => ({
  known: true,
  client: { address: originator.address, port: originator.port },
  server: { address: responder.address, port: responder.port },
}));
