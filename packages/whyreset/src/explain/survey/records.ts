import { eachCandidate } from '../../logs/candidates.ts';
import { readable } from '../../logs/normalise.ts';

/** An error in a log: the line that may hold a wording, and what belongs to it. */
export interface LogRecord {
  /** Readable text: escapes undone, prefixes of collectors dropped. */
  text: string;
  /** As it stands in the log, for its time. */
  raw: string;
}

/** A line that goes on with the record before it. */
const GOES_ON =
  /^(?:\[pod\/[^\]\n]{1,200}\] |[\w.-]{1,63} {0,40}\| )?(?:\s+\S|[}\])]|Caused by:|caused by:|\.\.\. \d)/;
const MOST_LINES = 40;
const MOST_CHARACTERS = 8000;
/** Without a line break in so much, it is no log. */
const LONGEST_LINE = 1 << 20;

/**
 * Finds the records of a log that may tell an ending, from bytes in pieces of any size. Lines in between are never
 * cut out; memory holds one piece and the end of the one before.
 */
export class LogRecords {
  private decoder: TextDecoder | null = null;
  private held = '';
  private readonly take: (record: LogRecord) => void;

  constructor(take: (record: LogRecord) => void) {
    this.take = take;
  }

  push(chunk: Uint8Array): void {
    this.decoder ??= new TextDecoder(encodingOf(chunk));
    const text = this.held + this.decoder.decode(chunk, { stream: true });
    // The last record of a piece may go on in the next one: it is kept back with its beginning.
    const whole = text.lastIndexOf('\n') + 1;
    const until =
      whole === 0 ? (text.length > LONGEST_LINE ? text.length : 0) : beginOfRecord(text, whole - 1);
    this.read(text.slice(0, until));
    this.held = text.slice(until);
  }

  /** What was kept back; a log that is followed goes on after it. */
  flush(): void {
    this.read(this.held);
    this.held = '';
  }

  end(): void {
    this.held += this.decoder?.decode() ?? '';
    this.flush();
  }

  private read(text: string): void {
    let done = 0;
    eachCandidate(text, (from, to) => {
      if (from < done) return;
      const begin = Math.max(done, beginOfRecord(text, from));
      done = endOfRecord(text, to);
      const raw = text.slice(begin, Math.min(done, begin + MOST_CHARACTERS));
      this.take({ raw, text: readable(raw) });
    });
  }
}

const encodingOf = (chunk: Uint8Array): string =>
  chunk[0] === 0xff && chunk[1] === 0xfe
    ? 'utf-16le'
    : chunk[0] === 0xfe && chunk[1] === 0xff
      ? 'utf-16be'
      : 'utf-8';

/** Where the record begins that the line at `at` belongs to. */
function beginOfRecord(text: string, at: number): number {
  let begin = text.lastIndexOf('\n', at - 1) + 1;
  for (let lines = 0; lines < MOST_LINES && begin > 0 && goesOn(text, begin); lines++)
    begin = text.lastIndexOf('\n', begin - 2) + 1;
  return begin;
}

function endOfRecord(text: string, at: number): number {
  let end = at;
  for (let lines = 0; lines < MOST_LINES && end + 1 < text.length && goesOn(text, end + 1); lines++) {
    const next = text.indexOf('\n', end + 1);
    end = next < 0 ? text.length : next;
  }
  return end;
}

const goesOn = (text: string, begin: number): boolean => GOES_ON.test(text.slice(begin, begin + 320));
