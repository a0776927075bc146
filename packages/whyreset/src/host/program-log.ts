import { mayHold } from '../logs/candidates.ts';
import { type EndingId, endingOf } from '../logs/endings.ts';
import { readable } from '../logs/normalise.ts';
import type { Ended } from '../logs/observation.ts';
import { describe, recognise } from '../logs/recognise.ts';
import { WarningLog } from '../wire/warnings.ts';
import { Lines } from './lines.ts';
import { placesOf } from './log-places.ts';
import { type LogTime, logTime } from './log-time.ts';
import type { Place } from './place.ts';
import { type HostSource, NotHostDataError } from './source.ts';

/** One error of a program's log. */
export interface LogRecord {
  source: number;
  /** The line on which it begins, from 1. */
  line: number;
  time: LogTime | null;
  /** The ends that it names; port 0 where none stands. */
  places: Place[];
  program: string;
  class: EndingId;
  ended: Ended;
  /** What the class is called. */
  title: string;
  /** The words that were recognised, harmless to show. */
  words: string;
}

/** Errors kept of one log; the later ones are given up beyond that. */
const MOST_RECORDS = 100_000;
/** A record is its first line and what belongs to it: a stack, the fields of an error object. */
const MOST_LINES = 40;
const MOST_CHARACTERS = 8000;

/** A line that goes on with the record before it. */
const GOES_ON = /^(?:\s+\S|[}\])]|Caused by:|caused by:|\.\.\. \d)/;

/** Errors about connections in any program's log: when, between whom, and what the words stand for. */
export class ProgramLog {
  readonly records: LogRecord[] = [];
  private readonly warnings = new WarningLog();
  private readonly source: number;
  private readonly lines: Lines;
  private text = '';
  private begun = 0;
  private taken = 0;
  private time: LogTime | null = null;
  private binary = 0;
  private read = 0;

  /** @param source index of the file among the host files */
  constructor(source: number) {
    this.source = source;
    this.lines = new Lines((line, number) => this.line(line, number));
  }

  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  /** @throws NotHostDataError when it is no text */
  end(name: string): HostSource {
    this.lines.end();
    this.finish();
    if (this.binary > this.read / 2) throw new NotHostDataError('is no text');
    if (this.lines.cut > 0)
      this.warnings.add('cut-lines', 'Lines of the log that are too long were read in part.');
    if (this.binary > 0)
      this.warnings.add('garbled-line', 'Lines of the log hold what is no text and were skipped.');
    if (this.records.length === 0)
      this.warnings.add('no-errors', 'The log holds no error about a connection that is known.');
    return { name, kind: 'log', records: this.records.length, warnings: this.warnings.list };
  }

  private line(line: string, number: number): void {
    if (line === '') return;
    this.read++;
    if (line.includes('\0') || line.includes('\ufffd')) {
      this.binary++;
      return;
    }
    const goesOn = this.begun > 0 && this.taken < MOST_LINES && GOES_ON.test(line);
    if (!goesOn) {
      this.finish();
      this.begun = number;
      // Lines without a time of their own were written with the one before.
      this.time = logTime(line) ?? this.time;
    }
    this.taken++;
    const room = MOST_CHARACTERS - this.text.length;
    if (room > 0) this.text += (this.text === '' ? '' : '\n') + line.slice(0, room);
  }

  private finish(): void {
    const { text, begun } = this;
    this.text = '';
    this.begun = 0;
    this.taken = 0;
    if (text === '' || !mayHold(text)) return;
    const plain = readable(text);
    const recognised = recognise(plain, false);
    if (recognised === null) return;
    const found = describe(recognised.winner, plain);
    if (this.records.length >= MOST_RECORDS) {
      this.warnings.add(
        'too-many-errors',
        'The log holds more errors than are kept; the later ones were given up.',
      );
      return;
    }
    this.records.push({
      source: this.source,
      line: begun,
      time: this.time,
      places: placesOf(text),
      program: found.program,
      class: found.class,
      ended: recognised.ended,
      title: endingOf(found.class).title,
      words: found.recognised,
    });
  }
}
