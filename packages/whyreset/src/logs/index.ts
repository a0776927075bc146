/** Error texts and log lines: what they say about how a connection ended. */
export {
  type ClassId,
  classes,
  type Ended,
  type ErrorClass,
  type Family,
  type TaxonomyId,
} from './classes.ts';
export { describeExplanation } from './describe.ts';
export { explainText, type Recognised, type TextExplanation } from './explain-text.ts';
export type { Features } from './features.ts';
export type { Verified } from './pattern.ts';
