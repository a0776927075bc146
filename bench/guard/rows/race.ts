import {
  type Bench,
  type Cell,
  contendersOf,
  GUARDS,
  measure,
  median,
  perMillion,
  places,
  sum,
} from '../measure.ts';
import { cellTable, notHere, number, type Reached, type Section } from '../report.ts';

const IDLE_MS = 300;
const WORKERS = 300;
const COLD = 3000;
const LEARNED = { perMillion: 50, connections: 0.35 };

/** POST every 200 to 300 ms against an idle timeout of 300 ms, from nothing, and what is left once it has been learned. */
export async function race(bench: Bench): Promise<Section> {
  const seconds = bench.quick ? 4 : 20;
  const runs = bench.quick ? 1 : 3;
  const cells: Cell[] = [];
  const reached: Reached[] = [];
  const load = { method: 'POST', workers: WORKERS, pauseMs: [200, 300], seconds } as const;
  const lines: string[] = [];
  for (const place of places(bench)) {
    for (const contender of contendersOf(bench)) {
      const guarded = GUARDS.some((name) => name === contender);
      const own: Cell[] = [];
      for (let round = 0; round < (guarded ? runs : 1); round++)
        own.push(await measure(bench, place, contender, { idle: IDLE_MS }, load));
      cells.push(...own);
      if (!guarded) continue;
      const cold = median(own.map(({ load }) => perMillion(load.errors, load.requests)));
      const learned = own.flatMap(({ load }) => load.learned ?? []);
      const rest = sum(learned.map(({ requests }) => requests));
      const left = perMillion(sum(learned.map(({ errors }) => errors)), rest);
      const connections = sum(learned.map((after) => after.connections)) / rest;
      const at = median(learned.map(({ after }) => after));
      lines.push(
        `${place.name}, ${contender}: the fifth close was seen when ${number(at)} requests had begun (median).`,
      );
      if (place !== bench.apart) continue;
      reached.push(
        {
          measure: `race, cold, ${place.name} (${contender}): failed POST per million`,
          target: `≤ ${number(COLD)}`,
          reached: number(cold),
          ok: cold <= COLD,
        },
        {
          measure: `race, after ≥ 5 observed closes (${contender}): failed per million, connections per request`,
          target: `≤ ${LEARNED.perMillion} with ≤ ${LEARNED.connections}`,
          reached: `${number(left)} of ${number(rest)}, ${number(connections, 2)}`,
          ok: rest > 0 && left <= LEARNED.perMillion && connections <= LEARNED.connections,
        },
      );
    }
  }
  if (bench.apart === null)
    reached.push(notHere('race, RTT 10 ms', `≤ ${number(COLD)}, ≤ ${LEARNED.perMillion}`));
  return {
    title: 'The keep-alive race',
    text: `A POST every 200 to 300 ms by ${WORKERS} workers with a connection each, against a server that closes after ${IDLE_MS} ms of silence and says nothing of it. Whole runs of ${seconds} s, from a client that knows nothing.\n\n${cellTable(cells)}\n\n${lines.join('\n')}`,
    reached,
  };
}
