/** Writes every generated file; with `--check` only says whether one is stale (exit 1). */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { entries, indexSource } from './generate-index.ts';
import { generateTimeouts } from './generate-timeouts.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'packages/whyreset/src');
const read = (path: string) => readFileSync(path, 'utf8');

function indexes(): Map<string, string> {
  const evidence = entries(join(source, 'evidence'), (s) => /^export default defineEvidence/m.test(s), read);
  const causes = entries(join(source, 'causes'), (s) => /^export default defineCause/m.test(s), read);
  const families = entries(join(source, 'families'), (s) => /^export default defineFamily/m.test(s), read);
  const scenarios = entries(
    join(source, 'lab/scenarios'),
    (s) => /^export default defineScenario/m.test(s),
    read,
  );
  const wordings = entries(
    join(source, 'logs/wordings'),
    (s) => /^export default defineProduct/m.test(s),
    read,
  );
  const contexts = entries(
    join(source, 'logs/contexts'),
    (s) => /^export default defineContexts/m.test(s),
    read,
  );
  const readers = entries(
    join(source, 'audit/readers'),
    (s) => /^export default defineReader/m.test(s),
    read,
  );
  const rules = entries(join(source, 'audit/rules'), (s) => /^export default defineRule/m.test(s), read);
  return new Map([
    [
      join(source, 'audit/readers/index.ts'),
      indexSource(readers, 'Every format of configuration, in order of file name.', 'readers', false),
    ],
    [join(source, 'audit/rules/index.ts'), indexSource(rules, 'Every rule, in order of id.', 'rules', false)],
    [
      join(source, 'logs/wordings/index.ts'),
      indexSource(wordings, 'Every product whose texts are known, in order of file name.', 'products', false),
    ],
    [
      join(source, 'logs/contexts/index.ts'),
      indexSource(contexts, 'All that surrounds an error, in order of file name.', 'contexts', false),
    ],
    [
      join(source, 'lab/scenarios/index.ts'),
      indexSource(scenarios, 'Every scenario of the lab, in order of id.', 'scenarios', false),
    ],
    [
      join(source, 'evidence/index.ts'),
      indexSource(evidence, 'Every kind of evidence, by name.', 'evidence', true),
    ],
    [
      join(source, 'families/index.ts'),
      indexSource(families, 'Every family of causes, in order of id.', 'families', false),
    ],
    [join(source, 'causes/index.ts'), indexSource(causes, 'The catalogue, in order of id.', 'causes', false)],
  ]);
}

/** The formatter has the last word, so that generated files pass the same lint as written ones. */
function formatted(path: string, content: string): string {
  if (!/\.(ts|json)$/.test(path)) return content;
  return execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/@biomejs/biome/bin/biome'),
      'check',
      '--write',
      `--stdin-file-path=${relative(root, path)}`,
    ],
    { cwd: root, input: content, encoding: 'utf8' },
  );
}

/** Written from the catalogue, so imported only once the indexes are there. */
async function documents(): Promise<Map<string, string>> {
  const { generateDocs } = await import('./generate-docs.ts');
  const { manualPage } = await import('../packages/whyreset/src/cli/manual-page.ts');
  return new Map([
    ...generateTimeouts(),
    ...generateDocs(),
    ['packages/whyreset/man/whyreset.1', manualPage()],
  ]);
}

const checkOnly = process.argv.includes('--check');
const stale: string[] = [];
// Indexes first: the documents are generated from the catalogue that they list.
for (const make of [async () => indexes(), documents]) {
  for (const [path, content] of await make()) {
    const wanted = formatted(path, content);
    if (existsSync(path) && read(path) === wanted) continue;
    stale.push(relative(root, path));
    if (!checkOnly) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, wanted);
    }
  }
}
if (checkOnly && stale.length > 0) {
  console.error(`Stale generated files, run \`npm run generate\`:\n  ${stale.join('\n  ')}`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'All generated files are current.' : `Wrote ${stale.join(', ')}`);
}
