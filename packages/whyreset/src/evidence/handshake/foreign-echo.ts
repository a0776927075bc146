import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance } from '../packets.ts';
import handshake from './handshake.ts';

export interface ForeignEchoFact extends Known {
  readonly known: true;
  synAck: TimelinePacket;
  /** Ticks from the first SYN's timestamp to the one that the SYN-ACK echoes. */
  off: number;
}

/** Clocks tick at most so often a second (RFC 7323 §5.4 allows a millisecond), and nothing echoes the future. */
const FASTEST = 1000;
/** What rounding, and a SYN that escaped the capture, may add, ticks. */
const SLACK = 5000;

/**
 * A SYN-ACK echoes the timestamp of the SYN that it answers. A client whose
 * clock never showed that time takes it for the answer to somebody else
 * (Linux tcp_rcv_synsent_state_process, PAWSActive).
 */
export default defineEvidence('A SYN-ACK that echoes a timestamp the client never sent', (subject) => {
  const shake = handshake.of(subject);
  if (!shake.known) return unknown(shake.why);
  const { syn, synAck } = shake;
  if (synAck === null) return unknown('no SYN-ACK came');
  // An echo of 0 is how a stack says that it has none.
  if (syn.tsVal < 0 || synAck.tsEcr <= 0) return unknown('the handshake uses no timestamps');
  const off = distance(synAck.tsEcr, syn.tsVal);
  const latest = (synAck.time - syn.time) * FASTEST + SLACK;
  if (off >= -SLACK && off <= latest) return unknown('the SYN-ACK echoes the client’s own clock');
  return { known: true, synAck, off };
});
