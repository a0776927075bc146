import { readFileSync } from 'node:fs';

/** The front matter of a recording's note: one `key: JSON` per line, which is YAML as well. */
export function readNote(path: string): Record<string, unknown> {
  const matter = readFileSync(path, 'utf8').split('---\n')[1] ?? '';
  const lines = matter.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), JSON.parse(line.slice(colon + 2))];
    }),
  );
}
