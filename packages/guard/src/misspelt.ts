import { UsageError } from './usage-error.ts';

/** Letters that a misspelt name may differ in. */
const SLIPS = 2;

/**
 * Throws {@link UsageError} for an option whose name is nearly one that is known: it would do nothing, without a word. Names
 * that are far from all may be another library's, whose options travel in the same object.
 *
 * @param where as in `guard: …`
 */
export function refuseMisspelt(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const most = name.length < 6 ? 1 : SLIPS;
    const meant = known.find((one) => distance(name.toLowerCase(), one.toLowerCase()) <= most);
    if (meant !== undefined)
      throw new UsageError(`${where}: there is no option ${name}; did you mean ${meant}?`);
  }
}

/** Insertions, deletions and replacements between two words (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1])));
    row = next;
  }
  return row[b.length]!;
}
