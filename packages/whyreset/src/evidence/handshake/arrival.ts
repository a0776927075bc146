import type { TimelinePacket } from '../../connection/connection.ts';
import { nearer, type Pair } from '../../vantage/pair.ts';
import type { Watch } from '../../vantage/watch.ts';
import { defineEvidence, type Known, unknown } from '../define.ts';
import { endpoint, isReset, isSyn } from '../packets.ts';
import { atHost } from '../sender/at-host.ts';
import handshake from './handshake.ts';

export interface ArrivalFact extends Known {
  readonly known: true;
  /**
   * `stopped`: the SYN never came to the other capture, which is nearer the
   * server. `arrived`: it did. `unsent`: it never passed the other capture,
   * which is nearer the client.
   */
  course: 'stopped' | 'arrived' | 'unsent';
  /** The other capture was taken at the host that it is nearer to. */
  atHost: boolean;
  /** What the server sent in answer there, and this capture does not hold; only where the SYN `arrived`. */
  answers: TimelinePacket[];
  /** Why no queue and no process of the server’s host can have dropped the SYN; null when one may have. */
  clears: string | null;
  /** One sentence without a final stop, and the packets of this capture that show it. */
  says: string;
  packets: number[];
  /** Routers between the captures; null unknown. */
  hops: number | null;
  /** Index of the other input. */
  input: number;
}

type Watched = Extract<Watch, { watched: true }>;

const apart = (hops: number | null) => (hops === null ? '' : `, ${hops} hop${hops === 1 ? '' : 's'} apart`);

/** The other capture was there all the time, and the attempt is not in it. */
function absent(watch: Watched, syns: readonly TimelinePacket[]): ArrivalFact {
  const { side, before, after, hops, input } = watch;
  const stopped = side === 'responder';
  const near = atHost(after.connection, side, endpoint(after.connection, side).ttlMax);
  const whose = stopped ? 'server' : 'client';
  const where = near ? `taken at the ${whose}’s host` : `nearer the ${whose}`;
  const around =
    before.here === after.here
      ? `the connection of packet ${before.here}, which these two hosts kept up all the while`
      : `the connections of packets ${before.here} and ${after.here}, which these two hosts made before and after`;
  const what = syns.length === 1 ? 'the SYN is' : `the ${syns.length} SYNs are`;
  const means = stopped
    ? `stopped on the way${apart(hops)}`
    : `not sent by the client: made on the way, or its address was forged`;
  return {
    known: true,
    course: stopped ? 'stopped' : 'unsent',
    atHost: near,
    answers: [],
    clears: stopped ? 'no SYN of this attempt came as far as the server' : null,
    says: `the capture ${where} holds ${around}, but ${what} not in it: ${means}`,
    packets: [...syns.slice(0, 4).map((p) => p.number), before.here, after.here],
    hops,
    input,
  };
}

function arrived(pair: Pair, watch: Watched | undefined, syns: readonly TimelinePacket[]): ArrivalFact {
  const { other, otherFates, hops } = pair;
  const answers = other.timeline.filter(
    (p, i) => p.from === 'responder' && otherFates[i]?.kind !== 'both' && (isReset(p) || isSyn(p)),
  );
  const [answer] = answers;
  const syn = other.timeline[0]!;
  const near =
    (watch !== undefined &&
      atHost(watch.after.connection, 'responder', endpoint(watch.after.connection, 'responder').ttlMax)) ||
    (answer !== undefined && atHost(other, 'responder', answer.ttl, answer.time - syn.time));
  const where = near ? 'the server’s host' : 'the capture nearer the server';
  const lost = answer !== undefined && !isReset(answer);
  const says = lost
    ? `the SYN came to ${where}, and the server answered it with ${answers.length === 1 ? 'a SYN-ACK' : `${answers.length} SYN-ACKs`}, none of which came back`
    : `the SYN came to ${where}: a filter between the captures is ruled out`;
  return {
    known: true,
    course: 'arrived',
    atHost: near,
    answers,
    clears: lost ? 'the server answered the SYN, as the other capture shows' : null,
    says,
    packets: syns.slice(0, 4).map((p) => p.number),
    hops,
    input: other.input,
  };
}

/** What a capture at the other end shows of an attempt that came to nothing here. */
export default defineEvidence('Whether the SYN of a failed attempt came to the other end', (subject) => {
  const { pairs, watches } = subject.world;
  const same = pairs.filter(({ relation }) => relation === 'same');
  if (same.length === 0 && watches.length === 0) return unknown('there is no other capture of this attempt');
  const shake = handshake.of(subject);
  if (!shake.known) return unknown(shake.why);
  if (shake.synAck !== null || shake.answered) return unknown('the attempt was answered');
  const watched = watches.filter((watch): watch is Watched => watch.watched);
  const index = subject.connection.timeline.indexOf(shake.syn);
  for (const pair of same) {
    if (pair.fates[index]?.kind !== 'both') continue;
    const watch = watched.find(({ input }) => input === pair.other.input);
    const near = nearer(pair, 'responder') ?? (watch?.side === 'responder' ? 'other' : null);
    if (near === 'other') return arrived(pair, watch, shake.syns);
  }
  // Of several that lack it the one at the server’s host says most.
  const lacking = watched.filter(({ present }) => !present).map((watch) => absent(watch, shake.syns));
  const best = lacking.find((fact) => fact.course === 'stopped' && fact.atHost) ?? lacking[0];
  if (best !== undefined) return best;
  const why = watches.find((watch) => !watch.watched && !watch.present);
  return unknown(why !== undefined && !why.watched ? why.why : 'the other capture tells nothing of it');
});
