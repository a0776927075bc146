import { isReadable, readablePayload } from './application-text.ts';
import type { ListingFormat, ListingParser, ListingSink } from './format.ts';
import { HexDump } from './hex-dump.ts';
import type { ListedPacket } from './listed-packet.ts';
import { beginsPacket, readTcpdumpPacket, showsTime } from './tcpdump-packet.ts';
import { isComplete } from './tcpdump-tcp.ts';

/** Lines that one packet's header may be wrapped into; more is other text. */
const MOST_LINES = 8;
/** Bytes of IP and TCP header that `-A` prints as characters before the payload. */
const MOST_HEADERS = 100;
/** The first bytes of an IP header as characters: version and header length, traffic class, a short length. */
const DUMPED = /^\s*(?:E.\.|`[^`\w])/;
/** Wrapped lines are joined in all ways up to this many joints. */
const MOST_JOINTS = 4;

class TcpdumpParser implements ListingParser {
  private readonly sink: ListingSink;
  private lines: string[] = [];
  /** Lines of the text that were joined to the first. */
  private numbers: number[] = [];
  private first = 0;
  private packet: ListedPacket | null = null;
  private dump = new HexDump();
  private payload: string[] = [];
  private payloadSize = 0;
  private indent = '';

  constructor(sink: ListingSink) {
    this.sink = sink;
  }

  take(line: string, number: number): boolean {
    const pending = this.lines.length > 0 && this.packet === null;
    if (beginsPacket(line, pending) && !this.isQuoted(line)) {
      this.flush();
      this.first = number;
      this.lines = [line];
      this.numbers = [];
      this.packet = readTcpdumpPacket(number, line);
      return true;
    }
    if (this.lines.length === 0) return false;
    if (this.dump.take(line)) return true;
    if (this.wantsMore() && line.trim() !== '' && this.lines.length < MOST_LINES) {
      this.lines.push(line.trim());
      this.numbers.push(number);
      this.packet = joined(this.first, this.lines);
      return true;
    }
    return this.takePayload(line);
  }

  flush(): void {
    const { lines, first } = this;
    let { packet } = this;
    if (lines.length > 1 && packet?.icmp == null && !isWhole(packet, lines.join(' '))) {
      // The lines behind a cut one did not complete it: they are other text.
      packet = readTcpdumpPacket(first, lines[0]!) ?? readTcpdumpPacket(first, lines.slice(0, 2).join(' '));
      for (const number of this.numbers.slice(1)) this.sink.foreign(number);
    }
    if (lines.length > 0) {
      if (packet === null) this.sink.damaged(first, whyDamaged(lines.join(' ')));
      else this.sink.packet(this.completed(packet));
    }
    this.lines = [];
    this.packet = null;
    this.dump = new HexDump();
    this.payload = [];
    this.payloadSize = 0;
    this.indent = '';
  }

  /** The packet that an ICMP error quotes stands behind it, without a time where all others have one. */
  private isQuoted(line: string): boolean {
    return this.packet?.icmp != null && this.packet.time !== null && !showsTime(line);
  }

  /** The packet's header goes on in the next line: it is not readable yet, or was wrapped in the middle. */
  private wantsMore(): boolean {
    const { packet } = this;
    if (packet === null) return true;
    if (packet.icmp !== null) return packet.icmp.quoted === null && this.lines.length < 4;
    return !isWhole(packet, this.lines.join(' '));
  }

  /** Text behind the header: what `-A` shows of the packet from its IP header on, and `-v` of a request or response. */
  private takePayload(line: string): boolean {
    const tcp = this.packet?.tcp ?? null;
    if (tcp === null) return false;
    const begun = this.payload.length > 0;
    if (!begun && !DUMPED.test(line) && !((tcp.length ?? 0) > 0 && isReadable(line.trimStart())))
      return false;
    const most = (tcp.length ?? 0) + MOST_HEADERS;
    if (this.payloadSize > most) return false;
    this.payloadSize += line.length + 1;
    // `-v` indents every line of the payload alike: left there, a header would be one that goes on (RFC 9112 §5.2).
    if (!begun && !DUMPED.test(line)) this.indent = /^\s*/.exec(line)![0];
    this.payload.push(withoutIndent(line, this.indent));
    return true;
  }

  private completed(packet: ListedPacket): ListedPacket {
    packet.bytes = this.dump.packet();
    const { tcp } = packet;
    if (tcp !== null && (tcp.length ?? 0) > 0 && this.payload.length > 0)
      tcp.payload = readablePayload(this.payload.join('\n'), tcp.length!) ?? tcp.payload;
    return packet;
  }
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}

/** Nothing of the packet's header is missing. Since tcpdump 4.0 it ends with the length, in a line of its own perhaps. */
function isWhole(packet: ListedPacket | null, text: string): boolean {
  if (packet === null) return false;
  if (packet.tcp === null) return true;
  const flags = text.indexOf('Flags [');
  return isComplete(packet.tcp) && (flags < 0 || /\blength \d/.test(text.slice(flags)));
}

function whyDamaged(text: string): string {
  if (/: tcp \d+/.test(text)) return 'tcpdump -q leaves out flags and numbers';
  return 'the line is cut or changed';
}

/**
 * The packet from lines that a terminal, a mail program or tcpdump's `-v` has broken. A break may have taken the
 * space with it or stand inside a word, so the joints are tried both ways.
 */
function joined(first: number, lines: readonly string[]): ListedPacket | null {
  const spaced = readTcpdumpPacket(first, lines.join(' '));
  if (isWhole(spaced, lines.join(' '))) return spaced;
  const joints = Math.min(lines.length - 1, MOST_JOINTS);
  let best = spaced;
  for (let tight = 1; tight < 1 << joints; tight++) {
    const text = lines.reduce((sum, line, i) => sum + ((tight >> (i - 1)) & 1 ? '' : ' ') + line);
    const packet = readTcpdumpPacket(first, text);
    if (packet?.tcp != null && isWhole(packet, text)) return packet;
    best ??= packet;
  }
  return best;
}

export default {
  id: 'tcpdump-text',
  title: 'Lines of tcpdump, of any version and with any of -n -v -e -t -S -x -X -A -q -#',
  parser: (sink) => new TcpdumpParser(sink),
} satisfies ListingFormat;
