import { type Bench, type Cell, contendersOf, GUARDS, measure, perMillion } from '../measure.ts';
import { cellTable, number, type Reached, type Section } from '../report.ts';

const REUSE = 0.8;

/** The server promises two seconds and keeps its word. */
export async function hint(bench: Bench): Promise<Section> {
  const place = bench.apart ?? bench.loopback;
  const server = { idle: 2000, hint: 2 };
  const load = { method: 'POST', workers: 600, seconds: bench.quick ? 8 : 20 } as const;
  const cells: Cell[] = [];
  const edge: Cell[] = [];
  const reached: Reached[] = [];
  for (const contender of contendersOf(bench)) {
    const cell = await measure(bench, place, contender, server, { ...load, pauseMs: [1500, 1500] });
    cells.push(cell);
    if (!bench.quick)
      edge.push(
        await measure(bench, place, contender, server, { ...load, seconds: 12, pauseMs: [1985, 2015] }),
      );
    if (!GUARDS.some((name) => name === contender)) continue;
    const reuse = 1 - cell.counts.connections / cell.load.requests;
    reached.push({
      measure: `server hint 2 s, 1.5 s gaps, ${place.name} (${contender}): failed per million, reuse`,
      target: `0 and ≥ ${REUSE * 100} %`,
      reached: `${number(perMillion(cell.load.errors, cell.load.requests))} and ${number(reuse * 100, 1)} %`,
      ok: cell.load.errors === 0 && reuse >= REUSE,
    });
  }
  const boundary =
    edge.length === 0
      ? ''
      : `\n\nThe same with gaps round the promise itself, 1,985 to 2,015 ms:\n\n${cellTable(edge)}`;
  return {
    title: 'A promise of two seconds',
    text: `\`Keep-Alive: timeout=2\`, closed after 2 s; ${load.workers} workers, gaps of 1.5 s.\n\n${cellTable(cells)}${boundary}`,
    reached,
  };
}
