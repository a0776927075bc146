import type { ListingFormat, ListingParser, ListingSink } from './format.ts';
import { readWiresharkRow, type WiresharkRow } from './wireshark-row.ts';

/** Wireshark's column titles, in lower case, and what they are to the reader. */
const COLUMNS: Readonly<Record<string, keyof WiresharkRow>> = {
  'no.': 'number',
  no: 'number',
  number: 'number',
  time: 'time',
  'utc time': 'time',
  'absolute time': 'time',
  source: 'source',
  'source address': 'source',
  src: 'source',
  destination: 'destination',
  'destination address': 'destination',
  dst: 'destination',
  dest: 'destination',
  protocol: 'protocol',
  length: 'length',
  info: 'info',
  'source port': 'sourcePort',
  'src port': 'sourcePort',
  'destination port': 'destinationPort',
  'dest port': 'destinationPort',
  'dst port': 'destinationPort',
};
const NEEDED: readonly (keyof WiresharkRow)[] = ['source', 'destination', 'info'];
const DEFAULT: readonly (keyof WiresharkRow | null)[] = [
  'number',
  'time',
  'source',
  'destination',
  'protocol',
  'length',
  'info',
];

/** The cells of a line; null when a quote stays open. Doubled quotes stand for one (RFC 4180). */
export function cellsOf(line: string, separator: string): string[] | null {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let cell = '';
      at++;
      for (;;) {
        const end = line.indexOf('"', at);
        if (end < 0) return null;
        cell += line.slice(at, end);
        at = end + 1;
        if (line[at] !== '"') break;
        cell += '"';
        at++;
      }
      cells.push(cell);
    } else {
      const end = line.indexOf(separator, at);
      cells.push(line.slice(at, end < 0 ? line.length : end));
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) return cells;
    if (line[at] !== separator) return null;
    at++;
  }
}

/** The columns that a header names; null when the line is none. */
function headerOf(line: string): { columns: (keyof WiresharkRow | null)[]; separator: string } | null {
  for (const separator of [',', ';', '\t']) {
    const columns = cellsOf(line, separator)?.map((cell) => COLUMNS[cell.trim().toLowerCase()] ?? null) ?? [];
    if (NEEDED.every((column) => columns.includes(column))) return { columns, separator };
  }
  return null;
}

class CsvParser implements ListingParser {
  private readonly sink: ListingSink;
  private columns: readonly (keyof WiresharkRow | null)[] = DEFAULT;
  private separator = ',';
  private headed = false;

  constructor(sink: ListingSink) {
    this.sink = sink;
  }

  take(line: string, number: number): boolean {
    const header = headerOf(line);
    if (header !== null) {
      this.columns = header.columns;
      this.separator = header.separator;
      this.headed = true;
      return true;
    }
    // Without a header only a line as Wireshark exports it is one of the list.
    if (!this.headed && !/^"\d{1,9}","[^"]*","[^"]*","[^"]*","[^"]*","?\d/.test(line)) return false;
    const cells = cellsOf(line, this.separator);
    if (cells === null || cells.length !== this.columns.length) {
      if (!/^"?\d{1,9}"?[,;\t]/.test(line)) return false;
      this.sink.damaged(number, 'the row has other columns than the list');
      return true;
    }
    const row: WiresharkRow = {
      number: '',
      time: '',
      source: '',
      destination: '',
      protocol: '',
      length: '',
      info: '',
      sourcePort: '',
      destinationPort: '',
    };
    for (const [i, column] of this.columns.entries()) if (column !== null) row[column] = cells[i]!;
    const packet = readWiresharkRow(number, row);
    if (packet === null) this.sink.damaged(number, 'the row is cut or changed');
    else this.sink.packet(packet);
    return true;
  }

  flush(): void {}
}

export default {
  id: 'wireshark-csv',
  title: 'The packet list of Wireshark as CSV',
  parser: (sink) => new CsvParser(sink),
} satisfies ListingFormat;
