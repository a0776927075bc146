import type { Chain, Hop, Link, Position } from './model.ts';

export type Severity = 'error' | 'warning';

/** What to write where. */
export interface Edit {
  /** Null: the setting is written nowhere yet; `where` says where it belongs. */
  at: Position | null;
  where: string;
  text: string;
}

export interface Problem {
  /** One sentence with the arithmetic. */
  message: string;
  /** What stands in the files, the most telling first. */
  positions: Position[];
  /** Any one of them is enough. */
  edits: Edit[];
}

/** Files by name, as an example. */
export interface Example {
  title: string;
  files: Record<string, string>;
  behind?: string;
}

export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** What is asked for, in one sentence. */
  readonly title: string;
  /** What happens otherwise, for who reads `--explain`. */
  readonly why: string;
  readonly sources: readonly string[];
  readonly bad: readonly Example[];
  readonly good: readonly Example[];
  readonly link?: (link: Link, chain: Chain) => Problem | null;
  readonly hop?: (hop: Hop, chain: Chain) => Problem | readonly Problem[] | null;
}

export const defineRule = (rule: Rule): Rule => rule;
