import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where bundled programs go: below the repository, so that they find its packages, and ignored by git. */
export const cache = join(root, '.cache', 'guard');

/**
 * Bundles programs that Node itself can run, on any version: what is measured is what users get, not what a loader
 * makes of it.
 *
 * @param sources by name, paths below the repository.
 * @returns the path of each program.
 */
export async function bundle<N extends string>(sources: Record<N, string>): Promise<Record<N, string>> {
  mkdirSync(cache, { recursive: true });
  const names = Object.keys(sources) as N[];
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, join(root, sources[name])])),
    outdir: cache,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    alias: {
      '@whyreset/guard/server': join(root, 'packages/guard/src/server/index.ts'),
      '@whyreset/guard': join(root, 'packages/guard/src/index.ts'),
    },
    logLevel: 'warning',
  });
  return Object.fromEntries(names.map((name) => [name, join(cache, `${name}.mjs`)])) as Record<N, string>;
}
