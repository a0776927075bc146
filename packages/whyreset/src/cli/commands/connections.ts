import { checkOverwrite } from '../../capture/annotate.ts';
import { checksumWarnings } from '../../connection/checksum-warnings.ts';
import { type ConnectionSummary, ConnectionTracker } from '../../connection/tracker.ts';
import { InputReader } from '../../input-reader.ts';
import { restoreNames } from '../../listing/list-names.ts';
import { connectionLine, connectionMarkdown, connectionTable } from '../../report/connections.ts';
import { OK } from '../exit.ts';
import { type Output, openOutput } from '../output.ts';
import { readInput } from '../read-input.ts';
import { terminal } from '../terminal.ts';

export interface ConnectionsCommandOptions {
  format: 'text' | 'json' | 'ndjson' | 'markdown';
  output?: string;
}

/** Lines are written in pieces of about this many characters. */
const PIECE = 65_536;

/** Writes connections as they end; tables, which people read in order of time, wait for the end. */
class ConnectionWriter {
  private readonly table: ConnectionSummary[] = [];
  private pending = '';
  private count = 0;
  private readonly out: Output;
  private readonly format: ConnectionsCommandOptions['format'];

  constructor(out: Output, format: ConnectionsCommandOptions['format']) {
    this.out = out;
    this.format = format;
  }

  add(summary: ConnectionSummary): void {
    if (this.format === 'text' || this.format === 'markdown') {
      this.table.push(summary);
      return;
    }
    const line = connectionLine(summary);
    this.pending += this.format === 'ndjson' ? line : `${this.count === 0 ? '[' : ','}\n${line.trimEnd()}`;
    this.count++;
    if (this.pending.length > PIECE) this.flush();
  }

  private flush(): void {
    this.out.write(this.pending);
    this.pending = '';
  }

  end(colour: boolean): void {
    const { format, table, out } = this;
    if (format === 'json') this.pending += this.count === 0 ? '[]\n' : '\n]\n';
    if (this.pending !== '') this.flush();
    if (format !== 'text' && format !== 'markdown') return;
    table.sort((a, b) => a.ts - b.ts);
    const options = terminal();
    const pieces =
      format === 'text'
        ? connectionTable(table, { ...options, colour: colour && options.colour })
        : connectionMarkdown(table);
    for (const piece of pieces) out.write(piece);
  }
}

async function readConnections(file: string, writer: ConnectionWriter): Promise<void> {
  const tracker = new ConnectionTracker({ checksums: 'all', every: true, keep: 'nothing' }, (connection) => {
    const { text } = reader.info;
    const found = connection.summary();
    const summary = text === undefined ? found : restoreNames(found, text.names);
    summary.ts += reader.info.epochSeconds;
    writer.add(summary);
  });
  const reader = new InputReader(tracker);
  const name = await readInput(file, {
    get info() {
      return reader.info;
    },
    push: (chunk) => reader.push(chunk),
    end: () => {
      reader.end();
      tracker.end();
      reader.info.warnings.push(...checksumWarnings(tracker));
    },
  });
  for (const { message, count } of reader.info.warnings)
    process.stderr.write(`whyreset: ${name}: ${message}${count > 1 ? ` (${count} times)` : ''}\n`);
}

/** `whyreset connections`: every TCP connection of each file, in the order in which Zeek would log it. */
export async function connectionsCommand(
  files: readonly string[],
  { format, output }: ConnectionsCommandOptions,
): Promise<number> {
  if (output !== undefined) checkOverwrite('--output', output, files);
  const out = openOutput(output);
  const writer = new ConnectionWriter(out, format);
  for (const file of files) await readConnections(file, writer);
  writer.end(output === undefined);
  out.close();
  return OK;
}
