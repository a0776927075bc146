/**
 * Performs the lab and keeps the small runs under test/captures/lab/: both
 * captures, the kernel's trace lines and the truth, for those who cannot
 * perform it. Look at what changed before you commit it.
 *
 *     npm run record [-- SCENARIO…]
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'test/captures/lab');
/** Larger runs are for the lab itself, bytes. */
const MOST = 30_000;
const KEPT = ['client.pcapng', 'server.pcapng', 'trace.txt', 'error.txt', 'truth.json'];

const wanted = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'whyreset-record-'));
try {
  const command = join(root, 'packages/whyreset/bin/whyreset.js');
  const names = wanted.length > 0 ? wanted : ['all'];
  const ran = spawnSync(process.execPath, [command, 'lab', ...names, '--check', '--record', directory], {
    stdio: 'inherit',
  });
  if (ran.status !== 0) throw new Error('a run was not as it has to be; nothing was kept');
  for (const id of readdirSync(directory)) {
    const files = KEPT.map((name) => join(directory, id, name)).filter(existsSync);
    if (files.reduce((sum, file) => sum + statSync(file).size, 0) > MOST) continue;
    rmSync(join(target, id), { recursive: true, force: true });
    mkdirSync(join(target, id), { recursive: true });
    for (const file of files) copyFileSync(file, join(target, id, file.slice(file.lastIndexOf('/') + 1)));
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
