import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../capture/input-error.ts';

/** A file of the page as it was built, which stands beside the command. */
export function readPageFile(name: string): string {
  // In dist: chunks/ or the command itself; from source: src/cli.
  for (const place of [`./page/${name}`, `../page/${name}`, `../../dist/page/${name}`]) {
    try {
      return readFileSync(fileURLToPath(new URL(place, import.meta.url)), 'utf8');
    } catch {
      // Not there: the next place.
    }
  }
  throw new InputError('not-found', `The page ${name} was not built: run "npm run build" first.`);
}
