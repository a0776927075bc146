import type { TimelinePacket } from '../../connection/connection.ts';
import { DELAYS, defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { distance, hasAck, isData, isFin, isReset, later, other, past, thousands, who } from '../packets.ts';
import rtt from '../path/rtt.ts';
import challengeAck from '../reset/challenge-ack.ts';
import reset, { type ResetFact } from '../reset/reset.ts';

/** The detectors of Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets, NDSS 2009, by their names there. */
export type Detector = 'RST_SEQ_DATA' | 'DATA_SEQ_RST' | 'RST_SEQ_CHANGE' | 'RST_ACK_CHANGE';

/** A race that was lost: packets that one stack alone would hardly send. */
export interface Detection {
  detector: Detector;
  packets: TimelinePacket[];
  /** One sentence without a final stop. */
  says: string;
}

export interface ForgedResetFact extends Known {
  readonly known: true;
  detections: Detection[];
  /** Why they may mean nothing here; empty when none of the paper's false positives is in sight. */
  doubts: string[];
}

/** RSTs further apart are not one volley, seconds. */
const BACK_TO_BACK = 2;
/** Sequence numbers this close are the same place: SYN and FIN count one each. */
const SAME_PLACE = 2;
/** The paper's window of packets per direction. */
const RECENT = 10;
/** Reordering and repetitions this close to a RST make its number doubtful, seconds. */
const NEARBY = 0.05;

/** The stream of both sides up to the RST; numbers of the claimed sender, but for `theirs`. */
interface Stream {
  /** Past the last byte the claimed sender had sent, and the highest the other side had acknowledged. */
  sent: number | null;
  acked: number | null;
  /** Past the last byte the other side had sent. */
  theirs: number | null;
}

function streamBefore(timeline: readonly TimelinePacket[], r: ResetFact): Stream {
  const seen = { own: 0, peer: 0 };
  const stream: Stream = { sent: null, acked: null, theirs: null };
  for (let i = r.index - 1; i >= 0; i--) {
    const p = timeline[i]!;
    if (isReset(p)) continue;
    if (p.from === r.side) {
      if (++seen.own <= RECENT) stream.sent = later(stream.sent, past(p));
    } else if (++seen.peer <= RECENT) {
      stream.theirs = later(stream.theirs, past(p));
      if (hasAck(p)) stream.acked = later(stream.acked, p.ack);
    }
  }
  return stream;
}

/** Data of the claimed sender beyond its RST, after it. */
function seqData(timeline: readonly TimelinePacket[], r: ResetFact): Detection | null {
  const data = timeline.find(
    (p, i) => i > r.index && p.from === r.side && isData(p) && distance(p.seq, r.packet.seq) >= 0,
  );
  if (data === undefined) return null;
  const says = `packet ${data.number} of the ${who(r.side)} carries data from beyond its RST`;
  return { detector: 'RST_SEQ_DATA', packets: [r.packet, data], says };
}

/**
 * A RST behind data already seen. A stack that answers a packet copies an ACK number (RFC 9293 §3.10.7.1), and one
 * that aborts with the window full of unsent data stands at the window's edge (Linux tcp_acceptable_seq), so both are honest.
 */
function dataSeq(timeline: readonly TimelinePacket[], r: ResetFact, stream: Stream): Detection | null {
  const { sent, acked } = stream;
  if (sent === null || acked === null || distance(sent, r.packet.seq) <= SAME_PLACE) return null;
  // Behind what was acknowledged lies no edge of any window.
  if (distance(r.packet.seq, acked) >= 0) return null;
  const copied = timeline.some(
    (p) => p.from !== r.side && !isReset(p) && hasAck(p) && p.rawAck === r.packet.rawSeq,
  );
  if (copied) return null;
  const says = `its sequence number lies ${thousands(distance(sent, r.packet.seq))} behind what the ${who(r.side)} had sent, where no packet had asked for it`;
  return { detector: 'DATA_SEQ_RST', packets: [r.packet], says };
}

/**
 * Two RSTs in a row that rise past everything: the injector hedges. A stack never does: its RSTs stand at its own
 * next byte or at a number the other side has acknowledged. Wants both directions in view.
 */
function seqChange(r: ResetFact, { sent, acked }: Stream): Detection | null {
  if (sent === null || acked === null) return null;
  const volley = r.all.filter((p) => p.from === r.side);
  for (let i = 1; i < volley.length; i++) {
    const [first, second] = [volley[i - 1]!, volley[i]!];
    const rises = distance(second.seq, first.seq) > SAME_PLACE && second.time - first.time < BACK_TO_BACK;
    if (!rises || distance(second.seq, sent) <= 0 || distance(second.seq, acked) <= SAME_PLACE) continue;
    const says = `two RSTs in a row, the second ${thousands(distance(second.seq, first.seq))} further on and past all that the ${who(r.side)} had sent`;
    return { detector: 'RST_SEQ_CHANGE', packets: [first, second], says };
  }
  return null;
}

/** RSTs that acknowledge different bytes, the later one bytes that nobody had sent. */
function ackChange(timeline: readonly TimelinePacket[], r: ResetFact): Detection | null {
  const volley = r.all.filter((p) => p.from === r.side && hasAck(p));
  for (let i = 1; i < volley.length; i++) {
    const [first, second] = [volley[i - 1]!, volley[i]!];
    if (distance(second.ack, first.ack) <= SAME_PLACE) continue;
    let theirs: number | null = null;
    for (const p of timeline) {
      if (p.number > second.number) break;
      if (p.from !== r.side && !isReset(p)) theirs = later(theirs, past(p));
    }
    if (theirs === null || distance(second.ack, theirs) <= SAME_PLACE) continue;
    const says = `two RSTs acknowledge different bytes, the second ${thousands(distance(second.ack, theirs))} more than the ${who(other(r.side))} had sent`;
    return { detector: 'RST_ACK_CHANGE', packets: [first, second], says };
  }
  return null;
}

/** What the authors found behind false positives in four traces. */
function doubtsOf(subject: Subject, r: ResetFact): string[] {
  const { timeline, originator, responder } = subject.connection;
  const doubts: string[] = [];
  const ended = challengeAck.of(subject);
  if (ended.known && ended.survived.length > 0) doubts.push('the RST did not end the connection');
  // The answer of a stack that a forged RST made to forget the connection is none of its own doing.
  const own = r.all.find((p) => p.from !== r.side && !answers(timeline, p));
  if (own !== undefined) doubts.push('the other side reset as well');
  const times = rtt.of(subject);
  const near = Math.max(NEARBY, times.known ? times[r.side] : 0);
  let sent: number | null = null;
  const disorder = timeline.some((p) => {
    if (p.from !== r.side || isReset(p)) return false;
    const behind = sent !== null && past(p) !== p.seq && distance(p.seq, sent) < 0;
    sent = later(sent, past(p));
    return (p.retransmission || behind) && !p.keepAliveProbe && Math.abs(p.time - r.packet.time) <= near;
  });
  if (disorder) doubts.push('packets were repeated or out of order around it');
  if (originator.gaps + responder.gaps > 0) doubts.push('the capture lost packets');
  return doubts;
}

/** A bare RST in answer to a packet of the other side (RFC 9293 §3.10.7.1). */
function answers(timeline: readonly TimelinePacket[], reset: TimelinePacket): boolean {
  return (
    !hasAck(reset) &&
    timeline.some(
      (p) => p.from !== reset.from && p.number < reset.number && hasAck(p) && p.rawAck === reset.rawSeq,
    )
  );
}

/**
 * The forged-RST detectors of the 2009 paper with its guards: RSTs after a FIN, or after the other side's own, do not
 * count at all. `RST_SEQ_DATA` is told for its name: what it proves is `afterlife`, which is stricter.
 */
export default defineEvidence('Races that a forged RST loses (NDSS 2009)', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const { timeline, originator, responder } = subject.connection;
  if (!subject.connection.sawHandshake) return unknown('the capture starts in the middle of this connection');
  const before = (end: { number: number } | null) => end !== null && end.number < r.packet.number;
  if (before(originator.fin) || before(responder.fin) || timeline.slice(0, r.index).some(isFin))
    return unknown('a FIN came before the RST, and late packets are answered with RSTs');
  if (before((r.side === 'originator' ? responder : originator).rst))
    return unknown('the other side had reset before');
  const stream = streamBefore(timeline, r);
  const detections = [
    seqData(timeline, r),
    dataSeq(timeline, r, stream),
    seqChange(r, stream),
    ackChange(timeline, r),
  ].filter((found) => found !== null);
  if (detections.length === 0) return unknown('no detector fires');
  return { known: true, detections, doubts: doubtsOf(subject, r) };
}).needsTimes(DELAYS);
