import { defineEvidence, type Known, unknown } from '../define.ts';
import { thousands } from '../packets.ts';

export interface UnaffectedConnectionsFact extends Known {
  readonly known: true;
  /** Connections to the same address and port that were accepted and came to no harm. */
  count: number;
  /** Connections to it that did not. */
  troubled: number;
  /** Attempts at it in all. */
  attempts: number;
}

/** The fact in words, the same for every cause that rests on it. */
export function spared({ count }: UnaffectedConnectionsFact): string {
  const others = count === 1 ? 'another connection' : `${thousands(count)} other connections`;
  return `${others} to the same address and port came to no harm`;
}

/** Who fared better with the same server: a trouble that spares others lies in a limit, a content or a moment. */
export default defineEvidence(
  'Connections to the same server that came to no harm',
  ({ connection: { responder }, world }) => {
    const near = world.neighbours(world.index);
    const server = world.responder(responder.address, responder.port);
    if (near === null || server === null) return unknown('no other connection was looked at');
    const { established, halfOpen, connections } = server;
    const { troubled } = near;
    return {
      known: true,
      count: Math.max(0, established - halfOpen - troubled),
      troubled,
      attempts: connections,
    };
  },
);
