import type { EvidenceLine } from '../verdict/result.ts';

/** ` (reset.trace:13, reset.trace:12)`: the lines of host files that show it; a counter file has none. */
export function lineRefs({ lines = [] }: EvidenceLine): string {
  if (lines.length === 0) return '';
  return ` (${lines.map(({ source, line }) => (line > 0 ? `${source}:${line}` : source)).join(', ')})`;
}
