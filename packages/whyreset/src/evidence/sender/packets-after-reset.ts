import type { Connection, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import handshake from '../handshake/handshake.ts';
import { distance, endpoint, hasAck, isReset, isSyn, later, other, past } from '../packets.ts';
import rtt from '../path/rtt.ts';
import reset, { type ResetFact } from '../reset/reset.ts';

export interface PacketsAfterResetFact extends Known {
  readonly known: true;
  /** What the claimed sender still sent, as if it had never reset anything; empty when it fell silent. */
  packets: TimelinePacket[];
  /** Seconds from the RST to the first of them. */
  after: number;
}

/** Packets this close behind the RST may only have been overtaken by it, seconds. */
const REORDERING = 0.01;
/** A round trip of the whole path where none is known. */
const UNKNOWN_PATH = 0.1;
/** Queues drain, so that a round trip may once be this much shorter than the shortest seen. */
const SHORTEST_SHARE = 0.5;

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
    b.tsVal = Math.max(b.tsVal, p.tsVal);
  }
  return b;
}

/** New sequence space beyond the RST, or an acknowledgement of more than before: neither a copy nor a straggler. */
function isNew(p: TimelinePacket, r: ResetFact, { sent, acked, tsVal }: Before): boolean {
  if (p.retransmission || p.keepAliveProbe || (p.tsVal >= 0 && p.tsVal < tsVal)) return false;
  const newData =
    past(p) !== p.seq && distance(past(p), r.packet.seq) > 0 && (sent === null || distance(p.seq, sent) >= 0);
  const newAck = hasAck(p) && acked !== null && distance(p.ack, acked) > 0;
  return newData || newAck;
}

/**
 * Where the bytes begin that the claimed sender cannot have received when it made the RST, had it made it: they passed
 * here less than a round trip earlier. Who acknowledges them did so after the RST, in whatever order packets arrive.
 * Null when there are none.
 */
function underWay(connection: Connection, r: ResetFact, roundTrip: number): number | null {
  // Of bytes whose first copy the capture missed nobody can say when they passed.
  if (endpoint(connection, other(r.side)).gaps > 0) return null;
  let first: number | null = null;
  for (const p of connection.timeline) {
    if (p.from === r.side || isReset(p) || past(p) === p.seq || p.retransmission) continue;
    const recent = p.time > r.packet.time - SHORTEST_SHARE * roundTrip;
    if (recent && (first === null || distance(p.seq, first) < 0)) first = p.seq;
  }
  return first;
}

/**
 * HP2 of diagnose.md §6.7: a stack that reset a connection has no socket left
 * to send new data, a FIN or a new acknowledgement with. Repetitions and
 * packets that the RST may have overtaken do not count. Before the handshake
 * is through a stack does live on (it answers a stray ACK and keeps its half-open
 * socket, RFC 9293 §3.10.7.3), and a SYN from the same side begins anew.
 */
export default defineEvidence('Whether the claimed sender lived on after its RST', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { connection } = subject;
  const { timeline } = connection;
  const shake = handshake.of(subject);
  if (shake.known && (shake.ack === null || shake.ack.number > r.packet.number))
    return unknown('the RST came before the handshake was through');
  const times = rtt.of(subject);
  const whole = times.known ? Math.max(0, times.originator) + Math.max(0, times.responder) : UNKNOWN_PATH;
  // A RST of a socket stands at the end of all that it sent and acknowledged, so what it overtakes is nothing new. One
  // in answer to a packet stands anywhere: there only a whole round trip rules out that it overtook the rest.
  const margin = Math.max(REORDERING, hasAck(r.packet) ? 0.25 * whole : whole);
  const known = before(timeline, r);
  const unheard = times.known && times[r.side] > 0 ? underWay(connection, r, times[r.side]) : null;
  const packets: TimelinePacket[] = [];
  for (const p of timeline.slice(r.index + 1)) {
    if (isSyn(p)) break;
    if (p.from !== r.side || isReset(p) || !isNew(p, r, known)) continue;
    const answers = unheard !== null && hasAck(p) && distance(p.ack, unheard) > 0;
    if (answers || p.time - r.packet.time >= margin) packets.push(p);
  }
  return { known: true, packets, after: packets[0] === undefined ? -1 : packets[0].time - r.packet.time };
});
