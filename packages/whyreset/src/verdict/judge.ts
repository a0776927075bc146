import type { Cause, KnownFacts } from '../causes/define.ts';
import { supported } from '../causes/define.ts';
import type { Subject } from '../evidence/define.ts';
import endingMaker from '../evidence/sender/ending-maker.ts';
import maker from '../evidence/sender/maker.ts';
import tamperingSignature from '../evidence/sender/tampering-signature.ts';
import type { Family } from '../families/define.ts';
import { type Answers, askCauses, type Candidate, limitByMaker, type Rejected } from './candidate.ts';
import { factsOf } from './facts.ts';
import {
  addHostLines,
  applyHostReport,
  causeOfReason,
  type HostReport,
  hostReportOf,
} from './host-report.ts';
import { limitByOldReset } from './limit-by-old-reset.ts';
import { limitByUnseen } from './limit-by-unseen.ts';
import { addDirectionLine, halfStatement, limitByView } from './limit-by-view.ts';
import { nextItem } from './next-item.ts';
import {
  type Context,
  certaintyAlone,
  certaintyOf,
  contextOf,
  familyOf,
  ranked,
  refines,
  weightOf,
} from './rank.ts';
import type {
  Alternative,
  Certainty,
  EvidenceLine,
  NamedCause,
  NextItem,
  Objection,
  Verdict,
} from './result.ts';
import { type SenderVerdict, senderOf } from './sender.ts';

/** What one connection's evidence comes to. */
export interface Judgement {
  verdict: Verdict;
  /** Null when nothing speaks for any cause. */
  family: Family | null;
  /** One sentence that is certain whichever member of the family it is; null without a family. */
  statement: string | null;
  /** The cause that stands first; null when undetermined. */
  cause: Cause | null;
  because: EvidenceLine[];
  ruledOut: Objection[];
  doubted: Objection[];
  alternatives: Alternative[];
  next: NextItem | null;
  facts: KnownFacts;
}

/** Exclusions that are shown at most. */
const MOST_EXCLUSIONS = 6;

/** Kinds of evidence whose exclusions come first: the host's own record. */
const OF_HOST: ReadonlySet<string> = new Set(['kernelReason', 'counterDeltas']);

/** By family, the causes that its discriminators name. */
const TOLD_APART = new Map(
  [...familyOf].map(([id, { tells }]) => [id, new Set(tells.flatMap(({ is, not }) => [is, not]))]),
);
const NONE: ReadonlySet<string> = new Set();

/** Asks every cause, takes away what is excluded, and ranks the rest. */
export function judge(subject: Subject): Judgement {
  const facts = factsOf(subject);
  const made = maker.of(subject);
  const report = hostReportOf(subject);
  // The kernel that sent it knows better than any sign in its packets; only a proof stands against it.
  const ending = endingMaker.of(subject);
  const closedElsewhere = ending.known && ending.madeOutsideStack === 'likely';
  const byReset = made.known && report.kernel === null ? made.madeOutsideStack : 'unclear';
  const outside = closedElsewhere && byReset !== 'proven' ? 'likely' : byReset;
  const seen = limitByUnseen(limitByOldReset(askCauses(subject, facts), subject), subject);
  const answers = limitByView(limitByMaker(seen, outside, made.known ? made : null), subject);
  // Two proofs that contradict each other: both are shown, and nothing is decided.
  if (made.known && made.proofs.length > 0 && made.own !== null && !made.byFilter && !made.byTwin)
    return conclude(subject, facts, { ...answers, candidates: [] }, { ...report, kernel: null });
  return conclude(subject, facts, withHostReport(answers, report), report);
}

function withHostReport({ candidates, excluded, doubted }: Answers, report: HostReport): Answers {
  const out = [...excluded];
  const left = applyHostReport(candidates, report, out);
  if (!left.some((c) => c.answer.strength !== 'weak')) {
    const only = causeOfReason(report, out);
    if (only !== null) left.push({ cause: only, answer: supported('proof', []) });
  }
  return { candidates: left, excluded: out, doubted };
}

/**
 * Harmless is said only where nothing harmful is left beside it (docs/decisions/0004): a benign cause that is
 * merely possible gives way to the first harmful one.
 */
function withoutWeakBenign(order: readonly Candidate[], context: Context): Candidate[] {
  const [first] = order;
  if (first === undefined || !first.cause.benign) return [...order];
  const certainty = certaintyOf(order, context);
  if (certainty === 'proven' || certainty === 'likely') return [...order];
  const harmful = order.findIndex(({ cause }) => !cause.benign);
  if (harmful < 0) return [...order];
  return [order[harmful]!, ...order.slice(0, harmful), ...order.slice(harmful + 1)];
}

function conclude(subject: Subject, facts: KnownFacts, answers: Answers, report: HostReport): Judgement {
  const { candidates } = answers;
  const context = contextOf(candidates, facts);
  const order = withoutWeakBenign(ranked(candidates, context), context);
  const [winner] = order;
  const certainty = certaintyOf(order, context);
  const named = certainty === 'undetermined' ? null : (winner ?? null);
  const open = certainty === 'proven' ? [] : alternativesOf(named, order, certainty);
  const half = named === null ? halfStatement(subject) : null;
  const family = winner === undefined || half !== null ? null : (familyOf.get(winner.cause.family) ?? null);
  const verdict = verdictOf(named, order, certainty, senderOf(subject, named, report));
  return {
    verdict: { ...verdict, family: family?.id ?? null },
    family,
    statement: half ?? family?.statement(facts) ?? null,
    cause: named?.cause ?? null,
    because: addDirectionLine(
      addHostLines(evidenceOf(subject, named, order, context, facts), subject),
      subject,
    ),
    ruledOut: objections(answers.excluded, named, order),
    doubted: objections(answers.doubted, named, order),
    alternatives: open.map(alternative),
    next:
      certainty === 'proven' || (certainty === 'likely' && open.length === 0)
        ? null
        : nextItem(
            subject,
            winner?.cause ?? null,
            open.filter((c) => c !== winner).map((c) => c.cause),
          ),
    facts,
  };
}

/**
 * What the named cause makes more precise is no alternative to it, unless it is merely possible: then the general
 * cause may have had another reason.
 */
function alternativesOf(
  named: Candidate | null,
  order: readonly Candidate[],
  certainty: Certainty,
): readonly Candidate[] {
  if (named === null) return order;
  const general = generalOf(named, order, certainty)?.cause;
  return order.filter(({ cause }) => {
    if (cause === named.cause) return false;
    return !refines(named.cause, cause) || (certainty === 'possible' && cause.id !== general);
  });
}

function verdictOf(
  named: Candidate | null,
  order: readonly Candidate[],
  certainty: Certainty,
  sender: SenderVerdict,
): Verdict {
  return {
    family: order[0]?.cause.family ?? null,
    cause: named?.cause.id ?? null,
    taxonomy: named?.cause.taxonomy ?? null,
    certainty,
    general: named === null ? null : generalOf(named, order, certainty),
    ...sender,
    benign: named?.cause.benign === true && certainty !== 'possible',
  };
}

const SURENESS: Record<Certainty, number> = { proven: 3, likely: 2, possible: 1, undetermined: 0 };

/** The surest of the causes that the named one makes more precise, where it is surer than that. */
function generalOf(named: Candidate, order: readonly Candidate[], certainty: Certainty): NamedCause | null {
  let surest: Candidate | null = null;
  for (const c of order)
    if (refines(named.cause, c.cause) && weightOf(c) > weightOf(surest ?? named)) surest = c;
  if (surest === null || SURENESS[certaintyAlone(surest)] <= SURENESS[certainty]) return null;
  const { id, taxonomy, title } = surest.cause;
  return { cause: id, taxonomy, title, certainty: certaintyAlone(surest) };
}

/** A sign or citation as the result has it, without what only ranks it. */
function evidenceLine({ fact, says, packets, input, lines }: EvidenceLine): EvidenceLine {
  const line: EvidenceLine = { fact, says, packets };
  if (input !== undefined) line.input = input;
  if (lines !== undefined) line.lines = lines;
  return line;
}

function alternative({ cause, answer }: Candidate): Alternative {
  const because = answer.because.map((c) => c.says).join('; ');
  return { cause: cause.id, taxonomy: cause.taxonomy, family: cause.family, because };
}

/** Deduplicates by text; the last one wins. */
function add(because: EvidenceLine[], line: EvidenceLine): void {
  const known = because.findIndex(({ says }) => says === line.says);
  because[known < 0 ? because.length : known] = evidenceLine(line);
}

/** Of the named cause; where none is, of all that remain; where none remain, what is known of the maker. */
function evidenceOf(
  subject: Subject,
  named: Candidate | null,
  order: readonly Candidate[],
  context: Context,
  facts: KnownFacts,
): EvidenceLine[] {
  const because: EvidenceLine[] = [];
  for (const { answer } of named === null ? order : [named])
    for (const line of answer.because) add(because, line);
  const family = familyOf.get(order[0]?.cause.family ?? '');
  for (const line of family?.evidence?.(facts) ?? []) add(because, line);
  if (order.length > 1) for (const line of context.because) add(because, line);
  if (order.length > 0) return because;
  const m = maker.of(subject);
  if (m.known)
    for (const signs of [m.proofs, m.against, m.fits]) for (const line of signs) add(because, line);
  const published = tamperingSignature.of(subject);
  if (published.known)
    for (const { says, packets } of published.matches)
      add(because, { fact: 'tamperingSignature', says, packets: packets.map((p) => p.number) });
  return because;
}

/** Of causes that stand near the answer: its family, families of the alternatives, and what the host itself excludes. */
function objections(
  rejected: readonly Rejected<Rejected['answer'] | Answers['doubted'][number]['answer']>[],
  named: Candidate | null,
  order: readonly Candidate[],
): Objection[] {
  if (rejected.length === 0) return [];
  const near = new Set(order.map(({ cause }) => cause.family));
  const told = TOLD_APART.get(named?.cause.family ?? '') ?? NONE;
  const byHost: Objection[] = [];
  const others: Objection[] = [];
  for (const { cause, answer } of rejected) {
    const ofHost = OF_HOST.has(answer.because.fact);
    if (!ofHost && order.length > 0 && !near.has(cause.family) && !told.has(cause.id)) continue;
    (ofHost ? byHost : others).push({ cause: cause.id, because: answer.because.says });
  }
  return [...byHost, ...others].slice(0, MOST_EXCLUSIONS);
}
