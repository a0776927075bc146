import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, isReset, seconds } from '../packets.ts';
import reset from './reset.ts';

export interface OldResetFact extends Known {
  readonly known: true;
  /** The RST that belongs to the connection before. */
  packet: TimelinePacket;
  /** Seconds from the last packet of that connection to it. */
  gap: number;
  /** One sentence without a final stop. */
  says: string;
}

/** A RST stands at the end of its stream, or at most a window before it, bytes. */
const WINDOW = 65_536;
/** Numbers of two connections closer than this cannot be told apart. */
const APART = 1 << 20;

/**
 * A late RST of a connection that had the same addresses and ports before: its sequence number goes on with that
 * one's and lies far from this one's. It ended nothing here (RFC 9293 §3.10.7.4 discards it), and says nothing of
 * this connection.
 */
export default defineEvidence('A late RST of the connection that had the same ports before', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { predecessor, timeline } = subject.connection;
  if (predecessor === null) return unknown('the 4-tuple was not in use in this capture');
  const { packet, side } = r;
  const old = side === 'originator' ? predecessor.next : predecessor.peerNext;
  if (old < 0 || !packet.rawNumbers) return unknown('the numbers of the connection before are not known');
  const own = timeline.find((p) => p.from === side && !isReset(p));
  const peer = timeline.find((p) => p.from !== side && !isReset(p));
  // What this connection expects from that side: its own numbers, or what the other side acknowledges.
  const current = own?.rawSeq ?? peer?.rawAck ?? -1;
  const behind = distance(old, packet.rawSeq);
  if (behind < 0 || behind > WINDOW) return unknown('the RST does not continue the connection before');
  if (current >= 0 && Math.abs(distance(packet.rawSeq, current)) < APART)
    return unknown('the RST fits this connection as well');
  const gap = packet.time - predecessor.end;
  const says = `the RST has the sequence numbers of the connection that used these ports until ${seconds(gap)} before`;
  return { known: true, packet, gap, says };
});
