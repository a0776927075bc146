/** Stable words for programs. */
export type InputErrorCode =
  | 'not-found'
  | 'is-directory'
  | 'permission'
  | 'unreadable'
  | 'not-a-capture'
  | 'not-host-data'
  | 'unwritable';

/** An input that cannot be opened or read at all; the sentence names it and `cause` keeps the system's error. */
export class InputError extends Error {
  readonly code: InputErrorCode;
  constructor(code: InputErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'InputError';
    this.code = code;
  }
}

/** The system's error on opening or reading `name`, in words. */
export function inputError(name: string, error: unknown): InputError {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new InputError('not-found', `There is no file ${name}.`, error);
    case 'EISDIR':
      return new InputError('is-directory', `${name} is a directory, not a capture file.`, error);
    case 'EACCES':
    case 'EPERM':
      return new InputError('permission', `No permission to read ${name}.`, error);
    default:
      return new InputError('unreadable', `${name} cannot be read: ${(error as Error).message}.`, error);
  }
}
