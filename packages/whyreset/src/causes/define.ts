import type { Side } from '../connection/connection.ts';
import type { FactOf, Known } from '../evidence/define.ts';
import type { evidence } from '../evidence/index.ts';
import type { AboutCause } from './about.ts';
import type { AdviceLine } from './advice.ts';

export type { AboutCause, BaseRate } from './about.ts';
export type { AdviceLine } from './advice.ts';

/** Every kind of evidence by name; the name is the file name in camel case. */
export type Facts = { readonly [K in keyof typeof evidence]: FactOf<(typeof evidence)[K]> };
export type EvidenceName = keyof Facts;

/** The facts that are known, the others null. */
export type KnownFacts = { readonly [K in EvidenceName]: Extract<Facts[K], Known> | null };

/** What `examine` is handed: the required facts, known, and the others, null where they are unknown. */
export type Handed<R extends EvidenceName, M extends EvidenceName> = {
  readonly [K in R]: NonNullable<KnownFacts[K]>;
} & Pick<KnownFacts, Exclude<M, R>>;

/** One observation that a cause rests on, with the packets that show it. */
export interface Citation {
  /** Which evidence it comes from. */
  fact: EvidenceName;
  /** One sentence without a final stop. */
  says: string;
  /** Frame numbers in the input. */
  packets: number[];
}

/**
 * How much an answer carries. `proof`: the packets leave no other reading.
 * `strong`: the expected pattern in full, other readings are contrived.
 * `fair`: the pattern fits, and so does a rival. `weak`: nothing speaks against it.
 */
export type Strength = 'proof' | 'strong' | 'fair' | 'weak';

export interface Supported {
  readonly answer: 'supported';
  strength: Strength;
  because: Citation[];
  /** Only for causes that may lie with either side or the path: whose doing it is, or that it cannot be told. */
  sender?: Side | 'middlebox' | 'undetermined';
}
/** A law of the protocol excludes the cause. */
export interface Contradicted {
  readonly answer: 'contradicted';
  because: Citation;
}
/** A threshold, a default or a habit of stacks speaks against the cause; it stays possible. */
export interface Doubted {
  readonly answer: 'doubted';
  because: Citation;
}
export interface Silent {
  readonly answer: 'silent';
}
/** A cause's answer: for it, excluded by it, something against it, or nothing to go by. */
export type Answer = Supported | Contradicted | Doubted | Silent;

/** One cause: all that the catalogue, the docs and the verdict need. The id is the file name. */
export interface CauseFile<R extends EvidenceName, M extends EvidenceName> extends AboutCause {
  /** Facts without which the cause has nothing to go by: where one is unknown its answer is `silent`. */
  requires: readonly R[];
  /** Further facts that it reads; null where unknown. */
  mayUse?: readonly M[];
  examine(facts: Handed<R, M>): Answer;
  /** What to change for this cause alone, beyond the advice of its family. */
  advice?(facts: Pick<KnownFacts, R | M>): AdviceLine[];
  /** The answer in one sentence with its numbers, where the family's does not fit. Without a final stop. */
  headline?(facts: Pick<KnownFacts, R | M>): string | null;
  /** Timelines (see docs/timeline.md): `match` must be supported, `miss` must not. */
  examples: { match: readonly string[]; miss: readonly string[] };
}

/** A cause as the verdict asks it. */
export interface Cause extends AboutCause {
  requires: readonly EvidenceName[];
  mayUse: readonly EvidenceName[];
  /** Only where all that it requires is known: `askCauses` passes the others by. */
  examine(facts: KnownFacts): Answer;
  advice(facts: KnownFacts): AdviceLine[];
  headline(facts: KnownFacts): string | null;
  examples: { match: readonly string[]; miss: readonly string[] };
}

export const SILENT: Silent = { answer: 'silent' };

/** Declares a cause; `requires` and `mayUse` are all that `examine` and `advice` can read. */
export function defineCause<const R extends EvidenceName, const M extends EvidenceName = never>(
  file: CauseFile<R, M>,
): Cause {
  const { requires, mayUse = [], examine, advice, headline, ...about } = file;
  return {
    ...about,
    requires,
    mayUse,
    examine: (facts) => examine.call(file, facts as unknown as Handed<R, M>),
    advice: (facts) => advice?.call(file, facts) ?? [],
    headline: (facts) => headline?.call(file, facts) ?? null,
  };
}

export function supported(strength: Strength, because: Citation[], sender?: Supported['sender']): Supported {
  return sender === undefined
    ? { answer: 'supported', strength, because }
    : { answer: 'supported', strength, because, sender };
}

/** Only for laws of the protocol: see `doubted`. */
export function contradicted(fact: EvidenceName, says: string, packets: number[]): Contradicted {
  return { answer: 'contradicted', because: { fact, says, packets } };
}

/** For thresholds, defaults of sysctls, equal TTLs, habits of stacks: they speak against a cause and exclude nothing. */
export function doubted(fact: EvidenceName, says: string, packets: number[]): Doubted {
  return { answer: 'doubted', because: { fact, says, packets } };
}

export function cite(fact: EvidenceName, says: string, ...packets: number[]): Citation {
  return { fact, says, packets };
}
