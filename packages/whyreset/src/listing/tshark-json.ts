import { readFieldPacket } from './field-packet.ts';
import type { ListingFormat, ListingParser, ListingSink } from './format.ts';
import { readJsonPacket } from './json-fields.ts';
import { JsonObjects } from './json-objects.ts';

class JsonParser implements ListingParser {
  private readonly sink: ListingSink;
  private readonly objects: JsonObjects;
  /** A packet was found: from now on the brackets and commas between them belong to the list. */
  private inList = false;

  constructor(sink: ListingSink) {
    this.sink = sink;
    this.objects = new JsonObjects((text, line) => this.object(text, line));
  }

  take(line: string, number: number): boolean {
    if (!this.objects.open) {
      const begins = /^\s*(?:\[\s*|,\s*)?\{/.test(line);
      if (!begins) return /^\s*[[\],]\s*$/.test(line);
      if (!this.inList && !/^\s*\[?\s*\{\s*(?:$|"_index"|"_source")/.test(line)) return false;
    }
    this.objects.take(line, number);
    return true;
  }

  flush(): void {
    if (this.objects.open && this.inList) this.sink.damaged(this.objects.line, 'the object does not end');
    else if (this.objects.open) this.sink.foreign(this.objects.line);
    this.objects.reset();
  }

  private object(text: string, line: number): void {
    const fields = readJsonPacket(text);
    const packet = fields === null ? null : readFieldPacket(line, fields.of, fields.quoted);
    this.inList ||= fields !== null;
    if (packet !== null) this.sink.packet(packet);
    else if (fields === null && !this.inList) this.sink.foreign(line);
    else
      this.sink.damaged(line, fields === null ? 'it is no packet of tshark -T json' : 'fields are missing');
  }
}

export default {
  id: 'tshark-json',
  title: 'tshark -T json and -T jsonraw',
  parser: (sink) => new JsonParser(sink),
} satisfies ListingFormat;
