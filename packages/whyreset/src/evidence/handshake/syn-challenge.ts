import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { distance, hasAck, isReset, isSyn, past } from '../packets.ts';
import handshake from './handshake.ts';
import predecessor from './predecessor.ts';

export interface SynChallengeFact extends Known {
  readonly known: true;
  syn: TimelinePacket;
  /** The ACK of the old stream by which the receiver asked whether the SYN is meant (RFC 5961 §4.2). */
  challenge: TimelinePacket;
  /** A packet of each end that carries the old stream on, the one whose name the SYN bears first; empty when it did not go on. */
  survived: TimelinePacket[];
}

/**
 * A SYN with other numbers in the middle of an open connection. RFC 793 had the receiver reset at once, so a guess
 * was enough to kill; RFC 5961 §4.2 has it ask with an ACK, to which a host that really began anew answers with a RST
 * (that is a stale 4-tuple), and one that did not goes on with its stream.
 */
export default defineEvidence('A SYN into an open connection that nobody had meant', (subject) => {
  const before = predecessor.of(subject);
  if (!before.known) return unknown(before.why);
  const shake = handshake.of(subject);
  if (!before.open || !before.established || !shake.known) return unknown('the SYN met no open connection');
  const { syn, synAck, foreignAck } = shake;
  if (synAck !== null || foreignAck === null)
    return unknown('the SYN was not answered by an ACK of another stream');
  const survived: TimelinePacket[] = [];
  const { timeline } = subject.connection;
  for (const p of timeline.slice(timeline.indexOf(foreignAck) + 1)) {
    if (isReset(p)) return { known: true, syn, challenge: foreignAck, survived: [] };
    if (isSyn(p) || !hasAck(p)) continue;
    const [own] = survived;
    if (p.from === syn.from) {
      // It stands where the other side waits for it, not behind the SYN.
      if (own === undefined && past(p) !== p.seq && p.rawSeq === foreignAck.rawAck) survived.push(p);
    } else if (own !== undefined && distance(p.ack, past(own)) >= 0) {
      survived.push(p);
      break;
    }
  }
  return { known: true, syn, challenge: foreignAck, survived: survived.length === 2 ? survived : [] };
});
