import { readFieldPacket } from './field-packet.ts';
import type { ListingFormat, ListingParser, ListingSink } from './format.ts';
import { cellsOf } from './wireshark-csv.ts';

const NAME = /^(?:frame|eth|ip|ipv6|tcp|icmp|icmpv6|http|tls|_ws)\.[\w.]+$/;

class FieldsParser implements ListingParser {
  private readonly sink: ListingSink;
  private names: readonly string[] = [];
  private separator = '\t';

  constructor(sink: ListingSink) {
    this.sink = sink;
  }

  take(line: string, number: number): boolean {
    for (const separator of ['\t', ',', ';', '|']) {
      const names = cellsOf(line, separator)?.map((cell) => cell.trim()) ?? [];
      if (names.length > 3 && names.every((name) => NAME.test(name))) {
        this.names = names;
        this.separator = separator;
        return true;
      }
    }
    if (this.names.length === 0) return false;
    const cells = cellsOf(line, this.separator);
    if (cells === null || cells.length !== this.names.length) return false;
    const packet = readFieldPacket(number, (name) => {
      const at = this.names.indexOf(name);
      return at < 0 || cells[at] === '' ? undefined : cells[at];
    });
    if (packet === null)
      this.sink.damaged(
        number,
        'a field is missing: addresses, ports, tcp.flags, tcp.seq, tcp.ack and tcp.len are needed',
      );
    else this.sink.packet(packet);
    return true;
  }

  flush(): void {}
}

export default {
  id: 'tshark-fields',
  title: 'tshark -T fields with -E header=y',
  parser: (sink) => new FieldsParser(sink),
} satisfies ListingFormat;
