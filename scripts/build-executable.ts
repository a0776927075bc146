/**
 * Builds the command as one file that needs no Node: `npm run executable` writes dist-executable/whyreset for the machine
 * it runs on (Node's single executable applications). The page and its analyser are inside.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildPage } from './build-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What Node looks for to know that it carries a program (Node documentation, "Single executable applications"). */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const ASSETS = ['report.html', 'index.html', 'sw.js', 'manifest.webmanifest', 'icon.svg'];

/** @returns path of the executable */
export async function buildExecutable(folder: string): Promise<string> {
  const at = (name: string) => join(folder, name);
  mkdirSync(folder, { recursive: true });
  await buildPage(at('page'));
  await build({
    entryPoints: [join(root, 'packages/whyreset/src/cli/executable.ts')],
    outfile: at('whyreset.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    external: ['koffi'],
    alias: { '@whyreset/guard/timeouts': join(root, 'packages/guard/src/known-timeouts.ts') },
    // A program inside an executable has no file of its own.
    define: { 'import.meta.url': '"file:///whyreset.cjs"' },
    logLevel: 'warning',
  });
  const config = {
    main: at('whyreset.cjs'),
    output: at('whyreset.blob'),
    disableExperimentalSEAWarning: true,
    useCodeCache: true,
    assets: Object.fromEntries(ASSETS.map((name) => [name, at(`page/${name}`)])),
  };
  writeFileSync(at('sea-config.json'), JSON.stringify(config));
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] };
  execFileSync(process.execPath, ['--experimental-sea-config', at('sea-config.json')], quiet);
  const executable = at(process.platform === 'win32' ? 'whyreset.exe' : 'whyreset');
  copyFileSync(process.execPath, executable);
  chmodSync(executable, 0o755);
  const postject = join(root, 'node_modules/postject/dist/cli.js');
  const segment = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
  execFileSync(
    process.execPath,
    [postject, executable, 'NODE_SEA_BLOB', at('whyreset.blob'), '--sentinel-fuse', FUSE, ...segment],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  return executable;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const executable = await buildExecutable(join(root, 'dist-executable'));
  const started = performance.now();
  const version = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim();
  const milliseconds = Math.round(performance.now() - started);
  const megabytes = Math.round(statSync(executable).size / 1e6);
  process.stdout.write(`${executable}: version ${version}, ${megabytes} MB, starts in ${milliseconds} ms\n`);
}
