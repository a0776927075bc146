import type { Features } from '../logs/features.ts';
import type { Recognised } from '../logs/recognise.ts';
import type { Verified } from '../logs/wording.ts';

/** `named`: the text itself says it. `likely`: nothing else comes near. `possible`: others fit as well. */
export type TextCertainty = 'named' | 'likely' | 'possible';

/** A cause that may lie behind the text. */
export interface TextCause {
  /** Letter and number of the taxonomy. */
  cause: string;
  id: string;
  family: string;
  /** One line, no final stop. */
  why: string;
  /** What in the text speaks for it; clauses. */
  because: string[];
}

/** What an error text says. Plain data. */
export interface TextExplanation extends Recognised {
  /** What was explained: a text, where `CauseExplanation` has `cause`. */
  kind: 'text';
  title: string;
  meaning: string;
  /** The answer in one line, without a final stop. */
  headline: string;
  certainty: TextCertainty;
  /** The ending cost nothing. */
  harmless: boolean;
  /** What the numbers of the text come to. */
  numbers: { says: string; source: string }[];
  /** What cannot have happened; sentences. */
  rulesOut: string[];
  /** Causes, most likely first. */
  families: TextCause[];
  /** The question that would move the list most; null where the text decides. */
  question: { ask: string; id: string; answers: string[] } | null;
  /** What could make this explanation wrong; sentences. */
  caveats: string[];
  features: Features;
  /** Where to look next, in order; sentences without a final stop. */
  next: string[];
  /** Shell commands that capture and diagnose it; empty where packets would tell nothing more. */
  capture: string[];
  /** `remembered` means that nobody has verified what this wording stands for. */
  verified: Verified;
  /** Other endings found in the same text, in the order of the text. */
  alsoSeen: Recognised[];
}
