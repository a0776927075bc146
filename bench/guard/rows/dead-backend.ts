import { type Bench, type Cell, contendersOf, GUARDS, measure } from '../measure.ts';
import { number, type Reached, type Section, table } from '../report.ts';

const TARGET = 1.2;

/** A backend that resets whatever comes: how many attempts a request costs it. */
export async function deadBackend(bench: Bench): Promise<Section> {
  const load = { method: 'GET', workers: 300, pauseMs: [200, 300], seconds: bench.quick ? 4 : 15 } as const;
  const cells: Cell[] = [];
  const reached: Reached[] = [];
  for (const contender of contendersOf(bench)) {
    // A client that waits for half a minute between its attempts shows as much in one round.
    const seconds = contender.includes('RetryAgent') ? 1 : load.seconds;
    const cell = await measure(bench, bench.loopback, contender, { dead: true }, { ...load, seconds });
    cells.push(cell);
    if (!GUARDS.some((name) => name === contender)) continue;
    const attempts = cell.counts.requests / cell.load.requests;
    reached.push({
      measure: `dead backend (${contender}): attempts per request`,
      target: `≤ ${TARGET}`,
      reached: number(attempts, 3),
      ok: attempts <= TARGET,
    });
  }
  const rows = cells.map(({ contender, place, load, counts }) => [
    place,
    contender,
    number(load.requests),
    number(counts.requests),
    number(counts.requests / load.requests, 2),
    number(counts.connections),
  ]);
  return {
    title: 'A dead backend',
    text: `A GET every 200 to 300 ms by ${load.workers} workers against a server that resets every connection at its first bytes.\n\n${table(['path', 'client', 'requests', 'attempts that reached the server', 'per request', 'connections'], rows)}`,
    reached,
  };
}
