import type { Subject } from '../define.ts';
import { other, seconds, who } from '../packets.ts';
import challengeAck from '../reset/challenge-ack.ts';
import type { ResetFact } from '../reset/reset.ts';
import ackTiming from './ack-timing.ts';
import bothVantages, { type Doubt } from './both-vantages.ts';
import hostSilence from './host-silence.ts';
import madeHere from './made-here.ts';
import packetsAfterReset from './packets-after-reset.ts';
import { type Sign, sign } from './sign.ts';

/**
 * One way to prove that the host whose address a RST carries did not make it (diagnose.md §6.7). Adding one is an
 * entry in `PROOFS`, and a row in docs/decisions/0016-what-may-be-called-proven.md: what could make it false.
 * HP5 (another network card) and HP6 (its payload says so) are signs: both are honest on some networks.
 */
export interface Proof {
  /** `HP1` … as the list of hard proofs names it. */
  id: `HP${number}`;
  /** `host`: nothing on that host made it. `stack`: its TCP did not, but a packet filter on it may have. */
  excludes: 'host' | 'stack';
  /** Goes on from “the server did not make it: …”. */
  claim: string;
  /** What shows it for this RST; empty when it does not hold or cannot be told. */
  of(subject: Subject, r: ResetFact): Sign[];
}

export const PROOFS: readonly Proof[] = [
  {
    id: 'HP1',
    excludes: 'host',
    claim: 'it acknowledges what its sender cannot have received yet',
    of(subject, r) {
      const timing = ackTiming.of(subject);
      if (!timing.known || !timing.impossible) return [];
      const { packet, elapsed, roundTrip } = timing;
      const says = `the RST acknowledges packet ${packet.number} only ${seconds(elapsed)} after it passed here, but a round trip to the ${who(r.side)} takes at least ${seconds(roundTrip)}`;
      return [sign('ackTiming', true, says, packet.number, r.packet.number)];
    },
  },
  {
    id: 'HP2',
    excludes: 'stack',
    claim: 'its TCP went on with the connection',
    of(subject, r) {
      const later = packetsAfterReset.of(subject);
      if (!later.known || later.packets.length === 0) return [];
      // A RST that may be far from the stream may belong to an earlier connection on the same ports, and be the host's own.
      const challenge = challengeAck.of(subject);
      if (!challenge.known || (challenge.place !== 'exact' && challenge.place !== 'window')) return [];
      const says = `the TCP of the ${who(r.side)} sent new packets ${seconds(later.after)} after the RST, which continue its timestamps or IP-IDs from before`;
      return [
        sign(
          'packetsAfterReset',
          true,
          says,
          r.packet.number,
          ...later.packets.slice(0, 2).map((p) => p.number),
        ),
      ];
    },
  },
  {
    id: 'HP3',
    excludes: 'host',
    claim: 'a capture nearer to it does not contain it',
    of(subject, r) {
      const missing = absenceSign(subject, r);
      return missing !== null && missing.doubt === null ? [missing.sign] : [];
    },
  },
  {
    id: 'HP7',
    excludes: 'host',
    claim: 'both ends were reset in the name of the other',
    of(subject, r) {
      const seen = bothVantages.of(subject);
      if (!seen.known || seen.absence === null || seen.absence.doubt !== null || seen.mirrored === null)
        return [];
      const says = `the ${who(r.side)} in turn received a RST in the name of the ${who(other(r.side))}, who never sent it either`;
      return [sign('bothVantages', true, says, r.packet.number)];
    },
  },
  {
    id: 'HP4',
    excludes: 'stack',
    claim: 'the TCP of that host sent none at that moment',
    of(subject, r) {
      const silence = hostSilence.of(subject);
      if (!silence.known) return [];
      return [{ ...sign('hostSilence', true, silence.says, r.packet.number), lines: silence.lines }];
    },
  },
  {
    id: 'HP8',
    excludes: 'host',
    claim: 'the machine that captured it made it',
    of(subject, r) {
      const made = madeHere.of(subject);
      // One packet that is missing may have been dropped by the capture; the RST and what it answers, at once, were not.
      if (!made.known || made.withheld === null) return [];
      const says = `the capturing machine forwarded the packets of both sides, but not packet ${made.withheld.number}; it sent the RST in answer to it and received none`;
      return [sign('madeHere', true, says, made.withheld.number, r.packet.number)];
    },
  },
];

/** The capture nearer the claimed sender lacks the RST, and what leaves the host in all the same; null when it does not. */
export function absenceSign(subject: Subject, r: ResetFact): { sign: Sign; doubt: Doubt | null } | null {
  const seen = bothVantages.of(subject);
  if (!seen.known || seen.absence === null) return null;
  const { before, after, hops, doubt } = seen.absence;
  const around =
    after === null
      ? `holds the ${who(r.side)}’s packet ${before.number} before it and ran on`
      : `holds packets ${before.number} and ${after.number} around it`;
  const apart = hops === null ? '' : `, which are ${hops} hop${hops === 1 ? '' : 's'} apart`;
  const means = doubt === null ? `it was made between the two${apart}` : doubt.why;
  const says = `the capture nearer the ${who(r.side)} does not contain the RST, though it ${around}: ${means}`;
  const numbers = [before, r.packet, ...(after === null ? [] : [after])].map(({ number }) => number);
  return { sign: sign('bothVantages', doubt === null || !doubt.due, says, ...numbers), doubt };
}
