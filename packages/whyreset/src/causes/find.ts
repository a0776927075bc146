import { askText } from '../families/ask.ts';
import type { Trouble } from '../families/define.ts';
import { families } from '../families/index.ts';
import type { CauseExplanation, Discrimination } from './about.ts';
import type { Cause, KnownFacts } from './define.ts';
import { causes } from './index.ts';

/** The cause of that id or letter of the taxonomy, whatever the case; null when there is none. */
export function findCause(name: string): Cause | null {
  const wanted = name.trim().toLowerCase();
  return causes.find(({ id, taxonomy }) => id === wanted || taxonomy.toLowerCase() === wanted) ?? null;
}

/** Facts of no connection at all. */
const NOTHING_KNOWN = new Proxy({} as KnownFacts, { get: () => null });

/** What the family advises where no connection is at hand. */
const NO_TROUBLE: Trouble = {
  count: 0,
  total: null,
  servers: [],
  clients: [],
  span: 0,
  measures: {},
  cause: null,
  facts: NOTHING_KNOWN,
};

function mistakenFor(id: string): Discrimination[] {
  return families.flatMap(({ tells }) =>
    tells
      .filter(({ is, not }) => is === id || not === id)
      .map((tell) => ({
        cause: tell.is === id ? tell.not : tell.is,
        by: tell.is === id ? tell.by : `there, ${tell.by}`,
        ask: askText(tell.ask),
      })),
  );
}

/** The words of a cause without its code. */
export function explainCause(cause: Cause): CauseExplanation {
  const { requires, mayUse, examine, advice, headline, examples, ...about } = cause;
  const family = families.find((each) => each.id === cause.family);
  return {
    kind: 'cause',
    ...about,
    advice: [...(family?.advice({ ...NO_TROUBLE, cause: cause.id }) ?? []), ...advice(NOTHING_KNOWN)],
    mistakenFor: mistakenFor(cause.id),
  };
}
