import type { Cause, Supported } from '../causes/define.ts';

/** A cause that something speaks for. */
export interface Candidate {
  cause: Cause;
  answer: Supported;
}
