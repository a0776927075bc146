/** Why the lab cannot do what it was asked: one sentence for people, a stable code for programs. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
