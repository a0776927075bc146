import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { LabError } from './lab-error.ts';

/** Where installed programs are, also those that only an administrator has in the path. */
export const SEARCH_PATH = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;

/** The command is installed. */
export function installed(command: string): boolean {
  return SEARCH_PATH.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, command)));
}

function missing(tool: string, packageName: string, cause: unknown): LabError {
  return new LabError(
    'lab-needs-tool',
    `The lab needs '${tool}', which is not installed here: apt-get install ${packageName}`,
    cause,
  );
}

/** Runs a tool and gives what it printed; a missing tool or a failure is told in a sentence. */
export function tool(name: string, packageName: string, args: readonly string[], input?: string): string {
  try {
    return execFileSync(name, args, {
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PATH: SEARCH_PATH },
      ...(input === undefined ? {} : { input }),
    });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') throw missing(name, packageName, error);
    throw new LabError('lab-tool-failed', `${name}: ${String(stderr ?? error).trim()}`, error);
  }
}
