import type { ClassId, Ended, Family } from './classes.ts';

/**
 * What stands behind a pattern. `measured`: the error was provoked on a real socket and the packets or the
 * kernel said what ended it. `documented`: read in documentation, source or an issue. `remembered`: neither.
 */
export type Verified = 'measured' | 'documented' | 'remembered';

/**
 * How much a wording says. `exact`: only this ending produces it. `cause`: the operating system's words,
 * which any program may print. `hint`: a wrapper or a bare code that leaves the ending open.
 */
export type Strength = 'hint' | 'cause' | 'exact';

/** One wording of one program. */
export interface Pattern {
  /** Unique, kebab-case. */
  id: string;
  /** Name of the program or library as people know it. */
  program: string;
  class: ClassId;
  strength: Strength;
  verified: Verified;
  /**
   * Applied to the text with escapes undone. Only literals, bounded repeats and character classes without
   * overlap, so that a megabyte of garbage costs milliseconds.
   */
  regexp: RegExp;
  /** Where this wording says less, or other, than its class. */
  ended?: Ended;
  /** What this wording adds to the meaning of its class; a sentence. */
  says?: string;
  /** What could make the answer wrong; sentences. */
  caveats?: readonly string[];
  /** Instead of the families of the class, most likely first. */
  families?: readonly Family[];
  /** Texts as the program prints them. */
  examples: readonly string[];
}

/** The patterns of one program family; `program` and `verified` are given once and may be overridden. */
export function patternsOf(
  common: Pick<Pattern, 'program' | 'verified'>,
  patterns: readonly (Omit<Pattern, 'program' | 'verified'> & Partial<Pattern>)[],
): Pattern[] {
  return patterns.map((pattern) => ({ ...common, ...pattern }));
}
