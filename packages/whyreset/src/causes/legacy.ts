import type { Unknown } from '../evidence/define.ts';
import type { AboutCause } from './about.ts';
import type { AdviceLine } from './advice.ts';
import type { Answer, Cause, EvidenceName, Facts, KnownFacts } from './define.ts';

/** The former form of a cause file, until the last of them is converted. */
interface LegacyCause<N extends EvidenceName> extends AboutCause {
  needs: readonly N[];
  examine(facts: Pick<Facts, N>): Answer;
  advice(facts: Pick<Facts, N>): AdviceLine[];
  examples: { match: readonly string[]; miss: readonly string[] };
}

const UNKNOWN: Unknown = { known: false, why: 'unknown' };

const withUnknowns = (facts: KnownFacts): Facts =>
  new Proxy(facts as unknown as Facts, {
    get: (target, name) => target[name as EvidenceName] ?? UNKNOWN,
  });

export function defineLegacyCause<const N extends EvidenceName>(file: LegacyCause<N>): Cause {
  const { needs, examine, advice, ...about } = file;
  return {
    ...about,
    requires: [],
    mayUse: needs,
    examine: (facts) => examine.call(file, withUnknowns(facts)),
    advice: (facts) => advice.call(file, withUnknowns(facts)),
    headline: () => null,
  };
}
