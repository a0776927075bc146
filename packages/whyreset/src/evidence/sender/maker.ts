import type { TimelinePacket } from '../../connection/connection.ts';
import { mayComeFromPath } from '../../wire/reset-payload.ts';
import { defineEvidence, type Known, type Subject, unknown } from '../define.ts';
import kernelReason from '../host/kernel-reason.ts';
import { seconds, thousands, who } from '../packets.ts';
import challengeAck from '../reset/challenge-ack.ts';
import reset, { type ResetFact } from '../reset/reset.ts';
import resetPayload from '../reset/reset-payload.ts';
import risingResets from '../reset/rising-resets.ts';
import trigger from '../reset/trigger.ts';
import bothVantages from './both-vantages.ts';
import earlyReset from './early-reset.ts';
import forgedReset, { type Detection, type Detector } from './forged-reset.ts';
import injectorFingerprint from './injector-fingerprint.ts';
import ipId from './ip-id.ts';
import mac from './mac.ts';
import { otherCard, PROOFS, type Proof } from './maker-proofs.ts';
import { type Sign, sign } from './sign.ts';
import ttl, { type TtlFact } from './ttl.ts';
import { hops } from './vantage.ts';

/** An observation that leaves the claimed sender out. */
export interface ProofSign extends Sign, Pick<Proof, 'id' | 'claim' | 'excludes'> {}

export interface MakerFact extends Known {
  readonly known: true;
  /** Observations that exclude the claimed sender. */
  proofs: ProofSign[];
  /** What proves that the claimed sender's host sent it, seen by captures at both ends; null when nothing does. */
  own: Sign | null;
  /** It left that host, but its TCP did not make it: a packet filter on the host did. */
  byFilter: boolean;
  /** Each weighs against the claimed sender; independent of each other. */
  against: Sign[];
  /** Each fits the claimed sender's own stack. */
  fits: Sign[];
  /** Known injectors that build such RSTs, once a box is proven or likely: never weighed. */
  resembles: Sign[];
  /** `proven` by a proof, `likely` by signs, `unclear` when they (or proofs) disagree or are missing. */
  middlebox: 'proven' | 'likely' | 'unclear' | 'unlikely';
}

type Examiner = (subject: Subject, r: ResetFact) => Sign | null;

function usual({ min, max, borrowed }: TtlFact, r: ResetFact): { source: string; range: string } {
  return {
    source: `the ${who(r.side)}'s ${borrowed ? 'packets in other connections' : 'other packets'}`,
    range: min === max ? `${min}` : `${min} to ${max}`,
  };
}

/** What a detector of the 2009 paper found, where none of its known false positives is in sight. */
function raced(subject: Subject, detector: Detector): Detection | undefined {
  const forged = forgedReset.of(subject);
  if (!forged.known || forged.doubts.length > 0) return undefined;
  return forged.detections.find((found) => found.detector === detector);
}

const numbers = (packets: readonly TimelinePacket[]) => packets.map((p) => p.number);

const ttlAgainst: Examiner = (subject, r) => {
  const t = ttl.of(subject);
  if (!t.known || t.delta === 0) return null;
  const { source, range } = usual(t, r);
  const { number } = r.packet;
  const near = hops(t.reset) === 0;
  // Same distance, other initial value: a stack that resets without a socket ignores the socket's IP_TTL
  // (Linux tcp_v4_send_reset, xnu tcp_respond).
  if (hops(t.reset) === hops(t.max)) return null;
  // A whole initial value where the sender's packets have crossed routers: made on the doorstep, be it one hop.
  if (near && t.min === t.max) {
    const says = `TTL ${t.reset} is an untouched initial value, while ${source} arrive with ${range}: the RST was made nearer than the ${who(r.side)}`;
    return sign('ttl', t.firm || t.borrowed, says, number);
  }
  // A difference of one is only a path that wobbles (diagnose.md §6.7 S2).
  if (t.delta < 2) return null;
  return sign('ttl', t.firm, `TTL ${t.reset} is ${t.delta} off that of ${source} (${range})`, number);
};

/** Each looks at something else, so that no observation counts twice. */
const AGAINST: readonly Examiner[] = [
  ttlAgainst,
  (subject, r) => {
    const early = earlyReset.of(subject);
    if (!early.known || !early.tooSoon) return null;
    const verb = early.by === 'trigger' ? 'answers' : 'acknowledges';
    const says = `it ${verb} packet ${early.packet.number} after ${seconds(early.elapsed)}, though a round trip to the ${who(r.side)} takes ${seconds(early.roundTrip)}`;
    return sign(early.by, true, says, early.packet.number, r.packet.number);
  },
  (subject, r) => {
    const climb = risingResets.of(subject);
    if (climb.known) {
      const says = `${climb.packets.length} RSTs with climbing sequence numbers, beyond anything the ${who(r.side)} had sent: the hedging of an injector`;
      const hedged = raced(subject, 'RST_SEQ_CHANGE') !== undefined;
      return sign('reset', hedged, says, ...climb.packets.map((p) => p.number));
    }
    const { connection } = subject;
    if (r.ahead <= 0 || connection.originator.gaps + connection.responder.gaps > 0) return null;
    const says = `its sequence number lies ${thousands(r.ahead)} beyond the next byte the ${who(r.side)} had to send`;
    // Far outside the window nobody aims: a left-over of an earlier connection lies there.
    const challenge = challengeAck.of(subject);
    return sign('reset', !challenge.known || challenge.place !== 'outside', says, r.packet.number);
  },
  (subject, r) => {
    const link = mac.of(subject);
    return link.known && link.sameSegment && !link.recent ? otherCard(link, r) : null;
  },
  (subject) => {
    const race = raced(subject, 'DATA_SEQ_RST');
    return race === undefined ? null : sign('forgedReset', false, race.says, ...numbers(race.packets));
  },
  (subject) => {
    const race = raced(subject, 'RST_ACK_CHANGE');
    return race === undefined ? null : sign('forgedReset', true, race.says, ...numbers(race.packets));
  },
  (_, r) =>
    r.shape === 'foreign'
      ? sign('reset', false, `${r.oddities.join(', ')}: no Linux stack builds that`, r.packet.number)
      : null,
  (subject, r) => {
    const id = ipId.of(subject);
    if (!id.known || id.fits || id.source !== 'counter') return null;
    return sign(
      'ipId',
      false,
      `IP-ID ${id.reset} is ${id.delta} off the ${who(r.side)}'s counter`,
      r.packet.number,
    );
  },
  (subject, r) => {
    const said = resetPayload.of(subject);
    if (!said.known || said.payload.kind !== 'diagnostic' || !mayComeFromPath(said.payload.code)) return null;
    const says = `its payload gives a reason that boxes on a path use: ${said.payload.meaning}`;
    return sign('resetPayload', false, says, r.packet.number);
  },
];

const FITS: readonly Examiner[] = [
  (subject, r) => {
    const t = ttl.of(subject);
    if (!t.known || t.delta !== 0) return null;
    return sign('ttl', true, `TTL ${t.reset} is that of ${usual(t, r).source}`, r.packet.number);
  },
  (subject, r) => {
    if (r.shape !== 'active' || r.ahead !== 0) return null;
    const id = ipId.of(subject);
    const continues = id.known && id.source === 'counter' && id.fits;
    const says = `it continues the ${who(r.side)}'s own numbering${continues ? ', IP-ID included' : ''}: RST+ACK at the next byte, window ${r.packet.window}`;
    return sign('reset', continues, says, r.packet.number);
  },
  (subject, r) => {
    const cause = trigger.of(subject);
    if (r.shape !== 'passive' || !cause.known) return null;
    const says = `its sequence number is the ACK of packet ${cause.packet.number}: the answer of a stack that could not place it`;
    return sign('trigger', false, says, cause.packet.number, r.packet.number);
  },
];

function proven(subject: Subject, r: ResetFact): ProofSign[] {
  return PROOFS.flatMap(({ id, claim, excludes, of }) =>
    of(subject, r).map((found) => ({ ...found, id, claim, excludes })),
  );
}

function all(examiners: readonly Examiner[], subject: Subject, r: ResetFact): Sign[] {
  const signs: Sign[] = [];
  for (const examine of examiners) {
    const found = examine(subject, r);
    if (found !== null) signs.push(found);
  }
  return signs;
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

/** The kernel that sent it says so. */
function testified(subject: Subject, r: ResetFact): Sign | null {
  const said = kernelReason.of(subject);
  if (!said.known || !said.certain) return null;
  return { ...sign('kernelReason', true, said.says, r.packet.number), lines: said.lines };
}

/**
 * Proofs decide. Signs make a box likely when two of them are heavy, or one is
 * and nothing heavy fits the claimed sender; odd headers and IP-IDs, which
 * honest stacks show as well, never do alone.
 */
function weigh(proofs: Sign[], own: Sign | null, against: Sign[], fits: Sign[]): MakerFact['middlebox'] {
  if (own !== null) return proofs.length > 0 ? 'unclear' : 'unlikely';
  if (proofs.length > 0) return 'proven';
  const heavy = against.filter((s) => s.heavy);
  const speaksFor = fits.some((s) => s.heavy);
  if (heavy.length >= 2) return 'likely';
  if (heavy.length === 1) {
    // A lone jump ahead is also what a capture that lost packets without a trace shows.
    const alone = heavy[0]!.fact === 'reset' && heavy[0]!.packets.length < 2 && against.length === 1;
    return speaksFor || alone ? 'unclear' : 'likely';
  }
  return against.length === 0 && fits.length > 0 ? 'unlikely' : 'unclear';
}

/** Whether the RST was made by the host whose address it carries (diagnose.md §6.7). */
export default defineEvidence('Whether the RST was made by the host whose address it carries', (subject) => {
  const r = reset.of(subject);
  if (!r.known) return unknown(r.why);
  const challenge = challengeAck.of(subject);
  if (challenge.known && challenge.superseded)
    return unknown('the first RST ended nothing, and one from another hand followed');
  const proofs = proven(subject, r);
  const against = all(AGAINST, subject, r);
  const seen = bothVantages.of(subject);
  const kernel = testified(subject, r);
  const own = (seen.known ? seen.own : null) ?? kernel;
  const byFilter =
    own !== null &&
    kernel === null &&
    proofs.length > 0 &&
    proofs.every(({ excludes }) => excludes === 'stack');
  const fits = [...(own === null ? [] : [own]), ...all(FITS, subject, r)];
  const middlebox = weigh(proofs, own, against, fits);
  const resembles = middlebox === 'proven' || middlebox === 'likely' ? lookalikes(subject) : [];
  return { known: true, proofs, own, byFilter, against, fits, resembles, middlebox };
});
