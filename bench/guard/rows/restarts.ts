import type { Way } from '../client/restarting-server.ts';
import { type Bench, type Cell, GUARDS, measure, sum } from '../measure.ts';
import { number, type Reached, type Section, table } from '../report.ts';

/** Of the six, these half-close connections and read on. */
const HALF_CLOSING: readonly Way[] = ['close() + socket.end()', 'stoppable', 'http-terminator'];
const STOPPED: readonly Way[] = ['close()', ...HALF_CLOSING, 'lightship + close()', 'serve().drain()'];
const CLIENTS = ['undici.request', 'http.Agent keepAlive', ...GUARDS];
const POSTS = 10_000;

/** Instances that are replaced every half second, under clients that forget what they have learned after ten requests. */
export async function restarts(bench: Bench): Promise<Section> {
  const place = bench.apart ?? bench.loopback;
  const requests = bench.quick ? 1000 : POSTS;
  const rows: string[][] = [];
  const guarded: { way: Way; cell: Cell }[] = [];
  for (const way of STOPPED)
    for (const contender of CLIENTS.filter((name) => name.includes(bench.clients))) {
      const cell = await measure(
        bench,
        place,
        contender,
        { way, lifeMs: [300, 700] },
        { method: 'POST', workers: 25, pauseMs: [0, 15], seconds: 0, requests, renewEvery: 10 },
      );
      const { load, counts } = cell;
      const refused = load.codes.ECONNREFUSED ?? 0;
      const isGuard = GUARDS.some((name) => name === contender);
      if (isGuard) guarded.push({ way, cell });
      rows.push([
        way,
        contender,
        number(load.requests),
        number(load.errors - refused),
        number(refused),
        number(counts.failedButExecuted),
        isGuard ? number(load.recovered) : '',
        number(counts.duplicates),
      ]);
    }
  return {
    title: 'Rolling restarts',
    text: `A stock \`node:http\` server, replaced every 300 to 700 ms: the old instance is stopped in one of several ways, the next takes the port at once. 25 workers with a connection each, a POST every 0 to 15 ms that takes 5 ms, ${place.name}; after ten requests a worker forgets everything, so that a guard is cold nearly always. Failed: an end or a reset instead of an answer; refused: in the moment between two instances.\n\n${table(['stopped by', 'client', 'requests', 'failed', 'refused', 'of these executed', 'recovered', 'executed twice'], rows)}`,
    reached: guarded.length === 0 ? [] : [duplicatesOf(guarded)],
  };
}

function duplicatesOf(guarded: readonly { way: Way; cell: Cell }[]): Reached {
  const half = guarded.filter(({ way }) => HALF_CLOSING.includes(way)).map(({ cell }) => cell);
  const requests = sum(half.map(({ load }) => load.requests));
  const wrong = sum(half.map(({ counts }) => counts.duplicates + counts.wronglyCleared));
  return {
    measure:
      'rolling restarts of servers that half-close and read on: executed twice, or called unexecuted and executed',
    target: `0 in ≥ ${number(POSTS)}`,
    reached: `${number(wrong)} in ${number(requests)}`,
    ok: wrong === 0 && requests >= POSTS,
  };
}
