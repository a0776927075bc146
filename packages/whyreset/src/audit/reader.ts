import type { Hop, Position } from './model.ts';

/** A file as it was found; `path` as the user gave it. */
export interface SourceFile {
  path: string;
  text: string;
}

/** Reads what a file includes: a path or pattern, relative to the file that names it. */
export type ReadIncluded = (pattern: string, from: string) => SourceFile[];

/** A word of a command line, and where it stands. */
export interface Word {
  text: string;
  at: Position;
}

/** One format of configuration, and what it says of the programs that it describes. */
export interface Reader {
  readonly id: string;
  /** Files that it reads, for the help: `nginx.conf, nginx -T`. */
  readonly reads: string;
  readonly recognises: (path: string, text: string) => boolean;
  readonly read: (file: SourceFile, included: ReadIncluded) => Hop[];
}

export const defineReader = (reader: Reader): Reader => reader;
