import { printable } from '../wire/printable.ts';
import { WarningLog } from '../wire/warnings.ts';
import { callPathOf, isInterrupted } from './call-path.ts';
import { reasonName } from './kernel-reasons.ts';
import { Lines } from './lines.ts';
import { addressOf, type Place, placeOf } from './place.ts';
import { type HostSource, NotHostDataError } from './source.ts';
import type { TraceEvent } from './trace-event.ts';

/** Events kept of one trace; the later ones are given up beyond that. */
const MOST_EVENTS = 200_000;
/** Frames of a stack that are looked at. */
const MOST_FRAMES = 40;

const EVENT = /\btcp_(send|receive)_reset\b:?/;
/** `name-pid ( tgid) [cpu] flags time:`; perf has `name pid [cpu] time: tcp:`, trace-cmd may lack the flags. */
const HEAD = /^\s*(\S.{0,40}?)[-\s](\d{1,10})\s+(?:\([ \d-]{1,12}\)\s+)?\[\d{1,5}\]/;
const FLAGS = /\]\s+([^\s\d]\S{3,5})\s/;
const TIME = /(?:^|\s)(\d{1,12}\.\d{1,9}):/;
/** ftrace: ` => name`; trace-cmd adds an address behind it, perf one before. */
const FRAME = /^\s*(?:=>\s+|[0-9a-f]{6,16}\s+)([A-Za-z_][\w.]{0,80})/;
const LOST = /\[?LOST (\d{1,12}) (?:EVENTS|events)|\bLOST (\d{1,12}) events!/;
const WRITTEN = /^#\s+entries-in-buffer\/entries-written:\s+(\d{1,15})\/(\d{1,15})/;

/** The `key=value` fields of an event; values hold no blanks. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const word of text.split(/\s+/)) {
    const equals = word.indexOf('=');
    if (equals > 0) fields.set(word.slice(0, equals), word.slice(equals + 1).replace(/,$/, ''));
  }
  return fields;
}

const NIL = /^(?:\(nil\)|(?:0x)?0+|\(?null\)?)$/;

function isSet(pointer: string | undefined): boolean | null {
  return pointer === undefined || pointer === '' ? null : !NIL.test(pointer);
}

/** Both ends, in the form since Linux 6.10 (`src=ip:port`) or the older one (`sport=`, `saddr=`, `saddrv6=`). */
function endOf(fields: Map<string, string>, whole: string, letter: 's' | 'd'): Place | null {
  const place = fields.get(whole);
  if (place !== undefined) return placeOf(place);
  const port = fields.get(`${letter}port`);
  if (port === undefined || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) return null;
  const four = fields.get(`${letter}addr`) ?? '';
  const six = fields.get(`${letter}addrv6`) ?? '';
  const address = addressOf(four === '' || four === '0.0.0.0' ? six : four) ?? addressOf(four);
  return address === null ? null : { address, port: Number(port) };
}

const ANYWHERE = /^(?:0\.0\.0\.0|::)$/;

/**
 * The kernel's account of resets: lines of `trace` or `trace_pipe`, of
 * `trace-cmd report`, `perf script`, or of any tool that prints the fields of
 * the two tracepoints as `key=value`. What else is in the file is passed over.
 */
export class KernelTrace {
  readonly events: TraceEvent[] = [];
  /** Nothing is known to be missing: no lost events, no overrun buffer, no damaged or given up lines. */
  whole = true;
  private readonly warnings = new WarningLog();
  private readonly source: number;
  private readonly lines: Lines;
  private recognised = false;
  private filled = false;
  /** Frames of the stack being read, which belongs to the latest event. */
  private stack: string[] = [];
  private told: TraceEvent | null = null;

  /** @param source index of the file among the host files */
  constructor(source: number) {
    this.source = source;
    this.lines = new Lines((line, number) => this.line(line, number));
  }

  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  /** @throws NotHostDataError when nothing in it is a trace */
  end(name: string): HostSource {
    this.lines.end();
    this.closeStack();
    if (!this.recognised && this.filled)
      throw new NotHostDataError(
        'holds no line of a kernel trace (tcp_send_reset or tcp_receive_reset with its fields)',
      );
    if (this.lines.cut > 0) this.whole = false;
    if (this.events.length === 0)
      this.warnings.add('no-events', 'The trace holds no reset, neither sent nor received.');
    return { name, kind: 'trace', records: this.events.length, warnings: this.warnings.list };
  }

  private line(line: string, number: number): void {
    if (line === '') return;
    this.filled = true;
    const found = EVENT.exec(line);
    if (found !== null) {
      this.closeStack();
      this.event(line, number, found);
      return;
    }
    const frame = this.told === null ? null : FRAME.exec(line);
    if (frame !== null) {
      if (this.stack.length < MOST_FRAMES) this.stack.push(frame[1]!);
    } else this.remark(line);
  }

  /** Lines that are no event: headers, stack marks, and the news that something is missing. */
  private remark(line: string): void {
    if (/^# tracer:|^cpus=\d|<stack trace>/.test(line)) this.recognised = true;
    const lost = LOST.exec(line);
    const written = WRITTEN.exec(line);
    const missing =
      lost !== null
        ? Number(lost[1] ?? lost[2])
        : written !== null
          ? Number(written[2]) - Number(written[1])
          : 0;
    if (missing <= 0) return;
    this.whole = false;
    this.warnings.add(
      'lost-events',
      'The kernel lost trace lines: a reset that is not in the trace may have been sent.',
    );
  }

  private event(line: string, number: number, found: RegExpExecArray): void {
    const fields = fieldsOf(line.slice(found.index + found[0].length));
    if (fields.size === 0) return;
    this.recognised = true;
    const kind = found[1] as TraceEvent['kind'];
    const local = endOf(fields, 'src', 's');
    const remote = endOf(fields, 'dest', 'd');
    if (local === null || remote === null) {
      this.whole = false;
      this.warnings.add(
        'garbled-line',
        'A line of the trace does not name both ends and was skipped.',
        undefined,
      );
      return;
    }
    if (this.events.length >= MOST_EVENTS) {
      this.whole = false;
      this.warnings.add(
        'too-many-events',
        'The trace holds more resets than are kept; the later ones were given up.',
      );
      return;
    }
    const before = line.slice(0, found.index);
    const head = HEAD.exec(before);
    const flags = FLAGS.exec(before)?.[1];
    const time = TIME.exec(before)?.[1];
    const reason = fields.get('reason');
    const event: TraceEvent = {
      kind,
      source: this.source,
      line: number,
      time: time === undefined ? Number.NaN : Number(time),
      local,
      remote: remote.port === 0 && ANYWHERE.test(remote.address) ? null : remote,
      reason: reason === undefined ? null : printable(reasonName(reason)).slice(0, 40),
      state: fields.has('state') ? printable(fields.get('state')!).slice(0, 24) : null,
      answer: kind === 'send' ? isSet(fields.get('skbaddr')) : null,
      socket: kind === 'send' ? isSet(fields.get('skaddr')) : null,
      task: head === null ? '' : printable(`${head[1]!.trim()}-${head[2]}`),
      // The third flag: `s` and `S` softirq, `h`, `H`, `z`, `Z` the others (kernel/trace/trace_output.c).
      inTask: flags === undefined ? null : flags[2] === '.',
      path: null,
    };
    this.events.push(event);
    this.told = event;
  }

  private closeStack(): void {
    if (this.told !== null && this.stack.length > 0) {
      this.told.path = callPathOf(this.stack);
      // perf prints no flags; the whole stack says the same.
      if (this.stack.length < MOST_FRAMES) this.told.inTask ??= !isInterrupted(this.stack);
    }
    this.stack = [];
    this.told = null;
  }
}
