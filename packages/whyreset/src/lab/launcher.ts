import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { tool } from './tool.ts';

/** Where the programs of the lab are: beside the package, so that they are files in a checkout and installed alike. */
function programPath(file: string): string {
  const root = dirname(createRequire(import.meta.url).resolve('whyreset/package.json'));
  return join(root, 'programs', file);
}

/**
 * How a program is started: a file of programs/ by what its name ends in, else
 * a command of the system. Go is compiled first, into `directory`.
 */
export function launcher(program: string, directory: string): string[] {
  switch (extname(program)) {
    case '.mjs':
      return [process.execPath, programPath(program)];
    case '.py':
      return ['python3', '-u', programPath(program)];
    case '.java':
      return ['java', programPath(program)];
    case '.go': {
      const binary = join(directory, 'textbook');
      if (!existsSync(binary)) tool('go', 'golang-go', ['build', '-o', binary, programPath(program)]);
      return [binary];
    }
    default:
      return [program];
  }
}
