import { type Bench, type Cell, GUARDS, measure, places, sum } from '../measure.ts';
import { cellTable, notHere, number, type Reached, type Section, table } from '../report.ts';

const TARGETS = { loopback: 30, apart: 95 };
/** How often it fails here without a guard. */
const CONTROL = ['undici.request', 'http.Agent keepAlive'] as const;

/**
 * Of the requests that failed without having been executed: how many the guard brought to their answer. Nothing may be
 * avoided by what was learned, or there would be nothing to recover.
 */
export async function recovered(bench: Bench): Promise<Section> {
  const load = {
    method: 'POST',
    workers: 300,
    // Two requests: one to open the connection, one to race. A third would find that something has been learned.
    renewEvery: 2,
  } as const;
  const rows: string[][] = [];
  const cells: Cell[] = [];
  const reached: Reached[] = [];
  for (const place of places(bench)) {
    const apart = place === bench.apart;
    // Where the race is narrow, at its edge: the pauses of §10.1.
    const pauseMs = apart ? ([200, 300] as const) : ([290, 310] as const);
    // Few requests fail on loopback: it takes more of them to say anything.
    const seconds = bench.quick ? 4 : apart ? 15 : 60;
    for (const contender of [...CONTROL, ...GUARDS]) {
      const cell = await measure(bench, place, contender, { idle: 300 }, { ...load, pauseMs, seconds });
      cells.push(cell);
      if (!GUARDS.some((name) => name === contender)) continue;
      const { recovered, foundClosed } = cell.load;
      const lost = cell.load.errors - cell.counts.failedButExecuted;
      const all = recovered + lost;
      const share = (recovered / all) * 100;
      const withLook = ((recovered + foundClosed) / (all + foundClosed)) * 100;
      rows.push([
        place.name,
        contender,
        number(foundClosed),
        number(recovered),
        number(lost),
        `${number(share, 1)} %`,
        `${number(withLook, 1)} %`,
      ]);
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
    text: `Every worker has a guard of its own and replaces it after ${load.renewEvery} requests, so that nothing has been learned. Idle timeout 300 ms; pauses of 200 to 300 ms, on loopback 290 to 310 ms.

${cellTable(cells)}

Requests whose connection the server had closed or was closing, and had not executed. *Found*: a last look at the socket found the close, nothing was written, and the request took another connection. *Repeated*: it failed after it was written, was proven unexecuted, and was answered in the end. *Lost*: it failed without a proof: the server’s kernel had it, and the server closed without reading it, which at the client looks as if it had been executed. The target is for the repeated against the lost; what is found leaves fewer to repeat, on loopback nearly all.

${table(['path', 'client', 'found', 'repeated', 'lost', 'repeated of repeated and lost', 'with those found'], rows)}`,
    reached,
  };
}
