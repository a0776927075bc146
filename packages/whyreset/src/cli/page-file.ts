import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InputError } from '../capture/input-error.ts';

/** What the single executable carries inside; null where the command is no such thing. */
function readAsset(name: string): string | null {
  const sea = process.getBuiltinModule('node:sea');
  return sea.isSea() ? sea.getAsset(name, 'utf8') : null;
}

/** A file of the page as it was built, which stands beside the command or inside the executable. */
export function readPageFile(name: string): string {
  const inside = readAsset(name);
  if (inside !== null) return inside;
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
