/** `npm run new-cause <id> <taxonomy>`: writes a cause file that the contract test then asks to be completed. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [id, taxonomy] = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

if (id === undefined || taxonomy === undefined)
  fail('Usage: npm run new-cause -- <id> <taxonomy>, for example: backlog-overflow H3');
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
  fail(`'${id}' is not an id: lower-case words joined by hyphens.`);
if (!/^[HPDIB]\d{1,2}[A-Z]?$/.test(taxonomy))
  fail(`'${taxonomy}' is no letter of the taxonomy: H, P, D, I or B and a number, as P7 or P7L.`);

const path = join(root, 'packages/whyreset/src/causes', `${id}.ts`);
if (existsSync(path)) fail(`There is a cause '${id}' already: ${path}`);

const template = `import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

export default defineCause({
  id: '${id}',
  taxonomy: '${taxonomy}',
  title: '',
  resetBy: 'either',
  benign: ${taxonomy.startsWith('B')},
  kernelReasons: [],
  counters: [],
  references: [],
  explain: '',
  needs: ['reset'],
  refines: [],
  examine({ reset }) {
    // The cheapest excluding fact first: this runs on every troubled connection.
    if (!reset.known) return SILENT;
    if (reset.shape !== 'active') return contradicted('reset', 'it answers a segment', [reset.packet.number]);
    return supported('weak', [cite('reset', 'what the packets show', reset.packet.number)]);
  },
  rivals: [],
  advice: () => [],
  scenario: null,
  // Timelines as docs/timeline.md describes them.
  examples: { match: [], miss: [] },
});
`;

writeFileSync(path, template);
execFileSync(process.execPath, ['--import', 'tsx', join(root, 'scripts/generate.ts')], {
  cwd: root,
  stdio: 'inherit',
});
console.log(`Wrote ${path}`);
console.log('Now: npx vitest run test/contract/causes.test.ts tells what is still missing.');
