import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, SILENCES, unknown } from '../define.ts';
import { distance, endpoint, isData, isReset, past } from '../packets.ts';
import loss from './loss.ts';

export interface GiveUpFact extends Known {
  readonly known: true;
  /** Who repeated. */
  side: Side;
  /** First transmission of the bytes that were never acknowledged. */
  first: TimelinePacket;
  /** Their repetitions, in order. */
  repetitions: TimelinePacket[];
  /** Seconds from the first transmission to the last repetition. */
  span: number;
  /** The waits between them grew: a timer ran out again and again, nobody asked for the bytes. */
  backedOff: boolean;
  /** Earlier payload of that side had been acknowledged. */
  taken: boolean;
  /** Packets of the other side between the first transmission and the last repetition: the way back was open. */
  heard: TimelinePacket[];
  /** First packet of the other side after the last repetition, RST excluded; null when it was never heard again. */
  later: TimelinePacket | null;
}

/** RFC 6298 §5.5 doubles the wait each time; half of that leaves room for clocks, and for a first copy sent early. */
const GROWTH = 1.5;

function grew(first: TimelinePacket, repetitions: readonly TimelinePacket[]): boolean {
  const times = [first, ...repetitions].map(({ time }) => time);
  const waits = times.slice(1).map((time, i) => time - times[i]!);
  return waits.length >= 2 && waits.at(-1)! >= GROWTH * waits[0]!;
}

/** Payload repeated at growing distances until its sender had enough: RFC 9293 §3.8.3 (R2), Linux tcp_retries2. */
export default defineEvidence('Repetitions at growing distances that nobody acknowledged', (subject) => {
  const lost = loss.of(subject);
  if (!lost.known) return unknown(lost.why);
  const [oldest] = lost.unanswered;
  if (oldest === undefined) return unknown('no payload was repeated in vain');
  const { connection } = subject;
  const { timeline } = connection;
  const side = oldest.from;
  const repetitions = lost.unanswered.filter((p) => p.from === side);
  const first = timeline.find((p) => p.from === side && isData(p) && distance(past(p), oldest.seq) > 0);
  if (first === undefined || first === oldest) return unknown('the first transmission was not kept');
  const last = repetitions.at(-1)!;
  const heard: TimelinePacket[] = [];
  let later: TimelinePacket | null = null;
  for (const p of timeline) {
    if (p.from === side || isReset(p)) continue;
    if (p.number <= first.number) continue;
    if (p.number < last.number) heard.push(p);
    else later ??= p;
  }
  return {
    known: true,
    side,
    first,
    repetitions,
    span: last.time - first.time,
    backedOff: grew(first, repetitions),
    // Beyond the SYN: a byte of payload was acknowledged.
    taken: endpoint(connection, side).acked > 1,
    heard,
    later,
  };
}).needsTimes(SILENCES);
