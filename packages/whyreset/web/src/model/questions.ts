import type { Block } from '../../../src/report/document.ts';
import type { Result } from '../../../src/verdict/result.ts';

/** What the page asks of its worker. */
export type Question =
  | { kind: 'files'; files: { name: string; file: Blob }[] }
  | { kind: 'text'; text: string };

/** What the worker says, progress any number of times before one of the others. */
export type Answer =
  | { kind: 'progress'; part: number }
  | { kind: 'result'; result: Result }
  | { kind: 'explanation'; blocks: Block[] }
  | { kind: 'failure'; message: string };
