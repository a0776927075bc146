import { checksumWarnings } from '../../connection/checksum-warnings.ts';
import { type ConnectionSummary, ConnectionTracker } from '../../connection/tracker.ts';
import { InputReader } from '../../input-reader.ts';
import { restoreNames } from '../../listing/list-names.ts';
import { connectionLine, connectionTable } from '../../report/connections.ts';
import { OK } from '../exit.ts';
import { readInput } from '../read-input.ts';
import { terminal } from '../terminal.ts';

export interface ConnectionsCommandOptions {
  format: 'text' | 'ndjson';
}

/** Lines are written in pieces of about this many characters. */
const PIECE = 65_536;

/** `whyreset connections`: every TCP connection, in the order in which Zeek would log it. */
export async function connectionsCommand(
  file: string,
  { format }: ConnectionsCommandOptions,
): Promise<number> {
  const table: ConnectionSummary[] = [];
  let pending = '';
  const flush = () => {
    process.stdout.write(pending);
    pending = '';
  };
  const tracker = new ConnectionTracker({ checksums: 'all', every: true, keep: 'nothing' }, (connection) => {
    const { text } = reader.info;
    const found = connection.summary();
    const summary = text === undefined ? found : restoreNames(found, text.names);
    summary.ts += reader.info.epochSeconds;
    if (format === 'text') table.push(summary);
    else {
      pending += connectionLine(summary);
      if (pending.length > PIECE) flush();
    }
  });
  const reader = new InputReader(tracker);
  await readInput(file, {
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
  flush();
  if (format === 'text') {
    // A table is read by people: in the order of the connections' beginnings.
    table.sort((a, b) => a.ts - b.ts);
    for (const line of connectionTable(table, terminal())) process.stdout.write(line);
  }
  for (const { message, count } of reader.info.warnings) {
    process.stderr.write(`whyreset: ${message}${count > 1 ? ` (${count} times)` : ''}\n`);
  }
  return OK;
}
