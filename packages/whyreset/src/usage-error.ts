import { printable } from './wire/printable.ts';

function shown(value: unknown): string {
  if (typeof value === 'string') return `the string '${printable(value.slice(0, 60))}'`;
  if (value === null || typeof value !== 'object') return String(value);
  return `a ${value.constructor?.name ?? 'value'}`;
}

/** The library was called with what it cannot take: a fault of the program that calls it. */
export class LibraryUsageError extends TypeError {
  readonly code = 'usage';

  /** @param sentence what is wanted, without a final stop */
  constructor(sentence: string, given?: unknown) {
    super(given === undefined ? `${sentence}.` : `${sentence}, not ${shown(given)}.`);
    this.name = 'LibraryUsageError';
  }
}
