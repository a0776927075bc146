import ackTiming from './ack-timing.ts';
import afterlife from './afterlife.ts';
import coverage from './coverage.ts';
import { defineEvidence, type Known, type Subject, unknown } from './define.ts';
import ipId from './ip-id.ts';
import mac from './mac.ts';
import { distance, seconds, who } from './packets.ts';
import reset, { type ResetFact } from './reset.ts';
import rtt from './rtt.ts';
import trigger from './trigger.ts';
import ttl from './ttl.ts';
import { hops } from './vantage.ts';

/** One observation about who built the RST. */
export interface Sign {
  fact: string;
  says: string;
  packets: number[];
}

export interface MakerFact extends Known {
  readonly known: true;
  /** Observations that exclude the claimed sender. */
  proofs: Sign[];
  /** Each weighs against the claimed sender; independent of each other. */
  against: Sign[];
  /** Each fits the claimed sender's own stack. */
  fits: Sign[];
  /** `proven` by a proof, `likely` by signs, `unclear` when they disagree or are missing. */
  middlebox: 'proven' | 'likely' | 'unclear' | 'unlikely';
}

/** A passive RST this much sooner than a round trip was not made by the far end (diagnose.md §6.7 S7). */
const TOO_SOON = 0.5;
const MEANINGFUL_RTT = 0.004;

function proofsOf(subject: Subject, r: ResetFact): Sign[] {
  const proofs: Sign[] = [];
  const name = who(r.side);
  const timing = ackTiming.of(subject);
  if (timing.known && timing.impossible) {
    proofs.push({
      fact: 'ackTiming',
      says: `the RST acknowledges packet ${timing.packet.number} only ${seconds(timing.elapsed)} after it passed here, but a round trip to the ${name} takes at least ${seconds(timing.roundTrip)}`,
      packets: [timing.packet.number, r.packet.number],
    });
  }
  const later = afterlife.of(subject);
  if (later.known && later.packets.length > 0) {
    proofs.push({
      fact: 'afterlife',
      says: `the ${name} sent new data or acknowledgements ${seconds(later.after)} after “its” RST, as if it had never reset anything`,
      packets: [r.packet.number, ...later.packets.slice(0, 2).map((p) => p.number)],
    });
  }
  const link = mac.of(subject);
  if (link.known && link.differs && ownHops(subject) === 0) {
    proofs.push({
      fact: 'mac',
      says: `the frame of the RST comes from ${link.reset}, all others of the ${name} from ${link.usual} on this same segment`,
      packets: [r.packet.number],
    });
  }
  return proofs;
}

function ownHops(subject: Subject): number {
  const t = ttl.of(subject);
  return t.known && !t.borrowed && t.min === t.max ? hops(t.max) : -1;
}

function ttlSign(subject: Subject, r: ResetFact): { against: Sign | null; fits: Sign | null } {
  const t = ttl.of(subject);
  if (!t.known) return { against: null, fits: null };
  const usual = t.min === t.max ? `${t.min}` : `${t.min} to ${t.max}`;
  const name = who(r.side);
  const source = t.borrowed ? `the ${name}'s packets in other connections` : `the ${name}'s other packets`;
  if (t.delta === 0) {
    return {
      against: null,
      fits: { fact: 'ttl', says: `TTL ${t.reset} is that of ${source}`, packets: [r.packet.number] },
    };
  }
  // A whole initial value where the sender's packets have crossed routers: made on the doorstep.
  const doorstep = hops(t.reset) === 0 && t.min === t.max && hops(t.max) > 0;
  if (t.delta < 2 && !doorstep) return { against: null, fits: null };
  const says = doorstep
    ? `TTL ${t.reset} is an untouched initial value, while ${source} arrive with ${usual}: the RST was made nearer than the ${name}`
    : `TTL ${t.reset} is ${t.delta} off that of ${source} (${usual})`;
  return { against: { fact: 'ttl', says, packets: [r.packet.number] }, fits: null };
}

function signsAgainst(subject: Subject, r: ResetFact): Sign[] {
  const signs: Sign[] = [];
  const number = r.packet.number;
  const timeToLive = ttlSign(subject, r).against;
  if (timeToLive !== null) signs.push(timeToLive);
  const cause = trigger.of(subject);
  const times = rtt.of(subject);
  const roundTrip = times.known ? times[r.side] : -1;
  if (cause.known && roundTrip >= MEANINGFUL_RTT && cause.delay < TOO_SOON * roundTrip) {
    signs.push({
      fact: 'trigger',
      says: `it answers packet ${cause.packet.number} after ${seconds(cause.delay)}, though a round trip to the ${who(r.side)} takes ${seconds(roundTrip)}`,
      packets: [cause.packet.number, number],
    });
  }
  const timing = ackTiming.of(subject);
  if (
    timing.known &&
    !timing.impossible &&
    roundTrip >= MEANINGFUL_RTT &&
    timing.elapsed < TOO_SOON * timing.roundTrip
  ) {
    signs.push({
      fact: 'ackTiming',
      says: `it acknowledges packet ${timing.packet.number} after ${seconds(timing.elapsed)}, though a round trip to the ${who(r.side)} took ${seconds(timing.roundTrip)}`,
      packets: [timing.packet.number, number],
    });
  }
  const climbing = r.all.filter((p) => p.from === r.side);
  if (
    climbing.length >= 2 &&
    climbing.every((p, i) => i === 0 || distance(p.seq, climbing[i - 1]!.seq) > 2) &&
    climbing.at(-1)!.time - r.packet.time < 2 &&
    r.ahead >= 0 &&
    distance(climbing.at(-1)!.seq, r.packet.seq) - r.ahead > 0
  ) {
    signs.push({
      fact: 'reset',
      says: `${climbing.length} RSTs with climbing sequence numbers, beyond anything the ${who(r.side)} had sent: the hedging of an injector`,
      packets: climbing.map((p) => p.number),
    });
  } else if (r.ahead > 0 && coverage.of(subject).known) {
    signs.push({
      fact: 'reset',
      says: `its sequence number lies ${r.ahead} beyond the next byte the ${who(r.side)} had to send`,
      packets: [number],
    });
  }
  if (r.shape === 'foreign' && hops(r.packet.ttl) < 64) {
    signs.push({
      fact: 'reset',
      says: `${r.oddities.join(', ')}: no Linux stack builds that`,
      packets: [number],
    });
  }
  const id = ipId.of(subject);
  if (id.known && !id.fits && id.source === 'counter') {
    signs.push({
      fact: 'ipId',
      says: `IP-ID ${id.reset} is ${id.delta} off the ${who(r.side)}'s counter`,
      packets: [number],
    });
  }
  return signs;
}

function signsFor(subject: Subject, r: ResetFact): Sign[] {
  const signs: Sign[] = [];
  const number = r.packet.number;
  const same = ttlSign(subject, r).fits;
  if (same !== null) signs.push(same);
  const id = ipId.of(subject);
  if (r.shape === 'active' && r.ahead === 0) {
    const continues = id.known && id.source === 'counter' && id.fits;
    signs.push({
      fact: 'reset',
      says: `it continues the ${who(r.side)}'s own numbering${continues ? ', IP-ID included' : ''}: RST+ACK at the next byte, window ${r.packet.window}`,
      packets: [number],
    });
  }
  const cause = trigger.of(subject);
  if (r.shape === 'passive' && cause.known) {
    signs.push({
      fact: 'trigger',
      says: `its sequence number is the ACK of packet ${cause.packet.number}: the answer of a stack that could not place it`,
      packets: [cause.packet.number, number],
    });
  }
  return signs;
}

/**
 * Whether the RST was made by the host whose address it carries. Proofs decide;
 * signs are counted once each and never outweigh a proof. One oddity that an
 * honest stack could show (shape, IP-ID) is not enough to accuse a box.
 */
export default defineEvidence('Whether the RST was made by the host whose address it carries', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const proofs = proofsOf(subject, r);
  const against = signsAgainst(subject, r);
  const fits = signsFor(subject, r);
  const heavy = against.filter(
    (sign) => sign.fact !== 'ipId' && !(sign.fact === 'reset' && r.shape === 'foreign'),
  );
  const sameTtl = fits.some((sign) => sign.fact === 'ttl');
  let middlebox: MakerFact['middlebox'] = 'unclear';
  if (proofs.length > 0) middlebox = 'proven';
  else if (against.length >= 2 || (heavy.length === 1 && heavy[0]!.fact !== 'reset' && !sameTtl))
    middlebox = 'likely';
  else if (against.length === 0 && fits.length > 0) middlebox = 'unlikely';
  return { known: true, proofs, against, fits, middlebox };
});
