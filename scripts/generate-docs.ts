/** Documents written from the catalogue and from golden files: docs/causes/, docs/commands.md, the guide's first screen and the picture of the rooms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cause } from '../packages/whyreset/src/causes/define.ts';
import { explainCause, findCause } from '../packages/whyreset/src/causes/find.ts';
import { causes } from '../packages/whyreset/src/causes/index.ts';
import { renderCause } from '../packages/whyreset/src/report/explanation.ts';
import { auditPage } from './generate-audit-page.ts';
import { recognise, reproduce } from './generate-cause-page.ts';
import { commandsPage } from './generate-commands-page.ts';
import { resultPage } from './generate-result-page.ts';
import { roomsPicture } from './generate-rooms.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const ORDER = 'HPDIB';
const byTaxonomy = (a: Cause, b: Cause) =>
  ORDER.indexOf(a.taxonomy[0]!) - ORDER.indexOf(b.taxonomy[0]!) ||
  Number.parseInt(a.taxonomy.slice(1), 10) - Number.parseInt(b.taxonomy.slice(1), 10) ||
  (a.taxonomy < b.taxonomy ? -1 : 1);

const SENDER: Record<Cause['resetBy'], string> = {
  originator: 'client',
  responder: 'server',
  either: 'either side',
  path: 'a box on the path',
};

function table(): string {
  const rows = [...causes]
    .sort(byTaxonomy)
    .map(
      (c) =>
        `| ${c.taxonomy} | [\`${c.id}\`](${c.id}.md) | ${c.title} | ${SENDER[c.resetBy]}${c.benign ? ', harmless' : ''} |`,
    );
  return ['| | id | cause | who resets |', '|---|---|---|---|', ...rows].join('\n');
}

function page(cause: Cause): string {
  const text = renderCause(explainCause(cause), {
    format: 'markdown',
    width: 100,
    colour: false,
    ascii: false,
  });
  const whole = text.replace(
    '\n## References',
    () => `${recognise(cause)}${reproduce(cause)}\n## References`,
  );
  // Other causes are named by id: on a page each becomes a link.
  return whole.replace(/`([a-z][a-z0-9-]+)`/g, (whole, id: string) =>
    id !== cause.id && findCause(id)?.id === id ? `[\`${id}\`](${id}.md)` : whole,
  );
}

/** The first command of a golden file with what it prints. */
function firstRun(golden: string): string {
  const match = /^````sh\n(\$ .*)\n````\n\n````text\n([\s\S]*?)^````\n/m.exec(golden);
  if (match === null) throw new Error('the golden file for the README has no command with output');
  return `\`\`\`\`text\n${match[1]}\n\n${match[2]}\`\`\`\``;
}

/** A document with the part between two marks replaced. */
function between(path: string, name: string, content: string): string {
  const text = read(path);
  const pattern = new RegExp(`(<!-- begin ${name}[^>]*-->\n)[\\s\\S]*?(<!-- end ${name} -->)`);
  if (!pattern.test(text)) throw new Error(`${path} has no place for ${name}`);
  return text.replace(pattern, (_, begin: string, end: string) => `${begin}${content}\n${end}`);
}

/** Path relative to the repository → content. */
export function generateDocs(): Map<string, string> {
  const made = new Map<string, string>();
  for (const cause of causes) made.set(`docs/causes/${cause.id}.md`, page(cause));
  made.set(
    'docs/causes/README.md',
    `# Causes\n\nGenerated from the catalogue by \`npm run generate\`.\n\n${table()}\n`,
  );
  const run = firstRun(read('test/golden/first-screen.md'));
  made.set('docs/guide.md', between('docs/guide.md', 'first screen', run));
  made.set('docs/commands.md', commandsPage());
  made.set('docs/audit.md', auditPage());
  made.set('docs/result.md', resultPage());
  made.set('docs/architecture.md', between('docs/architecture.md', 'rooms', roomsPicture()));
  return made;
}
