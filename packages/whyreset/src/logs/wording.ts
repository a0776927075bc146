import type { EndingId } from './endings.ts';
import { needlesOf } from './needles.ts';
import type { Ended, Mark, Reporter, Service, Stage } from './observation.ts';

/**
 * What stands behind a wording. `measured`: the error was provoked on a real socket and the packets or the
 * kernel said what ended it. `documented`: read in documentation, source or an issue. `remembered`: neither.
 */
export type Verified = 'measured' | 'documented' | 'remembered';

/**
 * How much a wording says. `decisive`: whoever ended the connection says so, which beats every symptom beside it.
 * `exact`: only this ending produces it. `cause`: the operating system's words, which any program may print.
 * `hint`: a wrapper or a bare code that leaves the ending open. `guess`: everyday words; they count only where a
 * person pasted the text, never in a log that is read through.
 */
export type Strength = 'guess' | 'hint' | 'cause' | 'exact' | 'decisive';

/** One wording of one program: what it shows, never why. */
export interface Wording {
  /** Unique, kebab-case. */
  id: string;
  /** Name of the program or library as people know it. */
  program: string;
  class: EndingId;
  strength: Strength;
  verified: Verified;
  /**
   * Applied to the text with escapes undone. Only literals, bounded repeats and character classes without
   * overlap, so that a megabyte of garbage costs milliseconds.
   */
  regexp: RegExp;
  service: Service;
  /** What must be in the text, in lower case, where the expression does not show it (see `needlesOf`); null: anything. */
  needles: readonly string[] | null;
  /** What a log that is read through is searched for as well; see `candidates.ts`. */
  logNeedles?: readonly string[];
  /** Where this wording says less, or other, than its class. */
  ended?: Ended;
  stage?: Stage;
  reporter?: Reporter;
  /** What else it shows. */
  marks?: readonly Mark[];
  /** What this wording adds to the meaning of its class; a sentence. */
  says?: string;
  /** What could make the answer wrong; sentences. */
  caveats?: readonly string[];
  /** Texts as the program prints them. */
  examples: readonly string[];
}

/** All wordings of one product; the file name is its id. */
export interface Product {
  program: string;
  /** Where the wordings come from: versions, source files, documents. */
  source: string;
  wordings: readonly Wording[];
}

type Given = Pick<Wording, 'id' | 'class' | 'regexp' | 'examples'> & Partial<Wording>;
type Common = Pick<Product, 'program' | 'source'> &
  Partial<Pick<Wording, 'verified' | 'strength' | 'service' | 'reporter' | 'marks' | 'logNeedles'>>;

/** The wordings of one product: what they have in common is given once and may be overridden. */
export function defineProduct(
  { program, source, marks = [], ...common }: Common,
  given: readonly Given[],
): Product {
  const wordings = given.map((wording): Wording => {
    let needles: readonly string[] | null | undefined = wording.needles ?? undefined;
    return {
      program,
      verified: 'documented',
      strength: 'exact',
      service: 'any',
      ...common,
      ...wording,
      // Worked out for those who read logs alone: for all wordings it is a tenth of the start of every command.
      get needles() {
        if (needles === undefined) needles = needlesOf(wording.regexp);
        return needles;
      },
      regexp: wording.regexp.global ? wording.regexp : new RegExp(wording.regexp, `${wording.regexp.flags}g`),
      marks: [...marks, ...(wording.marks ?? [])],
    };
  });
  return { program, source, wordings };
}
