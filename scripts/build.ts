/** Builds both packages: one bundled file per door, and the declarations beside it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildPage } from './build-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const common = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  alias: {
    '@whyreset/guard/timeouts': join(root, 'packages/guard/src/known-timeouts.ts'),
    '@whyreset/guard/heartbeat': join(root, 'packages/guard/src/heartbeat/index.ts'),
    '@whyreset/guard/server': join(root, 'packages/guard/src/server/index.ts'),
    '@whyreset/guard': join(root, 'packages/guard/src/index.ts'),
  },
  legalComments: 'none',
  minifySyntax: true,
  logLevel: 'warning',
} as const;

for (const name of ['guard', 'whyreset'])
  rmSync(join(root, 'packages', name, 'dist'), { recursive: true, force: true });

await Promise.all([
  buildPage(join(root, 'packages/whyreset/dist/page')),
  build({
    ...common,
    entryPoints: {
      index: join(root, 'packages/guard/src/index.ts'),
      'known-timeouts': join(root, 'packages/guard/src/known-timeouts.ts'),
      'heartbeat/index': join(root, 'packages/guard/src/heartbeat/index.ts'),
      'server/index': join(root, 'packages/guard/src/server/index.ts'),
    },
    outdir: join(root, 'packages/guard/dist'),
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  }),
  // The command starts in a few milliseconds only if what it does not need is not loaded: one chunk per command.
  build({
    ...common,
    entryPoints: {
      index: join(root, 'packages/whyreset/src/index.ts'),
      cli: join(root, 'packages/whyreset/src/cli/main.ts'),
    },
    outdir: join(root, 'packages/whyreset/dist'),
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  }),
]);

/**
 * Declarations: emitted for everything the door reaches, then only those that
 * its types reach are kept, so that a package ships no type of its inner rooms.
 */
function declarations(name: string, doors: readonly string[]): void {
  const emitted = mkdtempSync(join(tmpdir(), 'whyreset-types-'));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(root, 'packages', name, 'tsconfig.build.json');
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', emitted], { stdio: 'inherit' });
  const source = join(emitted, 'packages', name, 'src');
  const waiting = doors.map((door) => `${door}.d.ts`);
  const kept = new Set(waiting);
  for (const file of waiting) {
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, specifier] of text.matchAll(/from '(\.[^']+)'/g)) {
      const target = join(dirname(file), specifier!.replace(/\.[jt]s$/, '.d.ts'));
      if (!kept.has(target)) waiting.push(target);
      kept.add(target);
    }
    const destination = join(root, 'packages', name, 'dist', file);
    mkdirSync(dirname(destination), { recursive: true });
    writeFileSync(destination, text.replace(/(from '\.[^']+)\.ts'/g, "$1.js'"));
  }
  rmSync(emitted, { recursive: true });
}

declarations('guard', ['index', 'known-timeouts', 'heartbeat/index', 'server/index']);
declarations('whyreset', ['index']);
