import type { Mark } from './observation.ts';

/** Words beside an error that change what is likely; alone they are no error. */
export interface Context {
  regexp: RegExp;
  marks: readonly Mark[];
  /** A text that has it. */
  example: string;
}

export const defineContexts = (contexts: readonly Context[]): readonly Context[] => contexts;
