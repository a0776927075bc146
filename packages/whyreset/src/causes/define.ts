import type { Side } from '../connection/connection.ts';
import type { FactOf } from '../evidence/define.ts';
import type { evidence } from '../evidence/index.ts';
import type { AboutCause } from './about.ts';
import type { AdviceLine } from './advice.ts';

export type { AboutCause, Rival } from './about.ts';
export type { AdviceLine } from './advice.ts';

/** Every kind of evidence by name; the name is the file name in camel case. */
export type Facts = { readonly [K in keyof typeof evidence]: FactOf<(typeof evidence)[K]> };
export type EvidenceName = keyof Facts;

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
export interface Contradicted {
  readonly answer: 'contradicted';
  because: Citation;
}
export interface Silent {
  readonly answer: 'silent';
}
/** A cause's answer: for it, against it, or nothing to go by. */
export type Answer = Supported | Contradicted | Silent;

/** One cause: all that the catalogue, the docs and the verdict need. The id is the file name. */
export interface Cause<N extends EvidenceName = EvidenceName> extends AboutCause {
  /** All that `examine` and `advice` may read. */
  needs: readonly N[];
  examine(facts: Pick<Facts, N>): Answer;
  advice(facts: Pick<Facts, N>): AdviceLine[];
  /** Timelines (see docs/timeline.md): `match` must be supported, `miss` must not. */
  examples: { match: readonly string[]; miss: readonly string[] };
}

/** Declares a cause; `needs` narrows what `examine` and `advice` may read. */
export function defineCause<const N extends EvidenceName>(cause: Cause<N>): Cause {
  return cause as unknown as Cause;
}

export const SILENT: Silent = { answer: 'silent' };

export function supported(strength: Strength, because: Citation[], sender?: Supported['sender']): Supported {
  return sender === undefined
    ? { answer: 'supported', strength, because }
    : { answer: 'supported', strength, because, sender };
}

export function contradicted(fact: EvidenceName, says: string, packets: number[]): Contradicted {
  return { answer: 'contradicted', because: { fact, says, packets } };
}

export function cite(fact: EvidenceName, says: string, ...packets: number[]): Citation {
  return { fact, says, packets };
}
