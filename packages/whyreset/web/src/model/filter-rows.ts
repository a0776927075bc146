import type { PageRow } from '../../../src/report/page-rows.ts';
import type { Certainty } from '../../../src/verdict/result.ts';

export interface RowFilter {
  /** Words that must all stand in peer, port, cause or family. */
  search: string;
  certainty: Certainty | 'any';
  /** Milliseconds since 1970, or null for all of the time. */
  between: readonly [from: number, to: number] | null;
}

const textOf = ({ originator, responder, cause, family, packet }: PageRow) =>
  `${originator} ${responder} ${cause ?? ''} ${family ?? ''} #${packet}`.toLowerCase();

/** Indexes of the rows that pass, in their order. */
export function filterRows(
  rows: readonly PageRow[],
  { search, certainty, between }: RowFilter,
  isOf: (index: number) => boolean,
): number[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const passing: number[] = [];
  rows.forEach((row, i) => {
    if (!isOf(i)) return;
    if (certainty !== 'any' && row.certainty !== certainty) return;
    if (between !== null && (row.time < between[0] || row.time > between[1])) return;
    if (words.length > 0) {
      const text = textOf(row);
      if (!words.every((word) => text.includes(word))) return;
    }
    passing.push(i);
  });
  return passing;
}
