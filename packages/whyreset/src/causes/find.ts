import type { Cause } from './define.ts';
import { causes } from './index.ts';

/** The cause of that id or letter of the taxonomy, whatever the case; null when there is none. */
export function findCause(name: string): Cause | null {
  const wanted = name.trim().toLowerCase();
  return causes.find(({ id, taxonomy }) => id === wanted || taxonomy.toLowerCase() === wanted) ?? null;
}
