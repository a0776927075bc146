import type { CaptureWarning } from '../wire/reader.ts';

/** Where something was read: a line of one of the host files. */
export interface LineRef {
  /** Name of the file as it was given. */
  source: string;
  /** From 1. */
  line: number;
}

/** What is told of a host file beside the captures. */
export interface HostSource {
  name: string;
  kind: 'trace' | 'counters' | 'log' | 'sockets' | 'conntrack';
  /** Lines that were understood. */
  records: number;
  warnings: CaptureWarning[];
}

/** A file that is not what its option says; the sentence names neither option nor file. */
export class NotHostDataError extends Error {
  readonly code = 'not-host-data';
  override readonly name = 'NotHostDataError';
}
