import type { Side } from '../connection/connection.ts';
import type { FactOf } from '../evidence/define.ts';
import type { evidence } from '../evidence/index.ts';

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
  /** Only for causes that may lie with either side or the path: whose doing it is. */
  sender?: Side | 'middlebox';
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

export interface AdviceLine {
  who: 'client' | 'server' | 'path';
  /** What to change, with the measured numbers filled in. */
  do: string;
}

export interface Rival {
  /** Id of the cause it is mistaken for. */
  cause: string;
  /** What tells the two apart. */
  discriminator: string;
  /** The one extra item that settles it when the packets do not. */
  ask: string;
}

/** One cause: all that the catalogue, the docs and the verdict need. The id is the file name. */
export interface Cause<N extends EvidenceName = EvidenceName> {
  id: string;
  /** Letter and number of the taxonomy (H handshake, P first data, D in flight, I idle, B benign). */
  taxonomy: string;
  /** Noun phrase, lower case after the first word, no final stop. */
  title: string;
  resetBy: Side | 'either' | 'path';
  /** A harmless ending, not a fault. */
  benign: boolean;
  /** Linux `SK_RST_REASON_` names (include/net/rstreason.h) that go with it. */
  kernelReasons: readonly string[];
  /** SNMP counters that move with it. */
  counters: readonly string[];
  references: readonly string[];
  /** Three to eight sentences for a tired engineer. */
  explain: string;
  /** All that `examine` and `advice` may read. */
  needs: readonly N[];
  /** Ids of more general causes that this one makes more precise; it wins over them at equal strength. */
  refines: readonly string[];
  examine(facts: Pick<Facts, N>): Answer;
  rivals: readonly Rival[];
  advice(facts: Pick<Facts, N>): AdviceLine[];
  /** Id of the lab scenario that makes it happen; null where no Linux machine can. */
  scenario: string | null;
  /** Timelines (see docs/timeline.md): `match` must be supported, `miss` must not. */
  examples: { match: readonly string[]; miss: readonly string[] };
}

/** Declares a cause; `needs` narrows what `examine` and `advice` may read. */
export function defineCause<const N extends EvidenceName>(cause: Cause<N>): Cause {
  return cause as unknown as Cause;
}

export const SILENT: Silent = { answer: 'silent' };

export function supported(strength: Strength, because: Citation[], sender?: Side | 'middlebox'): Supported {
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
