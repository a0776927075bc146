import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the data is kept, and where the compiled-in copy goes; both relative to the repository. */
const table = 'packages/guard/data/timeouts.tsv';
const output = 'packages/guard/src/timeouts.data.ts';

/** The day on which every row of the table was last checked against its source. */
const checkedOn = '2026-11-20';

const columns = [
  'id',
  'product',
  'what',
  'side',
  'default_seconds',
  'min',
  'max',
  'configurable_as',
  'at_expiry',
  'applies_to_version',
  'source',
  'checked',
] as const;

type Row = Record<(typeof columns)[number], string>;

/**
 * The generated files of the known-timeouts data: path relative to the repository → content.
 * Writes nothing, so that a check can compare it with what is committed.
 *
 * @throws Error naming the line, if a row has the wrong number of fields, a number that is none, an id that
 * appeared before, or was never checked.
 */
export function generateTimeouts(): Map<string, string> {
  const rows = parse(readFileSync(inRepository(table), 'utf8'));
  const content = [
    `// Generated from ${table} by scripts/generate-timeouts.ts: change the table, then run "npm run generate".`,
    "import type { KnownTimeout } from './timeouts.ts';",
    '',
    'export const timeouts: readonly KnownTimeout[] = [',
    ...rows.flatMap(entry),
    '];',
    '',
  ].join('\n');
  return new Map([[output, content]]);
}

function parse(text: string): Row[] {
  const [header, ...lines] = text.trimEnd().split('\n');
  if (header !== columns.join('\t'))
    throw new Error(`${table}:1: expected the columns ${columns.join(', ')}`);
  const seen = new Set<string>();
  return lines.map((line, index) => {
    const where = `${table}:${index + 2}`;
    const cells = line.split('\t');
    if (cells.length !== columns.length) throw new Error(`${where}: ${cells.length} fields`);
    const row = Object.fromEntries(columns.map((name, column) => [name, cells[column]])) as Row;
    if (row.checked !== 'yes') throw new Error(`${where}: ${row.id} was never checked against its source`);
    if (seen.has(row.id)) throw new Error(`${where}: ${row.id} appears twice`);
    seen.add(row.id);
    for (const name of ['default_seconds', 'min', 'max'] as const) {
      if (!/^\d*(\.\d+)?$/.test(row[name])) throw new Error(`${where}: ${name} "${row[name]}" is no number`);
    }
    return row;
  });
}

function entry(row: Row): string[] {
  const fields: [string, string][] = [
    ['id', text(row.id)],
    ['product', text(row.product)],
    ['what', text(row.what)],
    ['side', text(row.side)],
    ['unit', text(row.what === 'max-requests' ? 'requests' : 'seconds')],
    ['defaultSeconds', number(row.default_seconds)],
    ['min', number(row.min)],
    ['max', number(row.max)],
    ['configurableAs', optional(row.configurable_as)],
    ['atExpiry', optional(row.at_expiry)],
    ['appliesTo', optional(row.applies_to_version)],
    ['source', text(row.source)],
    ['date', text(checkedOn)],
  ];
  return ['  {', ...fields.map(property), '  },'];
}

/** Broken as the formatter breaks it, so that formatting changes nothing in a generated file. */
function property([name, value]: [string, string]): string {
  const line = `    ${name}: ${value},`;
  return line.length <= 110 ? line : `    ${name}:\n      ${value},`;
}

const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const optional = (value: string): string => (value === '' ? 'null' : text(value));
const number = (value: string): string => (value === '' ? 'null' : String(Number(value)));

function inRepository(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of generateTimeouts()) writeFileSync(inRepository(path), content);
}
