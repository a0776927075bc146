import type { Example, LadderRow } from '../verdict/result.ts';

/** Rows of this weight and above always stay: the packets that decide, RSTs, FINs, what the evidence cites. */
const STAYS = 75;

type Rows = Pick<Example, 'ladder' | 'elidedAfter'>;

/** Another capture's packets are not counted among those that this one left out. */
const counts = (row: LadderRow) => (row.input === undefined ? 1 : 0);

/** The rows that are left, with the dropped ones counted where they stood. */
function without({ ladder, elidedAfter }: Rows, dropped: ReadonlySet<LadderRow>): Rows {
  const left: LadderRow[] = [];
  let elided = 0;
  for (const row of ladder) {
    elided += row.elided;
    if (dropped.has(row)) elided += counts(row);
    else {
      left.push({ ...row, elided });
      elided = 0;
    }
  }
  return { ladder: left, elidedAfter: elidedAfter + elided };
}

/** A row that is alone between two that stay takes no more room than the line that counts it. */
function restoreSingles(ladder: readonly LadderRow[], dropped: Set<LadderRow>): void {
  const before = new Set(dropped);
  ladder.forEach((row, i) => {
    const next = ladder[i + 1];
    const alone = row.elided === 0 && next?.elided === 0 && !before.has(next);
    if (before.has(row) && alone && (i === 0 || !before.has(ladder[i - 1]!))) dropped.delete(row);
  });
}

/**
 * The ladder with its least rows left out, until it is drawn in `most` lines or only rows that always stay are left.
 *
 * @param height lines that rows take when they are drawn
 */
export function foldLadder(rows: Rows, most: number, height: (rows: Rows) => number): Rows {
  const dropped = new Set<LadderRow>();
  const order = rows.ladder.filter(({ weight }) => weight < STAYS).sort((a, b) => a.weight - b.weight);
  let folded = rows;
  for (const row of order) {
    if (height(folded) <= most) break;
    dropped.add(row);
    folded = without(rows, dropped);
  }
  restoreSingles(rows.ladder, dropped);
  return without(rows, dropped);
}
