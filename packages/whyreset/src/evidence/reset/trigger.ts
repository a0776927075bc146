import type { TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isReset, past } from '../packets.ts';
import reset from './reset.ts';

export interface TriggerFact extends Known {
  readonly known: true;
  /** The segment the RST answers. */
  packet: TimelinePacket;
  /** Seconds between it and the RST, at the vantage. */
  delay: number;
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
  for (let i = r.index - 1; i >= 0; i--) {
    const p = timeline[i]!;
    if (p.from === r.side || isReset(p)) continue;
    const answers =
      r.shape === 'refusal'
        ? distance(r.packet.ack, past(p)) === 0
        : hasAck(p) && p.rawAck === r.packet.rawSeq;
    if (answers) return { known: true, packet: p, delay: r.packet.time - p.time };
  }
  return unknown('no captured segment matches the sequence number of the RST');
}).needsTimes(DELAYS);
