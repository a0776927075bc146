/**
 * Prepares a release of both packages: checks that all is in order, shows the notes, and packs them as they would be
 * published. `npm run release -- --publish` publishes and tags; without it nothing leaves the machine.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const NAMES = ['guard', 'whyreset'] as const;
const publish = process.argv.includes('--publish');

const run = (command: string, args: readonly string[], cwd = root) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

function fail(sentence: string): never {
  process.stderr.write(`release: ${sentence}\n`);
  process.exit(2);
}

/** The part of a changelog below the heading of a version; null where there is none. */
function notesOf(changelog: string, version: string): string | null {
  const parts = changelog.split(/\n(?=## \[)/);
  const part = parts.find((text) => text.startsWith(`## [${version}]`));
  return part === undefined ? null : part.slice(part.indexOf('\n')).trim();
}

const packages = NAMES.map((name) => {
  const folder = join(root, 'packages', name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { name, folder, version, changelog: readFileSync(join(folder, 'CHANGELOG.md'), 'utf8') };
});

const [{ version }] = packages as [(typeof packages)[number]];
for (const { name, version: own } of packages)
  if (own !== version)
    fail(`packages/${name} has version ${own}, and the other ${version}: they are released together.`);
if (publish && run('git', ['status', '--porcelain']).trim() !== '')
  fail('the working tree has changes: commit or stash them first.');

for (const { name, folder, changelog } of packages) {
  const notes = notesOf(changelog, publish ? version : 'Unreleased') ?? notesOf(changelog, version);
  if (notes === null || notes === '')
    fail(
      `packages/${name}/CHANGELOG.md says nothing of ${version}: write what changed under "## [${version}]".`,
    );
  process.stdout.write(`# ${name} ${version}\n\n${notes}\n\n`);
  // Provenance needs the identity of a CI run (npm docs, "Generating provenance statements").
  const provenance = process.env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined ? [] : ['--provenance'];
  if (publish) run('npm', ['publish', '--access', 'public', ...provenance], folder);
  else {
    const [packed] = JSON.parse(run('npm', ['pack', '--dry-run', '--json'], folder)) as {
      filename: string;
      size: number;
      entryCount: number;
    }[];
    process.stdout.write(
      `${packed!.filename}: ${packed!.entryCount} files, ${Math.ceil(packed!.size / 1000)} kB\n\n`,
    );
  }
}
if (publish) {
  run('git', ['tag', '--annotate', `v${version}`, '--message', `Release ${version}`]);
  process.stdout.write(`Tagged v${version}; push it with: git push origin v${version}\n`);
}
