import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { isReset } from '../packets.ts';
import reset from '../reset/reset.ts';

export interface LastReceivedFact extends Known {
  readonly known: true;
  /** The latest packet, payload or not, that the resetting side sent before its RST. */
  packet: TimelinePacket;
  /** Seconds from it to the RST. */
  before: number;
}

/** When the side that reset was last heard: a host that spoke a moment ago has not rebooted since. */
export default defineEvidence('When the side that reset had last been heard', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { timeline } = subject.connection;
  for (let i = r.index - 1; i >= 0; i--) {
    const packet = timeline[i]!;
    if (packet.from === r.side && !isReset(packet))
      return { known: true, packet, before: r.packet.time - packet.time };
  }
  return unknown('the side that reset had sent nothing before');
}).needsTimes(SILENCES);
