/**
 * `npm run new-cause -- <id> <letter> <family>`: writes a cause file and the
 * lab scenario that makes it happen, which the contract tests then ask to be
 * completed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { causes } from '../packages/whyreset/src/causes/index.ts';
import { families } from '../packages/whyreset/src/families/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'packages/whyreset/src');
const [id, taxonomy, family] = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

if (id === undefined || taxonomy === undefined || family === undefined)
  fail('Usage: npm run new-cause -- <id> <letter> <family>, for example: backlog-overflow H13 no-reply');
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
  fail(`'${id}' is not an id: lower-case words joined by hyphens.`);
if (!/^[HPDIB]\d{1,2}[A-Z]?$/.test(taxonomy))
  fail(`'${taxonomy}' is no letter of the taxonomy: H, P, D, I or B and a number, as P7 or P7L.`);
const taken = causes.find((cause) => cause.taxonomy === taxonomy);
if (taken !== undefined) fail(`'${taxonomy}' is ${taken.id} already.`);
if (!families.some((each) => each.id === family))
  fail(`There is no family '${family}': ${families.map((each) => each.id).join(', ')}.`);

const cause = `import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  seen: (number: number) => \`what packet \${number} shows\`,
};

export default defineCause({
  id: '${id}',
  taxonomy: '${taxonomy}',
  family: '${family}',
  baseRate: { is: 'occasional', source: '' },
  title: '',
  resetBy: 'either',
  benign: ${taxonomy.startsWith('B')},
  kernelReasons: [],
  counters: [],
  references: [],
  explain: '',
  refines: [],
  // Without these it is silent; \`mayUse\` lists facts that are null where unknown.
  requires: ['reset'],
  examine({ reset }) {
    // The cheapest excluding fact first: this runs on every troubled connection.
    if (reset.shape !== 'active') return SILENT;
    const { number } = reset.packet;
    return supported('weak', [cite('reset', says.seen(number), number)]);
  },
  scenario: '${id}',
  // Timelines as docs/timeline.md describes them.
  examples: { match: [], miss: [] },
});
`;

const scenario = `import { defineScenario, everywhere } from '../scenario.ts';
import { CONNECTED, read, REQUEST, send } from '../steps.ts';

export default defineScenario({
  id: '${id}',
  title: '',
  shows: '',
  needs: 'nothing',
  steps: [...CONNECTED, send('client', REQUEST), read('server')],
  expect: {
    resetBy: 'server',
    shape: 'active',
    error: { code: 'ECONNRESET' },
    truth: everywhere('server', '${id}'),
  },
});
`;

for (const [path, text] of [
  [join(source, 'causes', `${id}.ts`), cause],
  [join(source, 'lab/scenarios', `${id}.ts`), scenario],
] as const) {
  if (existsSync(path)) fail(`There is such a file already: ${path}`);
  writeFileSync(path, text);
  console.log(`Wrote ${path}`);
}
execFileSync(process.execPath, ['--import', 'tsx', join(root, 'scripts/generate.ts')], {
  cwd: root,
  stdio: 'inherit',
});
console.log('Now: npx vitest run test/contract tells what is still missing.');
