import { InputError } from '../capture/input-error.ts';
import { readChunks } from '../capture/open.ts';
import { CaptureSet, type FilePlace, type GivenFile, type UnreadInput } from '../capture-set.ts';
import type { Gathered, Gathering, GatherOptions } from '../gather.ts';
import { Prelude } from '../prelude.ts';
import { NotACaptureError } from '../wire/not-a-capture.ts';
import { readInput } from './read-input.ts';

/** What all files of a command line came to. */
export interface ReadCaptures {
  gathered: Gathered[];
  /** Where the packets of each file stand in the result. */
  places: FilePlace[];
  unread: UnreadInput[];
}

interface Given {
  path: string;
  position: number;
}

/**
 * Reads capture files into captures (see `CaptureSet`). Of several, those that
 * cannot be read are left out and named; when none can, the first error is thrown.
 */
export async function readCaptures(paths: readonly string[], options: GatherOptions): Promise<ReadCaptures> {
  const captures = new CaptureSet(paths.length, options);
  const files: GivenFile<Given>[] = [];
  let first: unknown = null;
  const fail = (position: number, name: string, error: unknown) => {
    if (!(error instanceof InputError) || paths.length === 1) throw error;
    first ??= error;
    captures.fail(position, { name, code: error.code, message: error.message.replace(`${name}: `, '') });
  };
  for (const [position, path] of paths.entries()) {
    try {
      const { name, prelude } = paths.length === 1 ? { name: path, prelude: null } : await readPrelude(path);
      files.push({ given: { path, position }, name, prelude });
    } catch (error) {
      fail(position, path, error);
    }
  }
  for (const { given, name, prelude } of CaptureSet.order(files)) {
    const gathering = captures.take(given.position, name, prelude);
    if (gathering === null) continue;
    try {
      await readInput(given.path, fileOf(gathering));
    } catch (error) {
      fail(given.position, name, error);
    }
  }
  const { gathered, places } = captures.close();
  if (gathered.length === 0 && first !== null) throw first;
  return { gathered, places, unread: captures.unread };
}

/** One file of a capture that may go on in others. */
function fileOf(gathering: Gathering): Parameters<typeof readInput>[1] {
  return {
    get info() {
      return gathering.info;
    },
    push: (chunk) => gathering.push(chunk),
    end: () => gathering.endFile(),
  };
}

/** The beginning of a file; null for what can be read only once, and for what is no capture file. */
async function readPrelude(path: string): Promise<{ name: string; prelude: Prelude | null }> {
  const source = readChunks(path);
  const { name } = source;
  if (source.size === null) return { name, prelude: null };
  const prelude = new Prelude();
  try {
    for await (const chunk of source.chunks) {
      prelude.push(chunk);
      if (prelude.enough) return { name, prelude };
    }
    prelude.end();
    return { name, prelude };
  } catch (error) {
    if (error instanceof NotACaptureError) return { name, prelude: null };
    throw error;
  }
}
