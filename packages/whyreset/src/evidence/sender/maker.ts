import type { Side, TimelinePacket } from '../../connection/connection.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import kernelReason from '../host/kernel-reason.ts';
import { endpoint, who } from '../packets.ts';
import challengeAck from '../reset/challenge-ack.ts';
import reset, { type ResetFact } from '../reset/reset.ts';
import bothVantages from './both-vantages.ts';
import injectorFingerprint from './injector-fingerprint.ts';
import { PROOFS, type Proof } from './maker-proofs.ts';
import { type Sign, sign } from './sign.ts';
import { signsAgainst, signsFor } from './signs.ts';
import { atSender } from './ttl-sign.ts';

/** An observation that leaves the claimed sender's TCP, or its whole host, out. */
export interface ProofSign extends Sign, Pick<Proof, 'id' | 'claim' | 'excludes'> {}

/** How sure it is who made the RST; it says nothing of why. */
export type SenderCertainty = 'proven' | 'likely' | 'possible' | 'undetermined';

export interface MakerFact extends Known {
  readonly known: true;
  /** Who made it: the host whose address it carries, something else, or nothing that the packets tell. */
  sender: Side | 'middlebox' | 'undetermined';
  senderCertainty: SenderCertainty;
  /**
   * Whether the TCP that held the connection is left out as its maker. That leaves its host: a packet filter on it,
   * and another host with the same address, are other readings, and `rivals` lists them.
   */
  madeOutsideStack: 'proven' | 'likely' | 'unclear' | 'unlikely';
  /** Other makers that the packets allow, in words that go on from “it may also be”; empty when there are none. */
  rivals: string[];
  /** Observations that exclude the claimed sender's TCP, or its host. */
  proofs: ProofSign[];
  /** What shows that the claimed sender's host sent it: captures at both ends, its kernel; null when nothing does. */
  own: Sign | null;
  /** It left that host, but its TCP did not make it: a packet filter on the host did. */
  byFilter: boolean;
  /**
   * A kernel that has the address says that it sent it without a socket of the connection, while the TCP that holds
   * the connection did not: two hosts have the address.
   */
  byTwin: boolean;
  /** Each weighs against the claimed sender; independent of each other. */
  against: Sign[];
  /** Each fits the claimed sender's own stack. */
  fits: Sign[];
  /** Known injectors that build such RSTs, once a box is proven or likely: never weighed. */
  resembles: Sign[];
  /** The same as `madeOutsideStack`, by its name from before there were two certainties. */
  middlebox: 'proven' | 'likely' | 'unclear' | 'unlikely';
}

const numbers = (packets: readonly TimelinePacket[]) => packets.map((p) => p.number);

function proven(subject: Subject, r: ResetFact): ProofSign[] {
  return PROOFS.flatMap(({ id, claim, excludes, of }) =>
    of(subject, r).map((found) => ({ ...found, id, claim, excludes })),
  );
}

function lookalikes(subject: Subject): Sign[] {
  const found = injectorFingerprint.of(subject);
  if (!found.known) return [];
  return found.matches.map(({ name, source, firstSeen, lastConfirmed }) => {
    const when =
      firstSeen === lastConfirmed ? `reported ${firstSeen}` : `reported ${firstSeen} to ${lastConfirmed}`;
    const says = `it is built as by ${name} (${source}; ${when}), which one connection cannot prove`;
    return sign('injectorFingerprint', false, says, ...numbers(found.packets));
  });
}

interface KernelSign {
  sign: Sign;
  /** A socket of its own was at hand, be it the listening one. */
  bySocket: boolean;
  /** That socket was the connection's. */
  ofConnection: boolean;
}

/** The kernel that owns the address says that it sent it. */
function kernelSign(subject: Subject, r: ResetFact): KernelSign | null {
  const said = kernelReason.of(subject);
  if (!said.known || !said.certain) return null;
  const line = { ...sign('kernelReason', true, said.says, r.packet.number), lines: said.lines };
  const { bySocket, state } = said;
  return { sign: line, bySocket, ofConnection: bySocket && state !== 'TCP_LISTEN' };
}

/**
 * Proofs decide. Signs make it likely when two of them are heavy, or one is and nothing heavy fits the claimed
 * sender; odd headers and IP-IDs, which honest stacks show as well, never do alone.
 */
function weigh(
  proofs: readonly Sign[],
  own: Sign | null,
  against: readonly Sign[],
  fits: readonly Sign[],
): MakerFact['madeOutsideStack'] {
  if (own !== null) return proofs.length > 0 ? 'unclear' : 'unlikely';
  if (proofs.length > 0) return 'proven';
  const heavy = against.filter((s) => s.heavy);
  const speaksFor = fits.some((s) => s.heavy);
  if (heavy.length >= 2) return 'likely';
  if (heavy.length === 1) {
    // A lone jump ahead is also what a capture that lost packets without a trace shows.
    const [one] = heavy;
    const others = against.filter((s) => s !== one && s.fact !== 'packetsAfterReset');
    const alone = one!.fact === 'reset' && one!.packets.length < 2 && others.length === 0;
    return speaksFor || alone ? 'unclear' : 'likely';
  }
  return against.length === 0 && fits.length > 0 ? 'unlikely' : 'unclear';
}

/** Signs that place the maker somewhere else than the host, or show it to be an injector. */
const LOCATES: ReadonlySet<string> = new Set([
  'ttl',
  'trigger',
  'ackTiming',
  'reset',
  'forgedReset',
  'arrival',
]);

type Named = Pick<MakerFact, 'sender' | 'senderCertainty' | 'rivals'>;

const named = (sender: Named['sender'], senderCertainty: SenderCertainty, rivals: string[] = []): Named => ({
  sender,
  senderCertainty,
  rivals,
});

/** Who made it, where the TCP that held the connection did not. */
function outsideStack(subject: Subject, r: ResetFact, fact: Weighed): Named {
  const { proofs, against } = fact;
  const sure = fact.madeOutsideStack === 'proven';
  const notThere = proofs.some(({ excludes }) => excludes === 'host');
  // A bare RST needs no knowledge of the connection: another host that has the address sends it as well.
  const here = proofs.some(({ id }) => id === 'HP8');
  if (here || (notThere && r.shape !== 'passive')) return named('middlebox', 'proven');
  const { address } = endpoint(subject.connection, r.side);
  const host = `the ${who(r.side)}'s host`;
  const filter = `a packet filter on ${host} itself`;
  const twin = `another host with the address ${address}`;
  const box = 'a box on the path or an injector';
  // The claimed sender's own stack is still a reading where signs alone speak against it.
  const stack = sure ? [] : [`the TCP of ${host}`];
  const absent = against.some(({ heavy, fact: name }) => heavy && name === 'bothVantages');
  if (
    against.some(({ heavy, fact: name }) => heavy && LOCATES.has(name)) ||
    (absent && r.shape !== 'passive')
  )
    return named('middlebox', 'likely', [...stack, twin]);
  if (notThere || absent) return named('undetermined', 'undetermined', [...stack, twin, box]);
  const bySameDistance = fact.fits.some(({ heavy, fact: name }) => heavy && name === 'ttl');
  const moved = against.some(({ fact: name }) => name === 'mac');
  if (sure && atSender(subject, r) && bySameDistance && !moved)
    return named(r.side, 'likely', [filter, twin, box]);
  return named('undetermined', 'undetermined', [...stack, filter, twin, box]);
}

type Weighed = Pick<
  MakerFact,
  'proofs' | 'own' | 'byFilter' | 'byTwin' | 'against' | 'fits' | 'madeOutsideStack'
>;

function senderOf(subject: Subject, r: ResetFact, fact: Weighed, bySocket: boolean): Named {
  const { proofs, own, byFilter, byTwin, against, madeOutsideStack } = fact;
  const { address } = endpoint(subject.connection, r.side);
  if (byTwin)
    return named('undetermined', 'undetermined', [
      `another host with the address ${address}`,
      `a router that owns the address ${address} and lost its translation`,
    ]);
  if (own !== null) {
    // Two proofs against each other.
    if (proofs.length > 0 && !byFilter) return named('undetermined', 'undetermined');
    // A router that translates owns the address as well, and its kernel answers what it can no longer translate.
    if (own.fact === 'kernelReason' && !bySocket)
      return named(r.side, 'likely', [`a router that owns the address ${address} and lost its translation`]);
    return named(r.side, own.fact === 'kernelReason' ? 'proven' : 'likely');
  }
  if (madeOutsideStack === 'proven' || madeOutsideStack === 'likely') return outsideStack(subject, r, fact);
  if (madeOutsideStack === 'unlikely') return named(r.side, 'likely');
  if (against.some((s) => s.heavy)) return named('undetermined', 'undetermined', ['a box on the path']);
  return named(r.side, 'possible', against.length > 0 ? ['a box on the path'] : []);
}

/** Who made the RST, and how sure that is (diagnose.md §6.7). Why it was made is a matter of the causes. */
export default defineEvidence('Whether the RST was made by the host whose address it carries', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const challenge = challengeAck.of(subject);
  if (challenge.known && challenge.superseded)
    return unknown('the first RST ended nothing, and one from another sender followed');
  const proofs = proven(subject, r);
  const against = signsAgainst(subject, r);
  const seen = bothVantages.of(subject);
  const kernel = kernelSign(subject, r);
  const both = seen.known ? seen.own : null;
  const own = kernel?.bySocket === true ? kernel.sign : (both ?? kernel?.sign ?? null);
  const byFilter =
    own !== null &&
    kernel === null &&
    proofs.length > 0 &&
    proofs.every(({ excludes }) => excludes === 'stack');
  // A kernel whose answer is not of the connection's socket has none: what went on with the connection is another one.
  const byTwin = kernel !== null && !kernel.ofConnection && own === kernel.sign && proofs.length > 0;
  const fits = [...(own === null ? [] : [own]), ...signsFor(subject, r)];
  const madeOutsideStack = byFilter || byTwin ? 'proven' : weigh(proofs, own, against, fits);
  const weighed: Weighed = { proofs, own, byFilter, byTwin, against, fits, madeOutsideStack };
  const outside = madeOutsideStack === 'proven' || madeOutsideStack === 'likely';
  return {
    known: true,
    ...senderOf(subject, r, weighed, kernel?.bySocket ?? false),
    ...weighed,
    resembles: outside && !byTwin ? lookalikes(subject) : [],
    middlebox: byFilter || byTwin ? 'unclear' : madeOutsideStack,
  };
});
