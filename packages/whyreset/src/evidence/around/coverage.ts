import { defineEvidence, type Known } from '../define.ts';

export interface CoverageFact extends Known {
  readonly known: true;
  /** Seen from the SYN on. */
  fromStart: boolean;
  /** Packets of both sides were seen. */
  bothWays: boolean;
  /** Packets left out of the kept timeline. */
  elided: number;
}

/** What of the connection was in view at all. */
export default defineEvidence('What of the connection was in view', ({ connection }) => ({
  known: true,
  fromStart: connection.sawHandshake,
  bothWays: connection.originator.packets > 0 && connection.responder.packets > 0,
  elided: connection.elided,
}));
