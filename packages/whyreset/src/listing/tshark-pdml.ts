import { type FieldOf, readFieldPacket } from './field-packet.ts';
import type { ListingFormat, ListingParser, ListingSink } from './format.ts';

const PROTO = /<proto\s[^>]*?\bname="([^"]*)"/;
const FIELD = /<field\s[^>]*?\bname="([^"]*)"/;
const SHOW = /\bshow="([^"]*)"/;
const VALUE = /\bvalue="([^"]*)"/;
/** Fields whose bytes are wanted, where the shown text is a summary. */
const AS_BYTES = new Set(['tcp.payload', 'tcp.options']);

class PdmlParser implements ListingParser {
  private readonly sink: ListingSink;
  private begun = 0;
  private open = false;
  private inPdml = false;
  /** Fields of the packet, and of the one that its ICMP error quotes. */
  private outer = new Map<string, string>();
  private quoted: Map<string, string> | null = null;

  constructor(sink: ListingSink) {
    this.sink = sink;
  }

  take(line: string, number: number): boolean {
    if (/<pdml\b|<\/pdml>/.test(line)) this.inPdml = line.includes('<pdml');
    if (!this.open) {
      if (/<packet>/.test(line)) this.begin(number);
      return this.open || this.inPdml || /^\s*<(?:\?xml|\/?pdml|!--)/.test(line);
    }
    this.field(line);
    if (line.includes('</packet>')) this.finish();
    return true;
  }

  flush(): void {
    if (this.open) this.sink.damaged(this.begun, 'the packet does not end');
    this.open = false;
  }

  private begin(number: number): void {
    this.begun = number;
    this.open = true;
    this.outer = new Map();
    this.quoted = null;
  }

  private field(line: string): void {
    const proto = PROTO.exec(line)?.[1];
    if (proto === 'ip' || proto === 'ipv6') {
      if (this.outer.has('icmp.type') || this.outer.has('icmpv6.type')) this.quoted ??= new Map();
    }
    const name = FIELD.exec(line)?.[1];
    if (name === undefined || name === '') return;
    const text = (AS_BYTES.has(name) ? VALUE.exec(line)?.[1] : undefined) ?? SHOW.exec(line)?.[1];
    if (text !== undefined) (this.quoted ?? this.outer).set(name, text);
  }

  private finish(): void {
    this.open = false;
    const reader =
      (fields: Map<string, string>): FieldOf =>
      (name) =>
        fields.get(name);
    const packet = readFieldPacket(
      this.begun,
      reader(this.outer),
      this.quoted === null ? null : reader(this.quoted),
    );
    if (packet === null) this.sink.damaged(this.begun, 'fields are missing');
    else this.sink.packet(packet);
  }
}

export default {
  id: 'tshark-pdml',
  title: 'tshark -T pdml, and Wireshark’s export as PDML',
  parser: (sink) => new PdmlParser(sink),
} satisfies ListingFormat;
