import type { TimelinePacket } from '../connection/connection.ts';
import { defineEvidence, type Known, unknown } from './define.ts';
import { distance, hasAck, isReset, isSyn, past } from './packets.ts';
import reset from './reset.ts';
import rtt from './rtt.ts';

export interface AfterlifeFact extends Known {
  readonly known: true;
  /** What the claimed sender still sent, as if it had never reset anything; empty when it fell silent. */
  packets: TimelinePacket[];
  /** Seconds from the RST to the first of them. */
  after: number;
}

/** Packets this close behind the RST may only have been overtaken by it. */
const REORDERING = 0.005;

/**
 * HP2 of diagnose.md §6.7: a stack that reset a connection has no socket left
 * to send new data or to acknowledge new data with. Repetitions and packets
 * that the RST may have overtaken do not count, nor does a new SYN.
 */
export default defineEvidence('Whether the claimed sender lived on after its RST', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { timeline } = subject.connection;
  const times = rtt.of(subject);
  const margin = Math.max(REORDERING, times.known ? 0.25 * times[r.side] : 0);
  let sent = 0;
  let acked = 0;
  for (let i = 0; i < r.index; i++) {
    const p = timeline[i]!;
    if (p.from !== r.side || isReset(p)) continue;
    if (distance(past(p), sent) > 0) sent = past(p);
    if (hasAck(p) && distance(p.ack, acked) > 0) acked = p.ack;
  }
  const packets = timeline.slice(r.index + 1).filter((p) => {
    if (p.from !== r.side || isReset(p) || isSyn(p) || p.time - r.packet.time < margin) return false;
    const newData = p.length > 0 && distance(p.seq, sent) >= 0 && distance(past(p), r.packet.seq) > 0;
    const newAck = hasAck(p) && acked !== 0 && distance(p.ack, acked) > 0;
    return newData || newAck;
  });
  return { known: true, packets, after: packets[0] === undefined ? -1 : packets[0].time - r.packet.time };
});
