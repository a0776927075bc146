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
  // A packet filter may sit on the end host itself; then the cause says so.
  if (answer.sender === 'originator' || answer.sender === 'responder') return false;
  if (cause.resetBy === 'path') return cause.kernelReasons.length === 0;
  return answer.sender === 'middlebox';
}
