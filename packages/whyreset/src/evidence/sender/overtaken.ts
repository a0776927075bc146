import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, ROUND_TRIPS, unknown } from '../define.ts';
import { distance, isFin, isReset, isSyn } from '../packets.ts';
import reset from '../reset/reset.ts';
import trigger from '../reset/trigger.ts';
import { SentAfter } from './sent-after.ts';

export interface OvertakenFact extends Known {
  readonly known: true;
  /** Packets of the RST's side that were captured behind it although they were sent before it, in order. */
  packets: TimelinePacket[];
  /** The FIN among them: that side had closed before its stack sent the RST. */
  fin: TimelinePacket | null;
}

/**
 * Routers that let short packets, or packets without data, go first deliver a RST before the data that was queued
 * ahead of it. Two timestamps date such data: it echoes one from before the packet that the RST answers, so it was
 * built before that packet arrived; and its own is of before the RST passed here.
 */
export default defineEvidence('Packets that the RST overtook', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const cause = trigger.of(subject);
  if (!cause.known) return unknown(cause.why);
  const { connection } = subject;
  const echoed = cause.packet.tsVal;
  const dates = new SentAfter(connection, r.index);
  const packets: TimelinePacket[] = [];
  for (const p of connection.timeline.slice(r.index + 1)) {
    if (isSyn(p)) break;
    if (p.from !== r.side || isReset(p)) continue;
    const unaware = echoed >= 0 && p.tsEcr >= 0 && distance(p.tsEcr, echoed) < 0;
    if (unaware && dates.isBefore(p)) packets.push(p);
  }
  if (packets.length === 0) return unknown('nothing behind the RST is dated before it');
  return { known: true, packets, fin: packets.find(isFin) ?? null };
}).needsTimes(ROUND_TRIPS);
