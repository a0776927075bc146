import { logTime } from '../../host/log-time.ts';
import { endingOf } from '../../logs/endings.ts';
import { features } from '../../logs/features.ts';
import { observe } from '../../logs/observe.ts';
import { describe, type Recognition, recognise } from '../../logs/recognise.ts';
import { explainText } from '../explain-text.ts';
import type { TextExplanation } from '../explanation.ts';
import { knownInterval } from '../numbers/index.ts';
import { type Group, intervalOf, note } from './group.ts';
import { type LogRecord, LogRecords } from './records.ts';
import { type Companion, companions } from './together.ts';

/** One kind of ending of a log, explained. */
export interface SurveyedGroup extends Omit<Group, 'minutes' | 'seconds' | 'pauses'> {
  /** Endings a minute from the first to the last, at most 60 cells. */
  strip: number[];
  /** Minutes that one cell of the strip holds. */
  cell: number;
  /** The pause between most of them, in seconds, and what it comes to. */
  interval: { seconds: number; says: string | null } | null;
  companions: Companion[];
  explanation: TextExplanation;
}

/** What a log tells. Plain data. */
export interface Survey {
  inputs: { name: string; bytes: number }[];
  /** Endings in all groups. */
  endings: number;
  groups: SurveyedGroup[];
  /** Endings beyond the groups that are kept. */
  others: number;
}

/** One ending, as it is read. */
export interface SeenEnding {
  group: Group;
  isNew: boolean;
  time: number | null;
}

const MOST_GROUPS = 300;
/** Shapes of records that are remembered, so that each kind of line is recognised once. */
const MOST_SHAPES = 20_000;
const MOST_CELLS = 60;

/** Reads logs of any size and groups the endings in them; memory does not grow with them. */
export class LogSurvey {
  private readonly inputs: { name: string; bytes: number }[] = [];
  private readonly groups = new Map<string, Group>();
  private readonly shapes = new Map<string, Recognition | null>();
  private readonly seen: (ending: SeenEnding) => void;
  private others = 0;

  /** @param seen called with each ending, for a log that is followed */
  constructor(seen: (ending: SeenEnding) => void = () => {}) {
    this.seen = seen;
  }

  /** A reader for one more input. */
  input(name: string): { push(chunk: Uint8Array): void; flush(): void; end(): void } {
    const at = this.inputs.push({ name, bytes: 0 }) - 1;
    const records = new LogRecords((record) => this.record(record, at));
    return {
      push: (chunk) => {
        this.inputs[at]!.bytes += chunk.length;
        records.push(chunk);
      },
      flush: () => records.flush(),
      end: () => records.end(),
    };
  }

  private record({ raw, text }: LogRecord, input: number): void {
    const found = this.recognised(text);
    if (found === null) return;
    const { winner, ending } = found;
    const { host, port } = features(text);
    const peer = host === null ? null : `${host}:${port}`;
    const key = `${winner.wording.id} ${ending} ${peer ?? ''}`;
    let group = this.groups.get(key);
    const isNew = group === undefined;
    if (group === undefined) {
      if (this.groups.size >= MOST_GROUPS) {
        this.others++;
        return;
      }
      group = {
        ending,
        title: endingOf(ending).title,
        words: describe(recognise(text, false)!.winner, text).recognised,
        program: winner.wording.program,
        by: observe(found, text).observation.by,
        peer,
        count: 0,
        inputs: [],
        first: null,
        last: null,
        sample: text,
        minutes: new Map(),
        seconds: new Set(),
        pauses: [],
      };
      this.groups.set(key, group);
    }
    const time = logTime(raw)?.seconds ?? null;
    note(group, input, time);
    this.seen({ group, isNew, time });
  }

  /** Lines that differ in numbers alone are recognised once. */
  private recognised(text: string): Recognition | null {
    const shape = shapeOf(text);
    const known = this.shapes.get(shape);
    if (known !== undefined) return known;
    const found = recognise(text, false);
    if (this.shapes.size >= MOST_SHAPES) this.shapes.clear();
    this.shapes.set(shape, found);
    return found;
  }

  result(): Survey {
    const groups = [...this.groups.values()].sort((a, b) => b.count - a.count);
    const beside = companions(groups);
    return {
      inputs: this.inputs,
      endings: groups.reduce((sum, { count }) => sum + count, this.others),
      groups: groups.map((group, at) => surveyed(group, beside[at]!, groups)),
      others: this.others,
    };
  }
}

/** Numbers, identifiers and paths vary; the words do not. Numbers that are codes stay. */
const shapeOf = (text: string): string =>
  text
    .slice(0, 2000)
    .replace(/\b[0-9a-f]{8,}(?:-[0-9a-f]{4,}){0,4}\b/gi, 'x')
    .replace(/\/[\w./%?=&-]{2,}/g, '/')
    .replace(/\d{6,}|\d+(?=[.:,]\d)|(?<=[.:,])\d+/g, '0');

function surveyed(group: Group, beside: Companion[], groups: readonly Group[]): SurveyedGroup {
  const { minutes, seconds: _seconds, pauses: _pauses, ...plain } = group;
  const interval = intervalOf(group);
  // What comes in the same seconds is read with it: a supervisor's line beside the proxy's says why.
  const text = [group, ...beside.map(({ group: other }) => groups[other]!)]
    .map(({ sample }) => sample)
    .join('\n');
  const explanation = explainText(text, { known: interval === null ? [] : ['interval'] })!;
  return {
    ...plain,
    ...stripOf(minutes),
    interval: interval === null ? null : { seconds: interval, says: knownInterval(interval, group.sample) },
    companions: beside,
    explanation,
  };
}

/** Counts a minute from the first to the last; several minutes share a cell where there are many. */
function stripOf(minutes: ReadonlyMap<number, number>): { strip: number[]; cell: number } {
  if (minutes.size === 0) return { strip: [], cell: 1 };
  const first = Math.min(...minutes.keys());
  const span = Math.max(...minutes.keys()) - first + 1;
  const cell = Math.max(1, Math.ceil(span / MOST_CELLS));
  const strip = new Array<number>(Math.ceil(span / cell)).fill(0);
  for (const [minute, count] of minutes) strip[Math.floor((minute - first) / cell)]! += count;
  return { strip, cell };
}
