import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isReset, past, seconds } from '../packets.ts';
import rtt from '../path/rtt.ts';
import reset from './reset.ts';

export interface TriggerFact extends Known {
  readonly known: true;
  /** The segment the RST answers. */
  packet: TimelinePacket;
  /** Seconds between it and the RST, at the vantage. */
  delay: number;
  /**
   * First packet in which the claimed sender acknowledged that very segment: its stack had taken it in, and would
   * not answer it with a RST. Null when there is none, or the segment holds nothing to acknowledge.
   */
  acknowledged: TimelinePacket | null;
}

/**
 * A stack answers what it cannot place at once: a RST that comes later than this, or than four round trips,
 * answers something else. RSTs 60 s behind the last packet were told as its answer.
 */
const ANSWERED_WITHIN = 1;

function acknowledgedBy(
  timeline: readonly TimelinePacket[],
  trigger: TimelinePacket,
  side: Side,
): TimelinePacket | null {
  const end = past(trigger);
  if (end === trigger.seq) return null;
  for (const p of timeline) {
    if (p.from !== side || isReset(p) || !hasAck(p) || distance(p.ack, end) < 0) continue;
    // Of a repetition the first copy may have been acknowledged while the connection still was there.
    if (p.number > trigger.number || !trigger.retransmission) return p;
  }
  return null;
}

/**
 * The segment a passive RST answers: RFC 9293 §3.10.7.1 copies its ACK number
 * into the RST's sequence number (or acknowledges its length when it had no
 * ACK), so the RST names its own trigger.
 */
export default defineEvidence('The segment the RST answers, named by its sequence number', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  if (r.shape === 'active') return unknown('an active RST answers no segment');
  const { timeline } = subject.connection;
  const times = rtt.of(subject);
  const within = Math.max(ANSWERED_WITHIN, times.known ? 4 * times[r.side] : 0);
  for (let i = r.index - 1; i >= 0; i--) {
    const p = timeline[i]!;
    if (p.from === r.side || isReset(p)) continue;
    const answers =
      r.shape === 'refusal'
        ? distance(r.packet.ack, past(p)) === 0
        : hasAck(p) && p.rawAck === r.packet.rawSeq;
    if (!answers) continue;
    const delay = r.packet.time - p.time;
    if (delay > within)
      return unknown(`the RST came ${seconds(delay)} after the last packet that it could answer`);
    return { known: true, packet: p, delay, acknowledged: acknowledgedBy(timeline, p, r.side) };
  }
  return unknown('no captured segment matches the sequence number of the RST');
}).needsTimes(DELAYS);
