/**
 * `npm run matrix:guard`: the guard on Node 20 to 26 over undici 6 to 8, the first and the newest of each line, and over
 * the undici inside Node. Nodes and undicis come from npm, into .cache. Prints the table; `--write` puts it into
 * test/guard/versions/README.md.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, cache } from '../../../bench/guard/bundle.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const NODES = [
  { major: 20, kernel: 'auto' },
  { major: 22, kernel: 'auto' },
  { major: 22, kernel: 'none' },
  { major: 24, kernel: 'auto' },
  { major: 26, kernel: 'auto' },
  { major: 26, kernel: 'node:ffi' },
] as const;
/** The first that can be composed, the first and the newest of each line that packages/guard/package.json names as a peer. */
const UNDICIS = ['6.10.0', '6', '7.0.0', '7', '8.0.0', '8'];

/** Installs a package outside of the repository's own dependencies, once; where it is. */
function installed(name: string, version: string): string {
  const folder = join(root, '.cache', `${name}-${version}`);
  const found = join(folder, 'node_modules', name);
  if (!existsSync(found))
    execFileSync(
      'npm',
      [
        'install',
        '--prefix',
        folder,
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        `${name}@${version}`,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
  return found;
}

const versionOf = (path: string) =>
  JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
    version: string;
    engines?: { node?: string };
  };

/** Whether a Node is new enough for `>=A.B.C`, the one form that undici uses. */
function satisfies(version: string, range: string): boolean {
  const [have, need] = [version, range].map((text) => (text.match(/\d+/g) ?? []).map(Number)) as [
    number[],
    number[],
  ];
  const at = need.findIndex((part, index) => part !== have[index]);
  return at < 0 || have[at]! > need[at]!;
}

const { matrix: program } = await bundle({ matrix: 'test/guard/versions/program.ts' });
copyFileSync(join(root, 'test/guard/helpers/fault-server.mjs'), join(cache, 'fault-server.mjs'));
const undicis = UNDICIS.map((version) => installed('undici', version));
const own = Number(process.versions.node.split('.')[0]);
const complaints: string[] = [];
const head = [
  'Node',
  'kernel asked by',
  'its own fetch, node:http',
  ...undicis.map((path) => `undici ${versionOf(path).version}`),
];
const rows: string[][] = [];

for (const { major, kernel: wanted } of NODES) {
  const node = major === own ? process.execPath : join(installed('node', String(major)), 'bin', 'node');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const row = [version, ''];
  for (const undici of [null, ...undicis]) {
    const args = ['--no-warnings', program, wanted, ...(undici === null ? [] : [join(undici, 'index.js')])];
    const { status, stdout, stderr } = spawnSync(node, args, { encoding: 'utf8', timeout: 180_000 });
    const name = `${version}, ${undici === null ? 'its own' : `undici ${versionOf(undici).version}`}`;
    if (status !== 0) {
      const needs = undici === null ? undefined : versionOf(undici).engines?.node;
      const expected = needs !== undefined && !satisfies(version, needs);
      row.push(expected ? `needs Node ${needs}` : 'does not run');
      const why = stderr.split('\n').find((text) => /Error/.test(text)) ?? `ended with ${status}`;
      if (!expected) complaints.push(`${name}: ${why}`);
      console.error(`${name}: ${expected ? `needs Node ${needs}` : why}`);
      continue;
    }
    const { kernel, failures } = JSON.parse(stdout) as {
      kernel: string;
      failures: Record<string, string[]>;
    };
    row[1] = kernel;
    const ways = Object.entries(failures);
    const wrong = ways.flatMap(([way, list]) => list.map((text) => `${way}: ${text}`));
    const bad = ways.filter(([, list]) => list.length > 0).map(([way]) => way);
    row.push(bad.length === 0 ? 'ok' : `fails: ${bad.join(', ')}`);
    complaints.push(...wrong.map((text) => `${name}: ${text}`));
    console.error(`${name}: ${wrong.length === 0 ? 'ok' : wrong.join('; ')}`);
  }
  rows.push(row);
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
console.log(`${table}\n`);
for (const complaint of complaints) console.log(`- ${complaint}`);
if (process.argv.includes('--write'))
  writeFileSync(
    join(root, 'test/guard/versions/README.md'),
    `# Versions\n\nWritten by \`npm run matrix:guard -- --write\`: connections reused, a POST that crosses a close, an executed POST not\nrepeated, a PUT repeated from a string and from a stream; by \`undici.request\` and by the \`fetch\` of that Node over it; and\nwhat the guard relies on in undici that undici does not promise.\n\n${table}\n${complaints.length === 0 ? '' : `\n${complaints.map((text) => `- ${text}`).join('\n')}\n`}`,
  );
process.exit(complaints.length > 0 ? 1 : 0);
