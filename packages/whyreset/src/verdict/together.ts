import { isFin, isReset } from '../connection/packet-kind.ts';
import type { Subject } from '../evidence/define.ts';
import { ask } from '../families/ask.ts';
import type { Pair } from '../vantage/pair.ts';
import type { Judgement } from './judge.ts';
import { judgeRoles } from './judge-roles.ts';
import { asNextItem } from './next-item.ts';
import { refines } from './rank.ts';
import type { Certainty, EvidenceLine } from './result.ts';
import { inSentence } from './sentence.ts';

/** A connection as one capture saw it, and what that comes to. */
export interface Viewed {
  subject: Subject;
  judgement: Judgement;
}

const RANK: Record<Certainty, number> = { proven: 0, likely: 1, possible: 2, undetermined: 3 };

/** The first RST here is in the other capture too, but is not the first one there: it only followed another. */
function followsAnother({ connection: { timeline } }: Subject, { fates, other }: Pair): boolean {
  const first = timeline.findIndex(isReset);
  const fate = fates[first];
  if (first < 0 || fate?.kind !== 'both') return false;
  return other.timeline.find(isReset) !== fate.packet;
}

/** The close that the trouble began with is in the other capture, and never came to this one. */
function missesClose({ connection: { timeline } }: Subject, { other, otherFates }: Pair): boolean {
  return !timeline.some(isFin) && other.timeline.some((p, i) => isFin(p) && otherFates[i]?.kind === 'lost');
}

/** Another capture holds all that this one does, and what came before: its view comes first. */
function isSequel(subject: Subject): boolean {
  return subject.world.pairs.some(
    (pair) => pair.relation === 'same' && (followsAnother(subject, pair) || missesClose(subject, pair)),
  );
}

const certain = ({ judgement }: Viewed) => RANK[judgement.verdict.certainty];

/** The two name different causes, of which neither is a more precise form of the other. */
function disagree(one: Viewed, two: Viewed): boolean {
  const a = one.judgement.cause;
  const b = two.judgement.cause;
  if (a === null || b === null || one.judgement.verdict.sender !== two.judgement.verdict.sender)
    return a !== b || one.judgement.verdict.sender !== two.judgement.verdict.sender;
  return a !== b && !refines(a, b) && !refines(b, a);
}

/** A RST of another maker is in this view: what follows at the other end is its shadow, however precisely it is told. */
const showsMaker = ({ judgement }: Viewed) => judgement.facts.maker?.madeOutsideStack === 'proven';

/** The surer first; of two as sure the more precise, else the one given first. */
function surer(one: Viewed, two: Viewed): Viewed {
  if (certain(one) !== certain(two)) return certain(one) < certain(two) ? one : two;
  const a = one.judgement.cause;
  const b = two.judgement.cause;
  if (showsMaker(one) !== showsMaker(two)) return showsMaker(one) ? one : two;
  return a !== null && b !== null && refines(b, a) ? two : one;
}

/** Lines of another view, which say in which input their packets are. */
function foreign({ subject, judgement }: Viewed): EvidenceLine[] {
  return judgement.because.map((line) => ({ ...line, input: line.input ?? subject.connection.input }));
}

/** The captures prove different things: only the host itself can tell. */
const CONTRADICTION = ask.trace('sender');

/** `: x, and y`. */
function differing(one: Viewed, two: Viewed): string {
  const titles = [one, two].map(({ judgement: { cause } }) => cause?.title ?? null);
  return titles.includes(null) ? '' : `: ${titles.map((title) => inSentence(title!)).join(', and ')}`;
}

/** Two captures prove what cannot both be true: both are shown, and nothing is decided. */
function contradiction(one: Viewed, two: Viewed): Viewed {
  const { verdict } = one.judgement;
  const sender = verdict.sender === two.judgement.verdict.sender ? verdict.sender : 'undetermined';
  return {
    subject: one.subject,
    judgement: {
      ...one.judgement,
      family: null,
      statement: `The captures prove different things${differing(one, two)}`,
      verdict: {
        ...verdict,
        family: null,
        sender,
        senderCertainty: sender === 'undetermined' ? 'undetermined' : 'possible',
        cause: null,
        taxonomy: null,
        certainty: 'undetermined',
        general: null,
        benign: false,
      },
      cause: null,
      because: [...one.judgement.because, ...foreign(two)],
      alternatives: [one, two].flatMap(({ judgement: { cause, because } }) =>
        cause === null
          ? []
          : [
              {
                cause: cause.id,
                taxonomy: cause.taxonomy,
                family: cause.family,
                because: because.map((l) => l.says).join('; '),
              },
            ],
      ),
      next: asNextItem(CONTRADICTION),
    },
  };
}

/**
 * One verdict from the views of several captures: each is judged, and the surest
 * is kept. Two proofs of different causes are never hidden.
 *
 * @param views at least one, each with its pairs
 */
export function judgeTogether(views: readonly Subject[]): Viewed {
  const viewed = views.map((subject) => ({ subject, judgement: judgeRoles(subject) }));
  const first = viewed.filter(({ subject }) => !isSequel(subject));
  // Resets that crossed each follow the other: then none comes first.
  const leading = first.length === 0 ? viewed : first;
  const best = leading.reduce(surer);
  if (best.judgement.verdict.certainty === 'proven') {
    const against = leading.find((one) => certain(one) === RANK.proven && disagree(best, one));
    if (against !== undefined) return contradiction(best, against);
  }
  return best;
}
