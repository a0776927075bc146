import type { TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, ROUND_TRIPS, unknown } from '../define.ts';
import handshake from '../handshake/handshake.ts';
import { distance, hasAck, isReset, isSyn, later, past } from '../packets.ts';
import rtt from '../path/rtt.ts';
import reset, { type ResetFact } from '../reset/reset.ts';
import { isOwn, marksOf } from './own-marks.ts';
import { isRepeating } from './repetition.ts';
import { SentAfter } from './sent-after.ts';

export interface PacketsAfterResetFact extends Known {
  readonly known: true;
  /** New data or acknowledgements that were sent after the RST, by the stack that sent the earlier packets. */
  packets: TimelinePacket[];
  /** Seconds from the RST to the first of them; -1 when there are none. */
  after: number;
  /** New ones that came later, of which the packets do not show when, or by whom, they were sent. */
  undated: TimelinePacket[];
  /** New ones that do not look like the earlier packets of that side: another maker than those. */
  unlike: TimelinePacket[];
}

/** Packets this close behind the RST may only have been overtaken by it, seconds. */
const REORDERING = 0.01;
/** A round trip of the whole path where none is known. */
const UNKNOWN_PATH = 0.1;

/** What its side had sent and acknowledged when the RST passed, and its newest timestamp; null when not seen. */
interface Before {
  sent: number | null;
  acked: number | null;
  tsVal: number;
}

function before(timeline: readonly TimelinePacket[], r: ResetFact): Before {
  const b: Before = { sent: null, acked: hasAck(r.packet) ? r.packet.ack : null, tsVal: r.packet.tsVal };
  for (let i = 0; i < r.index; i++) {
    const p = timeline[i]!;
    if (p.from !== r.side || isReset(p)) continue;
    b.sent = later(b.sent, past(p));
    if (hasAck(p)) b.acked = later(b.acked, p.ack);
    if (p.tsVal >= 0) b.tsVal = b.tsVal < 0 ? p.tsVal : later(b.tsVal, p.tsVal) >>> 0;
  }
  return b;
}

/** New sequence space beyond the RST, or an acknowledgement of more than before: neither a copy nor a straggler. */
function isNew(p: TimelinePacket, r: ResetFact, { sent, acked, tsVal }: Before): boolean {
  if (p.retransmission || p.keepAliveProbe) return false;
  if (p.tsVal >= 0 && tsVal >= 0 && distance(p.tsVal, tsVal) < 0) return false;
  const newData =
    past(p) !== p.seq && distance(past(p), r.packet.seq) > 0 && (sent === null || distance(p.seq, sent) >= 0);
  const newAck = hasAck(p) && acked !== null && distance(p.ack, acked) > 0;
  return newData || newAck;
}

/**
 * HP2 of diagnose.md §6.7: a stack that reset a connection has no socket left to send new data, a FIN or a new
 * acknowledgement with. Only what was sent after the RST counts (`sent-after.ts`), and only where it looks like that
 * side's earlier packets (`own-marks.ts`): otherwise it is whoever made the RST that goes on. Before the handshake
 * is through a stack does live on (it answers a stray ACK and keeps its half-open socket, RFC 9293 §3.10.7.3), and a
 * SYN from the same side begins anew.
 */
export default defineEvidence(
  'Whether the claimed sender’s TCP sent new packets after the RST',
  (subject) => {
    const r = reset.of(subject);
    if (!r.known) return unknown(r.why);
    const { connection } = subject;
    const { timeline } = connection;
    const shake = handshake.of(subject);
    if (shake.known && (shake.ack === null || shake.ack.number > r.packet.number))
      return unknown('the RST came before the handshake was through');
    const times = rtt.of(subject);
    const whole = times.known ? Math.max(0, times.originator) + Math.max(0, times.responder) : UNKNOWN_PATH;
    // A RST of a socket stands at the end of all that it sent and acknowledged, so what it overtakes is nothing new.
    // One in answer to a packet stands anywhere: there only a whole round trip makes it unlikely that it overtook the rest.
    const margin = Math.max(REORDERING, hasAck(r.packet) ? 0.25 * whole : whole);
    const known = before(timeline, r);
    const sentAfter = new SentAfter(connection, r.index);
    const doubtful = isRepeating(timeline, r.side, r.index);
    const fact: PacketsAfterResetFact = { known: true, packets: [], after: -1, undated: [], unlike: [] };
    for (const p of timeline.slice(r.index + 1)) {
      if (isSyn(p)) break;
      if (p.from !== r.side || isReset(p) || !isNew(p, r, known)) continue;
      const marks = marksOf(timeline, p, r.index);
      const late = p.time - r.packet.time >= margin;
      const dated = sentAfter.has(p);
      if (marks.ttl === 'differs' || marks.timestamp === 'differs' || marks.timestamp === 'absent') {
        if (late || dated) fact.unlike.push(p);
      } else if (dated && isOwn(marks) && !doubtful) fact.packets.push(p);
      // Where its clock is known and does not say that it was sent later, it is a straggler.
      else if (dated || (late && !sentAfter.hasClock(p))) fact.undated.push(p);
    }
    if (fact.packets[0] !== undefined) fact.after = fact.packets[0].time - r.packet.time;
    return fact;
  },
).needsTimes(ROUND_TRIPS);
