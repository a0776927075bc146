import type { TimelinePacket } from '../../connection/connection.ts';
import { nearer, type Pair } from '../../vantage/pair.ts';
import { defineEvidence, type Known, ROUND_TRIPS, type Subject, unknown } from '../define.ts';
import { other, seconds, who } from '../packets.ts';
import closing from './closing.ts';

export interface FinDeliveryFact extends Known {
  readonly known: true;
  /**
   * `lost`: the FIN left its sender and never came to the other end. `later`:
   * it came when the other end had already written. `before`: the other end’s
   * host had it when it wrote.
   */
  course: 'lost' | 'later' | 'before';
  /** Seconds between the FIN’s coming and the writing, by the clock of the receiver’s capture; -1 when lost. */
  apart: number;
  /** One sentence without a final stop, and the packets of this capture that show it. */
  says: string;
  packets: number[];
}

/** When a packet of this timeline passed the capture at the FIN’s receiver; null when it is not in it. */
function timeAt(
  pair: Pair,
  here: boolean,
  timeline: readonly TimelinePacket[],
  p: TimelinePacket,
): number | null {
  if (here) return p.time;
  const fate = pair.fates[timeline.indexOf(p)];
  return fate?.kind === 'both' ? fate.packet.time : null;
}

function deliveredBy(
  { connection: { timeline } }: Subject,
  pair: Pair,
  fin: TimelinePacket,
  written: TimelinePacket,
) {
  const peer = other(fin.from);
  const near = nearer(pair, peer);
  if (pair.relation !== 'same' || near === null) return null;
  const packets = [fin.number, written.number];
  if (near === 'other' && pair.fates[timeline.indexOf(fin)]?.kind === 'lost') {
    const says = `the ${who(fin.from)}’s FIN never reached the ${who(peer)}: it is in the capture at the one end and not at the other`;
    return { known: true, course: 'lost', apart: -1, says, packets } as const;
  }
  const came = timeAt(pair, near === 'this', timeline, fin);
  const left = timeAt(pair, near === 'this', timeline, written);
  if (came === null || left === null) return null;
  const apart = Math.abs(came - left);
  const course = came < left ? ('before' as const) : ('later' as const);
  const says =
    course === 'later'
      ? `in the capture at the ${who(peer)} packet ${written.number} leaves ${seconds(apart)} before the FIN comes`
      : `in the capture at the ${who(peer)} the FIN comes ${seconds(apart)} before packet ${written.number} leaves`;
  return { known: true, course, apart, says, packets } as const;
}

/** What the receiver of the FIN had at the moment of its next writing: only a capture at its own end shows it. */
export default defineEvidence(
  'Whether the FIN had come to the other end when that end wrote again',
  (subject): FinDeliveryFact | ReturnType<typeof unknown> => {
    const close = closing.of(subject);
    if (!close.known) return unknown(close.why);
    const { fin, crossing, dataAfter } = close;
    const written = crossing ?? dataAfter[0];
    if (written === undefined) return unknown('nothing was written after the FIN');
    for (const pair of subject.world.pairs) {
      const found = deliveredBy(subject, pair, fin, written);
      if (found !== null) return found;
    }
    return unknown('no captures of both ends tell when the FIN came');
  },
).needsTimes(ROUND_TRIPS);
