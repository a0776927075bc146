import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const cli = join(root, 'packages/whyreset/dist/cli.js');

export interface Outcome {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs the built command in the repository's root, with no terminal and a fixed width. */
export function whyreset(
  args: readonly string[],
  options: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Outcome {
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', COLUMNS: '80', ...options.env };
  const { stdout, stderr, status, error } = spawnSync(process.execPath, [cli, ...args], {
    cwd: root,
    env,
    input: options.input ?? '',
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  return { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8'), code: status ?? -1 };
}
