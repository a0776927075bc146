import type { Cause, Contradicted, Facts, Strength } from '../causes/define.ts';
import { contradicted, supported } from '../causes/define.ts';
import { causes } from '../causes/index.ts';
import type { Side } from '../connection/connection.ts';
import type { Subject } from '../evidence/define.ts';
import reset from '../evidence/reset/reset.ts';
import maker, { type MakerFact } from '../evidence/sender/maker.ts';
import tamperingSignature from '../evidence/sender/tampering-signature.ts';
import { type Candidate, madeByBox } from './candidate.ts';
import { factsOf } from './facts.ts';
import { nextItem } from './next-item.ts';
import type { Alternative, Certainty, EvidenceLine, RuledOut, Sender, Verdict } from './result.ts';
import { addTestimony, heard, named, type Testimony, testimonyOf } from './testimony.ts';

/** What one connection's evidence comes to. */
export interface Judgement {
  verdict: Verdict;
  /** The winning cause; null when undetermined. */
  cause: Cause | null;
  because: EvidenceLine[];
  ruledOut: RuledOut[];
  alternatives: Alternative[];
  next: string | null;
  facts: Facts;
}

/** By cause: what it makes more precise, and with what it is mistaken (either of the two may say so). */
const REFINED = new Map(causes.map(({ id, refines }) => [id, new Set(refines)]));
const RIVALS = new Map(
  causes.map(({ id, rivals }) => [
    id,
    new Set([
      ...rivals.map(({ cause }) => cause),
      ...causes.filter((other) => other.rivals.some(({ cause }) => cause === id)).map((other) => other.id),
    ]),
  ]),
);

/** `a` is a more precise form of `b`. */
export function refines(a: Cause, b: Cause): boolean {
  return REFINED.get(a.id)?.has(b.id) === true;
}

const WEIGHT: Record<Strength, number> = { proof: 3, strong: 2, fair: 1, weak: 0 };
const CERTAINTY: Record<Strength, Certainty> = {
  proof: 'proven',
  strong: 'likely',
  fair: 'possible',
  weak: 'undetermined',
};

/** Kinds of evidence whose exclusions are told even of causes that are no usual rivals. */
const TOLD_BY_HOST: ReadonlySet<string> = new Set(['kernelReason', 'counterDeltas']);

/** A refinement before the cause it makes more precise, else the stronger first. */
function compare(a: Candidate, b: Candidate): number {
  if (refines(a.cause, b.cause) && a.answer.strength !== 'weak') return -1;
  if (refines(b.cause, a.cause) && b.answer.strength !== 'weak') return 1;
  return WEIGHT[b.answer.strength] - WEIGHT[a.answer.strength];
}

/**
 * The candidate that none beats. `compare` is no total order (refinements skip
 * ranks), so no sort, and a walk alone may pass the winner by; it decides where
 * they beat each other in a ring.
 */
function best(candidates: Candidate[]): Candidate | null {
  const unbeaten = candidates.filter((c) => candidates.every((other) => compare(other, c) >= 0));
  if (unbeaten.length === 1) return unbeaten[0]!;
  let winner: Candidate | null = null;
  for (const candidate of candidates)
    if (winner === null || compare(candidate, winner) < 0) winner = candidate;
  return winner;
}

/**
 * What the maker of the RST means for a cause that blames an endpoint: a proof
 * of a middlebox excludes it, signs of one leave it a mere possibility.
 */
function tempered(candidate: Candidate, middlebox: MakerFact['middlebox']): Candidate | null {
  if (candidate.cause.resetBy === 'path' || candidate.answer.sender === 'middlebox') return candidate;
  if (middlebox === 'proven') return null;
  if (middlebox !== 'likely' || WEIGHT[candidate.answer.strength] <= WEIGHT.fair) return candidate;
  return { ...candidate, answer: { ...candidate.answer, strength: 'fair' } };
}

/** Candidates that stand beside the winner: as strong, and neither more general nor its own refinement. */
function besides(winner: Candidate, candidates: Candidate[]): Candidate[] {
  return candidates.filter(
    (c) =>
      c !== winner &&
      WEIGHT[c.answer.strength] >= WEIGHT[winner.answer.strength] &&
      !refines(winner.cause, c.cause) &&
      !refines(c.cause, winner.cause),
  );
}

/** Who sent it: the cause's own finding, else the side whose address it carries, unless signs speak against that. */
function senderOf(subject: Subject, candidate: Candidate | null, testimony: Testimony): Sender {
  if (testimony.kernel !== null && candidate?.cause.resetBy !== 'path') return testimony.kernel.side;
  if (candidate?.answer.sender !== undefined) return candidate.answer.sender;
  const { resetBy } = candidate?.cause ?? { resetBy: 'either' };
  if (resetBy === 'path') return 'middlebox';
  if (resetBy !== 'either') return resetBy;
  const r = reset.of(subject);
  const m = maker.of(subject);
  if (!r.known || !m.known) return 'undetermined';
  if (m.middlebox === 'proven' || m.middlebox === 'likely') return 'middlebox';
  return candidate === null && m.middlebox === 'unclear' ? 'undetermined' : (r.side satisfies Side);
}

/**
 * Asks every cause, then ranks: proofs decide, everything else is likelihood.
 * A proof of a middlebox overrules every cause that would blame an endpoint.
 */
export function judge(subject: Subject): Judgement {
  const facts = factsOf(subject);
  const made = maker.of(subject);
  const own = made.known ? made.own : null;
  const testimony = testimonyOf(subject);
  // The kernel that sent it knows better than any sign in its packets; only a proof stands against it.
  const middlebox = made.known && testimony.kernel === null ? made.middlebox : 'unclear';
  const answers: Candidate[] = [];
  const against: { cause: Cause; answer: Contradicted }[] = [];
  for (const cause of causes) {
    const answer = cause.examine(facts);
    if (answer.answer === 'supported') {
      const candidate = tempered({ cause, answer }, middlebox);
      if (candidate === null) continue;
      if (madeByBox(candidate) && own !== null)
        against.push({ cause, answer: contradicted('bothVantages', own.says, own.packets) });
      else answers.push(candidate);
    } else if (answer.answer === 'contradicted') against.push({ cause, answer });
  }
  // Two proofs against each other: neither is hidden.
  if (made.known && made.proofs.length > 0 && own !== null && !made.byFilter)
    return undetermined(subject, facts, [], against, { ...testimony, kernel: null });
  const candidates = heard(answers, testimony, against);
  if (!candidates.some((c) => WEIGHT[c.answer.strength] >= WEIGHT.fair)) {
    const only = named(testimony, against);
    if (only !== null) candidates.push({ cause: only, answer: supported('proof', []) });
  }
  const winner = best(candidates);
  if (winner === null || winner.answer.strength === 'weak') {
    return undetermined(subject, facts, candidates, against, testimony);
  }

  const equals = besides(winner, candidates);
  let certainty = CERTAINTY[winner.answer.strength];
  if (equals.length > 0) certainty = winner.answer.strength === 'fair' ? 'undetermined' : 'possible';
  if (certainty === 'undetermined') return undetermined(subject, facts, candidates, against, testimony);

  const ruledOut: RuledOut[] = [];
  const rivals = RIVALS.get(winner.cause.id);
  for (const { cause, answer } of against)
    if (rivals?.has(cause.id) || TOLD_BY_HOST.has(answer.because.fact))
      ruledOut.push({ cause: cause.id, because: answer.because.says });
  const open =
    certainty === 'possible' || certainty === 'likely'
      ? candidates.filter((c) => c !== winner && !refines(winner.cause, c.cause))
      : [];
  return {
    verdict: {
      sender: senderOf(subject, winner, testimony),
      cause: winner.cause.id,
      taxonomy: winner.cause.taxonomy,
      certainty,
      benign: winner.cause.benign,
    },
    cause: winner.cause,
    because: addTestimony(winner.answer.because.map(evidenceLine), subject),
    ruledOut,
    alternatives: open.map(alternative),
    next:
      certainty === 'proven' || (certainty === 'likely' && open.length === 0)
        ? null
        : nextItem(
            subject,
            winner.cause,
            open.map((c) => c.cause),
          ),
    facts,
  };
}

/** A sign or citation as the result tells it, without what only ranks it. */
function evidenceLine({ fact, says, packets, input, lines }: EvidenceLine): EvidenceLine {
  const line: EvidenceLine = { fact, says, packets };
  if (input !== undefined) line.input = input;
  if (lines !== undefined) line.lines = lines;
  return line;
}

function alternative({ cause, answer }: Candidate): Alternative {
  return { cause: cause.id, taxonomy: cause.taxonomy, because: answer.because.map((c) => c.says).join('; ') };
}

/** What several causes say in the same words is told once, as the last of them has it. */
function tell(because: EvidenceLine[], line: EvidenceLine): void {
  const known = because.findIndex(({ says }) => says === line.says);
  because[known < 0 ? because.length : known] = evidenceLine(line);
}

function undetermined(
  subject: Subject,
  facts: Facts,
  candidates: Candidate[],
  against: { cause: Cause; answer: Contradicted }[],
  testimony: Testimony,
): Judgement {
  const first = best(candidates);
  const m = maker.of(subject);
  const because: EvidenceLine[] = [];
  for (const { answer } of candidates) for (const line of answer.because) tell(because, line);
  if (candidates.length === 0 && m.known)
    for (const signs of [m.proofs, m.against, m.fits]) for (const line of signs) tell(because, line);
  const published = tamperingSignature.of(subject);
  if (candidates.length === 0 && published.known)
    for (const { says, packets } of published.matches)
      tell(because, { fact: 'tamperingSignature', says, packets: packets.map((p) => p.number) });
  return {
    verdict: {
      sender: senderOf(subject, null, testimony),
      cause: null,
      taxonomy: null,
      certainty: 'undetermined',
      benign: false,
    },
    cause: null,
    because: addTestimony(because, subject),
    ruledOut: [
      ...against.filter(({ answer }) => TOLD_BY_HOST.has(answer.because.fact)),
      ...against.filter(({ answer }) => !TOLD_BY_HOST.has(answer.because.fact)),
    ]
      .slice(0, 6)
      .map(({ cause, answer }) => ({ cause: cause.id, because: answer.because.says })),
    alternatives: candidates.map(alternative),
    next: nextItem(
      subject,
      first?.cause ?? null,
      candidates.filter((c) => c !== first).map((c) => c.cause),
    ),
    facts,
  };
}
