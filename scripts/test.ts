/** Everything the README promises under `npm test`, step by step; stops at the first that fails. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (...path: string[]) => join(root, 'node_modules', ...path);
const node = (title: string, ...args: string[]) => ({ title, command: process.execPath, args });
const tsx = (title: string, script: string, ...args: string[]) =>
  node(title, '--import', 'tsx', join(root, 'scripts', script), ...args);

const steps = [
  tsx('generated files', 'generate.ts', '--check'),
  node('types', bin('typescript/bin/tsc'), '-p', root),
  node('types of the page', bin('typescript/bin/tsc'), '-p', join(root, 'packages/whyreset/web')),
  node('lint', bin('@biomejs/biome/bin/biome'), 'check', '.'),
  tsx('build', 'build.ts'),
  node('tests', bin('vitest/vitest.mjs'), 'run'),
];

for (const { title, command, args } of steps) {
  const started = performance.now();
  process.stdout.write(`\n── ${title}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\n${title}: failed`);
    process.exit(1);
  }
  console.log(`   ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
