/**
 * Performs the lab and keeps the small runs under test/captures/lab/: both
 * captures, the kernel's trace lines and the truth, for those who cannot
 * perform it. Look at what changed before you commit it.
 *
 *     npm run record [-- SCENARIO…]
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'test/captures/lab');
/** Larger runs are for the lab itself, bytes. */
const MOST = 45_000;
const KEPT = ['client.pcapng', 'server.pcapng', 'router.pcapng', 'trace.txt', 'error.txt', 'truth.json'];

interface Kept {
  observed: { faults: string[] };
  diagnoses: { vantage: string; wrong: string | null }[];
}

/** What keeps a run from being kept; empty when it is as it has to be. */
function complaints(id: string): string[] {
  const truth = JSON.parse(readFileSync(join(directory, id, 'truth.json'), 'utf8')) as Kept;
  const wrong = truth.diagnoses.filter((each) => each.wrong !== null);
  return [...truth.observed.faults, ...wrong.map(({ vantage, wrong: why }) => `${vantage}: ${why}`)];
}

const wanted = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'whyreset-record-'));
try {
  const command = join(root, 'packages/whyreset/bin/whyreset.js');
  const names = wanted.length > 0 ? wanted : ['all'];
  const ran = spawnSync(process.execPath, [command, 'lab', ...names, '--check', '--record', directory], {
    stdio: 'inherit',
  });
  if (ran.status === 2) throw new Error('the lab could not be performed; nothing was kept');
  for (const id of readdirSync(directory)) {
    const refused = complaints(id);
    if (refused.length > 0) {
      console.error(`${id} is not as it has to be, and not kept: ${refused.join('; ')}`);
      process.exitCode = 1;
      continue;
    }
    const files = KEPT.map((name) => join(directory, id, name)).filter(existsSync);
    if (files.reduce((sum, file) => sum + statSync(file).size, 0) > MOST) continue;
    rmSync(join(target, id), { recursive: true, force: true });
    mkdirSync(join(target, id), { recursive: true });
    for (const file of files) copyFileSync(file, join(target, id, file.slice(file.lastIndexOf('/') + 1)));
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
