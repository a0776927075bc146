import type { CauseExplanation } from './about.ts';
import type { Cause, Facts } from './define.ts';
import { causes } from './index.ts';

/** The cause of that id or letter of the taxonomy, whatever the case; null when there is none. */
export function findCause(name: string): Cause | null {
  const wanted = name.trim().toLowerCase();
  return causes.find(({ id, taxonomy }) => id === wanted || taxonomy.toLowerCase() === wanted) ?? null;
}

/** Facts of no connection at all. */
const NOTHING_KNOWN = new Proxy({} as Facts, {
  get: () => ({ known: false, why: 'no connection is at hand' }),
});

/** The words of a cause without its code. */
export function explainCause(cause: Cause): CauseExplanation {
  const { id, taxonomy, title, resetBy, benign, kernelReasons, counters, references, explain } = cause;
  const { refines, rivals, scenario } = cause;
  const advice = cause.advice(NOTHING_KNOWN);
  return {
    id,
    taxonomy,
    title,
    resetBy,
    benign,
    kernelReasons,
    counters,
    references,
    explain,
    refines,
    rivals,
    scenario,
    advice,
  };
}
