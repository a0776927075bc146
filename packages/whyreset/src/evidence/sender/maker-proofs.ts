import type { Subject } from '../define.ts';
import arrival from '../handshake/arrival.ts';
import { other, seconds, who } from '../packets.ts';
import challengeAck from '../reset/challenge-ack.ts';
import type { ResetFact } from '../reset/reset.ts';
import resetPayload from '../reset/reset-payload.ts';
import ackTiming from './ack-timing.ts';
import bothVantages from './both-vantages.ts';
import hostSilence from './host-silence.ts';
import mac from './mac.ts';
import packetsAfterReset from './packets-after-reset.ts';
import { type Sign, sign } from './sign.ts';
import ttl from './ttl.ts';

/**
 * One way to prove that the host whose address a RST carries did not make it
 * (diagnose.md §6.7). Adding one is an entry in `PROOFS` and nothing else.
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

/** draft-ietf-tcpm-rst-diagnostic-payload: the one code that names a box outright. */
const MIDDLEBOX_INTERFERENCE = 17;

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
    claim: 'its sender lived on',
    of(subject, r) {
      const later = packetsAfterReset.of(subject);
      if (!later.known || later.packets.length === 0) return [];
      // A RST that may be far from the stream may belong to an earlier connection on the same ports, and be the host's own.
      const challenge = challengeAck.of(subject);
      if (!challenge.known || (challenge.place !== 'exact' && challenge.place !== 'window')) return [];
      const says = `the ${who(r.side)} sent new data or acknowledgements ${seconds(later.after)} after “its” RST, as if it had never reset anything`;
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
      const seen = bothVantages.of(subject);
      if (!seen.known || seen.absence === null) return refusedOnTheWay(subject, r);
      const { before, after, hops } = seen.absence;
      const around =
        after === null
          ? `holds the ${who(r.side)}’s packet ${before.number} before it and ran on`
          : `holds packets ${before.number} and ${after.number} around it`;
      const apart = hops === null ? '' : `, which are ${hops} hop${hops === 1 ? '' : 's'} apart`;
      const says = `the capture nearer the ${who(r.side)} does not contain the RST, though it ${around}: it was made between the two${apart}`;
      const numbers = [before, r.packet, ...(after === null ? [] : [after])].map(({ number }) => number);
      return [sign('bothVantages', true, says, ...numbers)];
    },
  },
  {
    id: 'HP7',
    excludes: 'host',
    claim: 'both ends were reset in the name of the other',
    of(subject, r) {
      const seen = bothVantages.of(subject);
      if (!seen.known || seen.absence === null || seen.mirrored === null) return [];
      const says = `the ${who(r.side)} in turn received a RST in the name of the ${who(other(r.side))}, who never sent it either`;
      return [sign('bothVantages', true, says, r.packet.number)];
    },
  },
  {
    id: 'HP4',
    excludes: 'stack',
    claim: 'it left a host whose TCP stack sent none',
    of(subject, r) {
      const silence = hostSilence.of(subject);
      if (!silence.known) return [];
      return [{ ...sign('hostSilence', true, silence.says, r.packet.number), lines: silence.lines }];
    },
  },
  {
    id: 'HP5',
    excludes: 'host',
    claim: 'it came from another network card',
    of(subject, r) {
      const link = mac.of(subject);
      return link.known && link.sameSegment && link.recent ? [otherCard(link, r)] : [];
    },
  },
  {
    id: 'HP6',
    excludes: 'host',
    claim: 'it says so itself',
    of(subject, r) {
      const said = resetPayload.of(subject);
      if (!said.known || said.payload.kind !== 'diagnostic') return [];
      const { code, meaning, enterprise } = said.payload;
      if (enterprise !== 0 || code !== MIDDLEBOX_INTERFERENCE) return [];
      return [
        sign('resetPayload', true, `the RST says so itself: code ${code}, ${meaning}`, r.packet.number),
      ];
    },
  },
];

/**
 * The SYN that the RST refuses never came to the server's capture. A host that shares the address (a balancer's
 * other target) might have refused it, so the RST must also come from another distance than the server's packets.
 */
function refusedOnTheWay(subject: Subject, r: ResetFact): Sign[] {
  const came = arrival.of(subject);
  const distance = ttl.of(subject);
  if (!came.known || came.course !== 'stopped' || r.side !== 'responder') return [];
  if (!distance.known || distance.delta === 0) return [];
  return [sign('arrival', true, came.says, ...came.packets)];
}

/** The frame of the RST has another source than all others of its sender. */
export function otherCard(link: { reset: string; usual: string }, r: ResetFact): Sign {
  const says = `the frame of the RST comes from ${link.reset}, all others of the ${who(r.side)} from ${link.usual} on this same segment`;
  return sign('mac', true, says, r.packet.number);
}
