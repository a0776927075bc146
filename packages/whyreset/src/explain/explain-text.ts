import { type EndingId, endingOf } from '../logs/endings.ts';
import type { Features } from '../logs/features.ts';
import { readable } from '../logs/normalise.ts';
import { type Mark, marks as markSays, type Observation } from '../logs/observation.ts';
import { observe } from '../logs/observe.ts';
import { describe, others, recognise } from '../logs/recognise.ts';
import type { Wording } from '../logs/wording.ts';
import { captureCommands } from './capture.ts';
import type { TextCause, TextCertainty, TextExplanation } from './explanation.ts';
import { certaintyOf, headlineOf } from './headline.ts';
import { type Finding, findNumbers } from './numbers/index.ts';
import type { Question } from './question-list.ts';
import { answered, decidingQuestion } from './questions.ts';
import { type Ranked, rank } from './rank.ts';
import { rulesOut } from './rules-out.ts';
import { stepsFor } from './steps/index.ts';

/** What is known beside a text. */
export interface Beside {
  known?: readonly Mark[];
  /** Ids of questions that were put already. */
  asked?: ReadonlySet<string>;
}

/** Longer pastes are cut: what decides stands near the error, and a log has a reader of its own. */
const MOST_CHARACTERS = 1_000_000;

/**
 * @param text as it is printed or as a JSON string with escapes; what is beyond 1,000,000 characters is ignored
 * @param beside what else is known, as answers to `questions` give it, and which of those were asked
 * @returns null if nothing in the text is recognised
 */
export function explainText(text: string, beside: Beside = {}): TextExplanation | null {
  const { known = [], asked = new Set() } = beside;
  const plain = readable(text.slice(0, MOST_CHARACTERS));
  const found = recognise(plain);
  if (found === null) return null;
  const { winner, ending, ended } = found;
  const read = observe(found, plain);
  const numbers = findNumbers(plain, read.observation);
  const seen = answered(read.observation, [...marksOf(numbers), ...known]);
  const ranked = rank(seen);
  const decisive = winner.wording.strength === 'decisive';
  const certainty = certaintyOf(ranked, decisive);
  const question = certainty === 'possible' ? decidingQuestion(seen, asked) : null;
  return {
    kind: 'text',
    ...describe(winner, plain),
    ended,
    title: endingOf(ending).title,
    meaning: meaningOf(ending, winner.wording.says),
    headline: headlineOf(ranked, certainty, {
      numbers,
      says: winner.wording.says ?? null,
      meaning: endingOf(ending).meaning,
    }),
    certainty,
    harmless: ranked[0]?.cause.benign === true && certainty !== 'possible',
    numbers: numbers.map(({ says, source }) => ({ says, source })),
    rulesOut: rulesOut(seen, ended, proves(winner.wording)),
    families: ranked.map(textCause),
    question: question && plainQuestion(question),
    caveats: [...(winner.wording.caveats ?? [])],
    features: endsOf(ending, seen, read.seen),
    next: stepsFor(leading(ranked, certainty), ending, {
      text: plain,
      program: winner.wording.program,
    }),
    capture: captureCommands(ending, decisive, endsOf(ending, seen, read.seen)),
    verified: winner.wording.verified,
    alsoSeen: others(found, plain),
  };
}

/** One cause where it is likely; where not, the best of another family as well, because its step is another. */
function leading([first, ...rest]: readonly Ranked[], certainty: TextCertainty): Ranked[] {
  if (first === undefined) return [];
  const rival = rest.find(({ cause }) => cause.family !== first.cause.family);
  return certainty === 'possible' && rival !== undefined ? [first, rival] : [first];
}

const marksOf = (numbers: readonly Finding[]): Mark[] => numbers.flatMap(({ mark }) => mark ?? []);

const meaningOf = (ending: EndingId, says: string | undefined): string =>
  says === undefined ? endingOf(ending).meaning : `${endingOf(ending).meaning} ${says}`;

const textCause = ({ cause, why, by }: Ranked): TextCause => ({
  cause: cause.taxonomy,
  id: cause.id,
  family: cause.family,
  why,
  because: by.slice(0, 3).map((mark) => markSays[mark]),
});

const plainQuestion = ({ id, ask, answers }: Question) => ({
  id,
  ask,
  answers: answers.map(({ says }) => says),
});

/** The endpoint in a line about a client that left is the upstream, not the client whose connection ended. */
function endsOf(ending: EndingId, { by, reporter }: Observation, seen: Features): Features {
  const upstream = ending === 'CLIENT-GONE' || (by === 'client' && reporter === 'proxy');
  return upstream ? { ...seen, host: null, port: null } : seen;
}

/** Words of the operating system and everyday words may stand for another ending; nothing is ruled out by them. */
const proves = ({ strength, caveats = [] }: Wording): boolean =>
  (strength === 'exact' || strength === 'decisive') && caveats.length === 0;
