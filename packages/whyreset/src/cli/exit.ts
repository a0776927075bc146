/** Exit codes, the same for every command. */
export const OK = 0;
export const PROBLEMS = 1;
export const FAILED = 2;

/** Bad input or wrong usage: printed as one line, never as a stack trace. */
export class UsageError extends Error {
  readonly code = 'usage';
  override readonly name = 'UsageError';
}
