import { defineEvidence, type Known, unknown } from '../define.ts';
import { seconds } from '../packets.ts';
import type { Rebound } from '../world.ts';

export interface RebindingFact extends Known, Rebound {
  readonly known: true;
  /** One sentence without a final stop. */
  says: string;
}

/**
 * A translator forgot an idle connection and gave its client another port (RFC 4787 §4.3, RFC 5382 §5): the raw
 * sequence numbers of both directions go on under the new name, and the server, which knows no such connection,
 * resets it. The numbers prove it.
 */
export default defineEvidence('One stream under two ports of its client', ({ world }) => {
  const rebound = world.rebound(world.index);
  if (rebound === null) return unknown('the numbers continue no other connection of this capture');
  const { before, now, number, silence } = rebound;
  const says = `packet ${number} from ${now.address}:${now.port} continues the sequence numbers of ${before.address}:${before.port}, ${seconds(silence)} after its last packet`;
  return { known: true, ...rebound, says };
});
