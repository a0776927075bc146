import { type Bench, type Cell, GUARDS, measure, places, sum } from '../measure.ts';
import { cellTable, notHere, number, type Reached, type Section } from '../report.ts';

const TARGETS = { loopback: 30, apart: 95 };
/** How often it fails here without a guard. */
const CONTROL = ['undici.request', 'http.Agent keepAlive'] as const;

/**
 * Of the requests that failed without having been executed: how many the guard brought to their answer. Nothing may be
 * avoided here, or there would be nothing to recover: every worker has a guard of its own, and a new one every few requests.
 */
export async function recovered(bench: Bench): Promise<Section> {
  const load = {
    method: 'POST',
    workers: 300,
    seconds: bench.quick ? 4 : 15,
    renewEvery: 5,
  } as const;
  const cells: Cell[] = [];
  const reached: Reached[] = [];
  for (const place of places(bench)) {
    const apart = place === bench.apart;
    // Where the race is narrow, at its edge: the pauses of §10.1.
    const pauseMs = apart ? ([200, 300] as const) : ([290, 310] as const);
    for (const contender of [...CONTROL, ...GUARDS]) {
      const cell = await measure(bench, place, contender, { idle: 300 }, { ...load, pauseMs });
      cells.push(cell);
      if (!GUARDS.some((name) => name === contender)) continue;
      const lost = cell.load.errors - cell.counts.failedButExecuted;
      const all = cell.load.recovered + lost;
      const share = (cell.load.recovered / all) * 100;
      const target = apart ? TARGETS.apart : TARGETS.loopback;
      reached.push({
        measure: `truly unexecuted failures recovered, ${place.name} (${contender})`,
        target: `≥ ${target} %`,
        reached: `${number(share, 1)} % of ${number(all)}`,
        ok: share >= target,
      });
    }
  }
  const proofs = sum(cells.map(({ load }) => load.proofs));
  const wrong = sum(cells.map(({ counts }) => counts.duplicates + counts.wronglyCleared));
  reached.push({
    measure: 'false proofs in these races: executed twice, or called unexecuted and executed',
    target: '0',
    reached: `${number(wrong)} of ${number(proofs)} proofs`,
    ok: wrong === 0 && proofs > 0,
  });
  if (bench.apart === null)
    reached.push(notHere('truly unexecuted failures recovered', `≥ ${TARGETS.apart} %`));
  return {
    title: 'What was not executed, and came through all the same',
    text: `Every worker has a guard of its own and replaces it after ${load.renewEvery} requests, so that next to nothing is avoided. Idle timeout 300 ms; pauses of 200 to 300 ms, on loopback 290 to 310 ms. Counted are failures that the server did not execute: those whose request was answered in the end, against all.\n\n${cellTable(cells)}`,
    reached,
  };
}
