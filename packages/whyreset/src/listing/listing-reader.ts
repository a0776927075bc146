import { Lines } from '../host/lines.ts';
import { PastedRecords } from '../host/pasted.ts';
import type { ReaderOptions } from '../wire/framing.ts';
import { NotACaptureError, noPackets } from '../wire/not-a-capture.ts';
import type { CaptureInfo, CaptureSink } from '../wire/reader.ts';
import { WarningLog } from '../wire/warnings.ts';
import { Assembly } from './assemble.ts';
import type { ListingParser } from './format.ts';
import { FORMATS } from './formats.ts';
import type { TextStart } from './is-text.ts';
import { lackingOf } from './lacking.ts';
import { readClock } from './list-clock.ts';
import type { ListedPacket } from './listed-packet.ts';
import { undecorate } from './undecorate.ts';

/** Most packets of one text: they are held at once, because the first can often be read only after the last. */
const MOST_PACKETS = 500_000;
/** Characters that tell a page of a web site from a list. */
const BEGINNING = 64;
/** Longest line, characters: a packet of 64 KiB as one line of JSON. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * Reads packets that come as text and hands each TCP segment to a sink, all of them at `end`. Formats are told by
 * content and may stand in one text beside prose; `info.format` names the one of most packets.
 *
 * `end` throws `NotACaptureError` when no line is a packet; lines that begin as one and cannot be read become
 * `info.warnings`.
 */
export class ListingReader {
  readonly info: CaptureInfo;
  /** What hosts recorded beside the packets. */
  readonly records = new PastedRecords();
  private readonly warnings = new WarningLog();
  private readonly sink: CaptureSink;
  private readonly options: ReaderOptions;
  private readonly lines: Lines;
  private readonly parsers: { id: string; parser: ListingParser; packets: number }[];
  private readonly packets: ListedPacket[] = [];
  /** The format of the last line: what continues a packet is offered to it first. */
  private current: ListingParser | null = null;
  private damaged = new Map<string, { first: number; count: number }>();
  private others = { first: 0, count: 0 };
  private dropped = 0;
  /** The first characters of the text, for the message when it is no packet list. */
  private beginning = '';

  /** @param options for packets whose bytes the text shows */
  constructor(
    sink: CaptureSink,
    options: ReaderOptions = {},
    { encoding }: Pick<TextStart, 'encoding'> = { encoding: 'utf-8' },
  ) {
    this.sink = sink;
    this.options = options;
    this.lines = new Lines((line, number) => this.line(line, number), { longest: LONGEST_LINE, encoding });
    this.parsers = FORMATS.map((format) => {
      const entry = {
        id: format.id,
        packets: 0,
        parser: format.parser({
          packet: (packet) => {
            entry.packets++;
            if (this.packets.length < MOST_PACKETS) this.packets.push(packet);
            else this.dropped++;
          },
          damaged: (line, why) => this.damage(line, why),
          foreign: (line) => this.passOver(line),
        }),
      };
      return entry;
    });
    this.info = {
      format: null,
      epochSeconds: 0,
      packets: 0,
      tcpPackets: 0,
      other: [],
      bytes: 0,
      snapLength: 0,
      linkTypes: [],
      interfaces: [],
      warnings: this.warnings.list,
    };
  }

  /** The next bytes; they are not kept. */
  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
    this.info.bytes += chunk.length;
  }

  end(): void {
    this.lines.end();
    for (const { parser } of this.parsers) parser.flush();
    const most = this.parsers.reduce((best, entry) => (entry.packets > best.packets ? entry : best));
    if (most.packets === 0 && this.damaged.size === 0 && this.records.any) {
      this.info.format = 'none';
      return;
    }
    if (most.packets === 0) throw this.refusal();
    const { info } = this;
    this.packets.sort((a, b) => a.line - b.line);
    const clock = readClock(this.packets);
    // Who receives the segments counts their times from it.
    info.epochSeconds = clock.epochSeconds;
    const assembly = new Assembly(this.packets, this.sink, this.warnings, this.options);
    info.text = { clock: clock.kind, resolution: clock.resolution, incomplete: false, names: assembly.names };
    const assembled = assembly.run(clock);
    info.format = most.id;
    info.packets = this.packets.length + this.dropped;
    info.tcpPackets = assembled.tcpPackets;
    this.warnAboutLines();
    const incomplete = this.damaged.size > 0 || this.dropped > 0 || assembled.incomplete;
    info.text = { ...info.text, incomplete };
    this.warnings.list.push(...lackingOf(this.packets, assembled));
  }

  private line(raw: string, number: number): void {
    const line = undecorate(raw);
    if (this.beginning === '') this.beginning = line.trim().slice(0, BEGINNING);
    if (this.current?.take(line, number) === true) return;
    for (const { parser } of this.parsers) {
      if (parser === this.current || !parser.take(line, number)) continue;
      this.current?.flush();
      this.current = parser;
      return;
    }
    if (this.records.take(line, number)) return;
    if (line.trim() === '' || /^\s*(?:```|~~~)/.test(line)) return;
    this.passOver(number);
  }

  private passOver(line: number): void {
    if (this.others.count++ === 0) this.others.first = line;
  }

  private damage(line: number, why: string): void {
    const known = this.damaged.get(why);
    if (known === undefined) this.damaged.set(why, { first: line, count: 1 });
    else known.count++;
  }

  private warnAboutLines(): void {
    for (const [why, { first, count }] of this.damaged)
      this.warnings.list.push({
        code: 'unread-lines',
        message: `A line looks like a packet and cannot be read: ${why} (the first is line ${first}).`,
        count,
      });
    if (this.others.count > 0)
      this.warnings.list.push({
        code: 'other-lines',
        message: `Lines that are no packets were passed over (the first is line ${this.others.first}).`,
        count: this.others.count,
      });
    if (this.dropped > 0)
      this.warnings.list.push({
        code: 'truncated',
        message: `Only the first ${MOST_PACKETS} packets of the text were read.`,
        count: this.dropped,
      });
    if (this.lines.cut > 0)
      this.warnings.list.push({
        code: 'long-lines',
        message: 'A line was too long and lost its end.',
        count: this.lines.cut,
      });
  }

  private refusal(): NotACaptureError {
    const [why, found] = [...this.damaged][0] ?? [];
    if (why !== undefined)
      return new NotACaptureError(
        `The text looks like a packet list, but none of its lines can be read: ${why} (line ${found!.first}).`,
      );
    return noPackets(this.beginning);
  }
}
