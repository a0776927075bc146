import type { Cause, Supported } from '../causes/define.ts';

/** A cause that something speaks for. */
export interface Candidate {
  cause: Cause;
  answer: Supported;
}

/**
 * By this account a box made the RST itself. A cause of the path that lists kernel reasons leaves the RST to the
 * kernel that the box's doing confused.
 */
export function madeByBox({ cause, answer }: Candidate): boolean {
  if (cause.resetBy === 'path') return cause.kernelReasons.length === 0;
  return answer.sender === 'middlebox';
}
