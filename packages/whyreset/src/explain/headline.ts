import type { Mark } from '../logs/observation.ts';
import type { TextCertainty } from './explanation.ts';
import type { Finding } from './numbers/index.ts';
import type { Ranked } from './rank.ts';

/** What a wording brings along by itself says nothing of this one connection. */
const ASSUMED: ReadonlySet<Mark> = new Set<Mark>([
  'not-idempotent',
  'balancer',
  'kubernetes',
  'random',
  'pool',
  'public-peer',
  'private-peer',
  'browser',
  'windows',
  'firewall',
]);

/** The lead over the best of another family that makes a cause likely. */
const LEAD = 2.3;

export function certaintyOf([first, ...rest]: readonly Ranked[], decisive: boolean): TextCertainty {
  if (first === undefined) return 'named';
  if (!decisive && first.by.every((mark) => ASSUMED.has(mark))) return 'possible';
  const rival = rest.find(({ cause }) => cause.family !== first.cause.family);
  const lead = first.score - (rival?.score ?? -Infinity);
  if (decisive && lead >= 2) return 'named';
  return lead >= LEAD ? 'likely' : 'possible';
}

/** The answer in one line: the cause, and the number that gives it away. Without a final stop. */
export function headlineOf(
  ranked: readonly Ranked[],
  certainty: TextCertainty,
  { numbers, says, meaning }: { numbers: readonly Finding[]; says: string | null; meaning: string },
): string {
  const [first] = ranked;
  if (first === undefined) return firstSentence(says ?? meaning).replace(/\.$/, '');
  const number = numbers.find(({ mark, certain }) => certain && mark !== null && first.by.includes(mark));
  const answer = certainty === 'named' && says !== null ? firstSentence(says) : first.why;
  const reason = number?.says ?? null;
  const harmless = first.cause.benign && certainty !== 'possible' ? 'Harmless: ' : '';
  const rivals = certainty === 'possible' ? otherFamilies(ranked) : [];
  const or = rivals.length > 0 ? `; or ${rivals.map(({ why }) => why).join('; or ')}` : '';
  return `${harmless}${answer}${reason === null ? or : `: ${lower(reason)}`}`;
}

/** The next best cause of another family. */
function otherFamilies([first, ...rest]: readonly Ranked[]): Ranked[] {
  const rival = rest.find(({ cause }) => cause.family !== first!.cause.family);
  return rival === undefined ? [] : [rival];
}

const firstSentence = (text: string): string => /^.*?[.](?= |$)/s.exec(text)?.[0].replace(/\.$/, '') ?? text;

/** A sentence inside another: without its stop, and in lower case unless it begins with a name. */
function lower(text: string): string {
  const inner = text.replace(/\.$/, '');
  return /^(?:The|A|An|It|This|What|Two|One|No)\b/.test(inner)
    ? inner[0]!.toLowerCase() + inner.slice(1)
    : inner;
}
