import { type Continuation, continuationOf, stemOf } from './continuation.ts';
import { type Gathered, Gathering, type GatherOptions } from './gather.ts';
import type { Prelude } from './prelude.ts';

/** An input that could not be read at all. */
export interface UnreadInput {
  name: string;
  code: string;
  message: string;
}

/** A file as it was given. */
export interface GivenFile<T> {
  given: T;
  name: string;
  /** Null where it cannot be read twice, or is no capture file. */
  prelude: Prelude | null;
}

/** Where the packets of a file stand in the result. */
export interface FilePlace {
  /** Position among the files given. */
  position: number;
  input: number;
  /** Packets of the same capture in the files before it. */
  before: number;
}

interface Entry {
  gathering: Gathering;
  /** Positions of its files among those given, in order of time. */
  positions: number[];
}

const RANK: Record<Continuation, number> = { sure: 2, apt: 1, no: 0 };

/**
 * The files of one diagnosis, made into captures: what a rotating tcpdump wrote
 * to many files is one, several captures of one moment are several vantages,
 * and a file that was given twice counts once. Files are to be read in the
 * order of `order`, each into what `take` gives for it.
 */
export class CaptureSet {
  readonly unread: UnreadInput[] = [];
  private readonly entries: Entry[] = [];
  private readonly options: GatherOptions;
  private readonly several: boolean;

  /** @param count files given */
  constructor(count: number, options: GatherOptions = {}) {
    this.several = count > 1;
    this.options = options;
  }

  /** In order of time; what has none keeps its place behind the others, and empty files come last. */
  static order<T>(files: readonly GivenFile<T>[]): GivenFile<T>[] {
    const key = ({ prelude }: GivenFile<T>) =>
      prelude === null ? Number.MAX_VALUE : prelude.empty ? Number.POSITIVE_INFINITY : prelude.first;
    return files.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  }

  /** What a file is to be read into; null when there is nothing to read in it. */
  take(position: number, name: string, prelude: Prelude | null): Gathering | null {
    if (prelude?.empty === true && this.entries.length > 0) {
      const kin = this.entries.find(({ gathering }) => stemOf(gathering.stretch.name) === stemOf(name));
      const { gathering, positions } = kin ?? this.entries[0]!;
      gathering.begin(name);
      positions.push(position);
      return null;
    }
    const entry = prelude === null ? null : this.continued(prelude, name);
    if (entry !== null) {
      entry.gathering.begin(name);
      entry.positions.push(position);
      return entry.gathering;
    }
    const gathering = new Gathering(position, { ...this.options, several: this.several });
    gathering.begin(name);
    this.entries.push({ gathering, positions: [position] });
    return gathering;
  }

  /** A file could not be read: what was made for it alone goes. */
  fail(position: number, unread: UnreadInput): void {
    this.unread.push(unread);
    const at = this.entries.findIndex(({ positions }) => positions[0] === position && positions.length === 1);
    if (at >= 0) this.entries.splice(at, 1);
  }

  /** All files were read. */
  close(): { gathered: Gathered[]; places: FilePlace[] } {
    const kept: Entry[] = [];
    for (const entry of this.entries) {
      entry.gathering.end();
      const original = this.originalOf(entry);
      if (original === null) kept.push(entry);
      else
        original.gathering.info.warnings.push({
          code: 'same-packets',
          message: `${nameOf(entry.gathering)} holds the same packets and was left out.`,
          count: 1,
        });
    }
    kept.sort((a, b) => Math.min(...a.positions) - Math.min(...b.positions));
    const gathered = kept.map(({ gathering }, input) => gathering.gathered(nameOf(gathering), input));
    const places = kept.flatMap(({ positions }, input) => {
      let before = 0;
      return positions.map((position, i) => {
        const place = { position, input, before };
        before += gathered[input]!.files[i]!.packets;
        return place;
      });
    });
    return { gathered, places };
  }

  /** The earlier capture that has all files of this one; null when this one has packets of its own. */
  private originalOf({ gathering: { fingerprints } }: Entry): Entry | null {
    if (fingerprints.length === 0) return null;
    for (const entry of this.entries) {
      if (entry.gathering.fingerprints === fingerprints) return null;
      if (fingerprints.every((one) => entry.gathering.fingerprints.includes(one))) return entry;
    }
    return null;
  }

  /** The capture that the file goes on with; of several the one whose connections go on, then the one of a like name. */
  private continued(prelude: Prelude, name: string): Entry | null {
    let best: Entry | null = null;
    let most = 0;
    for (const entry of this.entries) {
      const { stretch } = entry.gathering;
      const like = stemOf(stretch.name) === stemOf(name) ? 0.5 : 0;
      const rank = RANK[continuationOf(stretch, prelude, name)];
      if (rank > 0 && rank + like > most && this.originalOf(entry) === null) {
        best = entry;
        most = rank + like;
      }
    }
    return best;
  }
}

function nameOf({ names }: Gathering): string {
  const [first = '', ...others] = names;
  return others.length === 0 ? first : `${first} … ${others.at(-1)!.replace(/^.*[/\\]/, '')}`;
}
