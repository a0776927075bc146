import { type Bench, type Cell, contendersOf, GUARDS, measure, perMillion } from '../measure.ts';
import { cellTable, number, type Reached, type Section } from '../report.ts';

const SHARE = 0.01;

/** The server executes, then resets: what a client that retries makes of it. */
export async function executesThenResets(bench: Bench): Promise<Section> {
  const load = { method: 'POST', workers: 300, pauseMs: [20, 60], seconds: bench.quick ? 3 : 15 } as const;
  const least = bench.quick ? 0 : 100_000;
  const cells: Cell[] = [];
  const reached: Reached[] = [];
  for (const contender of contendersOf(bench)) {
    const guarded = GUARDS.some((name) => name === contender);
    const plan = guarded ? { ...load, requests: least } : load;
    const cell = await measure(bench, bench.loopback, contender, { resetShare: SHARE }, plan);
    cells.push(cell);
    if (!guarded) continue;
    const { duplicates } = cell.counts;
    reached.push({
      measure: `server executes, then resets ${SHARE * 100} % (${contender}): duplicate executions of un-keyed POST`,
      target: `exactly 0 in ≥ ${number(100_000)}`,
      reached: `${number(duplicates)} in ${number(cell.load.requests)}`,
      ok: duplicates === 0 && cell.load.requests >= 100_000,
    });
  }
  const worst = cells.reduce((a, b) => (a.counts.duplicates > b.counts.duplicates ? a : b));
  return {
    title: 'Executed, then reset',
    text: `Loopback, ${load.workers} workers, pauses of 20 to 60 ms, POST without a key; ${SHARE * 100} % of the requests are executed and then answered by a reset. An error here is right: the caller is told that the request may have been executed. Most duplicates: ${worst.contender}, ${number(perMillion(worst.counts.duplicates, worst.load.requests))} per million.\n\n${cellTable(cells)}`,
    reached,
  };
}
