import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { hasAck, isReset, isSyn } from '../packets.ts';

export interface HandshakeFact extends Known {
  readonly known: true;
  syn: TimelinePacket;
  /** SYNs of the client, repetitions included. */
  syns: TimelinePacket[];
  synAck: TimelinePacket | null;
  /** The client's first acknowledgement of the SYN-ACK. */
  ack: TimelinePacket | null;
  complete: boolean;
  /** The client acknowledged something: it had been answered, also where the SYN-ACK was not captured. */
  answered: boolean;
  /** Answer to a SYN that acknowledges something the client never sent: an old connection on the same 4-tuple. */
  foreignAck: TimelinePacket | null;
}

export default defineEvidence(
  'The three-way handshake: complete, refused, answered by a stranger',
  ({ connection }) => {
    const { timeline, sawHandshake } = connection;
    if (!sawHandshake) return unknown('the capture starts in the middle of this connection');
    const syns: TimelinePacket[] = [];
    let synAck: TimelinePacket | null = null;
    let ack: TimelinePacket | null = null;
    let foreignAck: TimelinePacket | null = null;
    for (const p of timeline) {
      if (p.from === 'originator') {
        if (isSyn(p) && !hasAck(p)) syns.push(p);
        else if (synAck !== null && ack === null && hasAck(p) && !isReset(p)) ack = p;
      } else if (isSyn(p) && hasAck(p)) {
        synAck ??= p;
      } else if (synAck === null && foreignAck === null && hasAck(p) && !isReset(p) && p.ack !== 1) {
        foreignAck = p;
      }
    }
    const answered = timeline.some((p) => p.from === 'originator' && !isSyn(p) && !isReset(p) && hasAck(p));
    const syn = syns[0];
    if (syn === undefined) return unknown('the SYN was not kept in the timeline');
    return {
      known: true,
      syn,
      syns,
      synAck,
      ack,
      complete: synAck !== null && ack !== null,
      answered,
      foreignAck,
    };
  },
);
