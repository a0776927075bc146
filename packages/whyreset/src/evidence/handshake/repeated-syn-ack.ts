import type { TimelinePacket } from '../../connection/connection.ts';
import oneDirection from '../around/one-direction.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { hasAck, isData, isReset, isSyn } from '../packets.ts';
import rtt from '../path/rtt.ts';
import vantage from '../sender/vantage.ts';
import handshake from './handshake.ts';

export interface RepeatedSynAckFact extends Known {
  readonly known: true;
  /** The client's first acknowledgement of the SYN-ACK, which ended the handshake for it. */
  ack: TimelinePacket;
  /** SYN-ACKs sent again after it had arrived, or should have. */
  synAcks: TimelinePacket[];
  /** The client's payload meanwhile, repetitions included; empty when it waited for the server to speak. */
  data: TimelinePacket[];
  /** The capture was taken at the server, so the acknowledgement did arrive. */
  atServer: boolean;
}

/**
 * The server repeats its SYN-ACK although the client has acknowledged it, and
 * takes nothing in: its kernel holds a half-open connection and drops what
 * would complete it.
 */
export default defineEvidence('SYN-ACKs repeated although the client had acknowledged them', (subject) => {
  const half = oneDirection.of(subject);
  if (half.known) return unknown(half.says);
  const shake = handshake.of(subject);
  if (!shake.known) return unknown(shake.why);
  const { ack } = shake;
  if (ack === null) return unknown('the handshake was not completed');
  const times = rtt.of(subject);
  // One that was under way when the acknowledgement passed repeats nothing.
  const arrival = ack.time + (times.known ? Math.max(0, times.responder) : 0);
  const synAcks: TimelinePacket[] = [];
  const data: TimelinePacket[] = [];
  for (const p of subject.connection.timeline) {
    if (isReset(p)) continue;
    if (p.from === 'originator') {
      if (isData(p)) data.push(p);
    } else if (isSyn(p) && hasAck(p)) {
      if (p.time > arrival) synAcks.push(p);
    } else {
      return unknown('the server took the acknowledgement in');
    }
  }
  if (synAcks.length === 0) return unknown('the server did not repeat its SYN-ACK');
  const seen = vantage.of(subject);
  const atServer = seen.known && (seen.at === 'responder' || seen.at === 'both');
  return { known: true, ack, synAcks, data, atServer };
}).needsTimes(SILENCES);
