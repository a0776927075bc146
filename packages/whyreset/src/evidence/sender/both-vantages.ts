import type { Connection, Side, TimelinePacket } from '../../connection/connection.ts';
import { nearer, type Pair } from '../../vantage/pair.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import { isFin, isReset, isSyn, who } from '../packets.ts';
import reset, { type ResetFact } from '../reset/reset.ts';
import trigger from '../reset/trigger.ts';
import { atHost } from './at-host.ts';
import { type Sign, sign } from './sign.ts';

/** A RST that one capture holds and the one nearer its claimed sender does not. */
export interface Absence {
  /** Last packet of that side before it that is in both captures, numbered as in this one. */
  before: TimelinePacket;
  /** First packet behind it that is in both; null when the other capture merely ran on. */
  after: TimelinePacket | null;
  /** Routers between the captures; null unknown. */
  hops: number | null;
  /** Why the host may have sent it past the nearer capture all the same; null when nothing of that is left. */
  doubt: Doubt | null;
}

/** A host may answer over another interface than the captured one, and a capture may drop the answer. */
export interface Doubt {
  /** One sentence without a final stop. */
  why: string;
  /** The host had something to answer: it is even what one would expect of it. */
  due: boolean;
}

export interface BothVantagesFact extends Known {
  readonly known: true;
  /** Captures that hold this TCP connection besides this one. */
  captures: number;
  /** Where the first RST is missing though its claimed sender is nearer; null when nowhere. */
  absence: Absence | null;
  /** The other end got a RST as well, in the name of this RST's receiver, who never sent it; null when it did not. */
  mirrored: TimelinePacket | null;
  /** What proves that the first RST left the host whose address it carries; null when nothing does. */
  own: Sign | null;
  /** Why the first RST is missing elsewhere without proving anything; null when that is not so. */
  doubt: string | null;
}

/** Seconds from the SYN to a RST that refuses it; -1 for any other. */
function refusedAfter({ timeline }: Connection, packet: TimelinePacket): number {
  const [syn] = timeline;
  return packet.rawSeq === 0 && syn !== undefined && isSyn(syn) ? packet.time - syn.time : -1;
}

function ownOf(here: Connection, pair: Pair, r: ResetFact): Sign | null {
  const fate = pair.fates[r.index];
  const near = nearer(pair, r.side);
  if (fate?.kind !== 'both' || near === null || !fate.ttlAsUsual) return null;
  const [connection, packet] = near === 'this' ? [here, r.packet] : [pair.other, fate.packet];
  if (!atHost(connection, r.side, packet.ttl, refusedAfter(connection, packet))) return null;
  const says = `the RST is in both captures, and in the one taken at the ${who(r.side)} it leaves that host with a whole TTL, ${packet.ttl}: the ${who(r.side)}’s host sent it`;
  return sign('bothVantages', true, says, r.packet.number);
}

/**
 * Nothing is left only where the nearer capture holds other RSTs of that host and the host had nothing to answer (it
 * had not closed, and what the RST answers did not come to it), or where what the RST answers never came to it while
 * it went on.
 */
function doubtOf(subject: Subject, pair: Pair, r: ResetFact, after: TimelinePacket | null): Doubt | null {
  const { timeline } = subject.connection;
  const name = who(r.side);
  if ([...timeline, ...pair.other.timeline].some((p) => p.from === r.side && isFin(p)))
    return {
      why: `the ${name} had closed, so it owed an answer, which may have left it another way`,
      due: true,
    };
  const cause = trigger.of(subject);
  const course = cause.known ? pair.fates[timeline.indexOf(cause.packet)]?.kind : undefined;
  if (cause.known && r.shape === 'passive' && course === 'both')
    return {
      why: `packet ${cause.packet.number}, which the RST answers, did come to the ${name}, whose answer may have left it another way`,
      due: true,
    };
  if ((course === 'lost' && after !== null) || pair.seesResets[r.side]) return null;
  return { why: `nothing shows that the capture nearer the ${name} sees the RSTs of that host`, due: false };
}

function absenceOf(subject: Subject, pair: Pair, r: ResetFact): Absence | null {
  const fate = pair.fates[r.index];
  if (fate?.kind !== 'injected') return null;
  const { before, after } = fate;
  return { before, after, hops: pair.hops, doubt: doubtOf(subject, pair, r, after) };
}

/** A RST that only the other capture holds, towards the end that this one is nearer. */
function mirroredOf(pair: Pair, side: Side): TimelinePacket | null {
  const { timeline } = pair.other;
  const index = timeline.findIndex((p) => p.from !== side && isReset(p));
  return index >= 0 && pair.otherFates[index]?.kind === 'injected' ? timeline[index]! : null;
}

/** What the captures at both ends say together about the first RST (diagnose.md §6.8). */
export default defineEvidence('Whether the RST is in the captures of both ends', (subject) => {
  const { connection, world } = subject;
  if (world.pairs.length === 0) return unknown('no other capture holds this connection');
  const pairs = world.pairs.filter(({ relation }) => relation === 'same');
  if (pairs.length === 0)
    return unknown('the other capture holds another TCP connection that carries the same payload');
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const first = <T>(look: (pair: Pair) => T | null): T | null => {
    for (const pair of pairs) {
      const found = look(pair);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    known: true,
    captures: pairs.length,
    absence: first((pair) => absenceOf(subject, pair, r)),
    mirrored: first((pair) => mirroredOf(pair, r.side)),
    own: first((pair) => ownOf(connection, pair, r)),
    doubt: first((pair) => {
      const fate = pair.fates[r.index];
      return fate?.kind === 'unknown' ? fate.why : null;
    }),
  };
});
