/** The caller's mistake: an option or a call that cannot mean anything. */
export class UsageError extends TypeError {
  override readonly name = 'UsageError';
  readonly code = 'WHYRESET_BAD_OPTION';
}
