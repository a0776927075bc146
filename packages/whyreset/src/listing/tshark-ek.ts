import { readFieldPacket } from './field-packet.ts';
import type { ListingFormat, ListingParser, ListingSink } from './format.ts';
import { readJsonPacket } from './json-fields.ts';

class EkParser implements ListingParser {
  private readonly sink: ListingSink;

  constructor(sink: ListingSink) {
    this.sink = sink;
  }

  take(line: string, number: number): boolean {
    if (/^\s*\{"index":\{/.test(line)) return true;
    if (!/^\s*\{"timestamp":"?\d/.test(line)) return false;
    const fields = readJsonPacket(line);
    const packet = fields === null ? null : readFieldPacket(number, fields.of, fields.quoted);
    if (packet === null)
      this.sink.damaged(number, fields === null ? 'the object does not end' : 'fields are missing');
    else this.sink.packet(packet);
    return true;
  }

  flush(): void {}
}

export default {
  id: 'tshark-ek',
  title: 'tshark -T ek (newline-delimited JSON for Elasticsearch)',
  parser: (sink) => new EkParser(sink),
} satisfies ListingFormat;
