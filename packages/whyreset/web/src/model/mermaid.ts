import { labels } from '../../../src/report/ladder-label.ts';
import type { Example, LadderRow } from '../../../src/verdict/result.ts';

/** Mermaid ends a statement at `;` and a message at a line break, and `#` begins an entity. */
const plain = (text: string) => text.replace(/[;#\r\n]/g, ' ');

const HEAD = { originator: 'client', responder: 'server' } as const;

export function labelOf(row: LadderRow): string {
  const short = labels(row)
    .at(-1)!
    .replace(/^(?:PSH,)?ACK (?=[\d,]+ B)/, '');
  if (row.application === undefined) return short;
  return row.length > 0 ? `${row.application} ${row.length} B` : row.application;
}

function arrow(row: LadderRow): string {
  return row.flags.includes('R') ? '--x' : row.length > 0 ? '->>' : '-->>';
}

/** The ladder as a Mermaid sequence diagram, for a ticket that draws it. */
export function mermaidOf({ ladder, entry }: Example): string {
  const { originator, responder } = entry.connection;
  const lines = [
    'sequenceDiagram',
    `  participant client as client ${plain(originator)}`,
    `  participant server as server ${plain(responder)}`,
  ];
  for (const row of ladder) {
    if (row.elided > 0) lines.push(`  Note over client,server: ${row.elided} packets left out`);
    const to = row.from === 'originator' ? 'server' : 'client';
    lines.push(
      `  ${HEAD[row.from]}${arrow(row)}${to}: ${plain(`${row.time.toFixed(3)} ${labelOf(row)}`)} (${row.packet})`,
    );
    if (row.note !== null) lines.push(`  Note right of server: ${plain(row.note)}`);
  }
  return `${lines.join('\n')}\n`;
}
