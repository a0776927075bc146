import { setTimeout as sleep } from 'node:timers/promises';
import type { DrainServerOptions, StopWay } from '../client/drain-server.ts';
import { type Bench, median, places } from '../measure.ts';
import { type Place, start } from '../place.ts';
import { number, type Reached, type Section, table } from '../report.ts';

const CLIENTS = 200;
const HANDLER_MS = 10;
const PAUSE_MS = 60;
const WAYS: StopWay[] = [
  'process.exit()',
  'close() + closeAllConnections()',
  'server.close()',
  'serve().drain()',
];
/** Busy connections keep a server.close() from ever ending: after this the load stops. */
const PATIENCE_MS = 4000;

interface Stop {
  reset: number;
  /** Null: not while the load went on. */
  ms: number | null;
}

/** 200 clients, a server told to stop in the middle. */
export async function drain(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 1 : 3;
  const rows: string[][] = [];
  const reached: Reached[] = [];
  for (const place of places(bench)) {
    // A request takes what its handler takes and a round trip.
    const longest = HANDLER_MS + (place === bench.apart ? 10 : 0);
    const limit = 2 * longest + 1000;
    for (const way of WAYS) {
      const stops: Stop[] = [];
      for (let round = 0; round < rounds; round++) stops.push(await stop(bench, place, way));
      const times = stops.map(({ ms }) => ms);
      const slowest = times.includes(null) ? null : Math.max(...(times as number[]));
      rows.push([
        place.name,
        `\`${way}\``,
        stops.map(({ reset }) => reset).join(' / '),
        slowest === null ? `not before the load stopped` : `${number(median(times as number[]))} ms`,
      ]);
      bench.say(`${place.name}, ${way}: ${stops.map(({ reset }) => reset).join('/')} reset, ${slowest} ms`);
      if (way !== 'serve().drain()') continue;
      const most = Math.max(...stops.map(({ reset }) => reset));
      reached.push({
        measure: `drain under load, ${place.name}: clients reset of ${CLIENTS}`,
        target: `0, within ${number(limit)} ms`,
        reached: `${most}, within ${slowest === null ? '—' : number(slowest)} ms`,
        ok: most === 0 && slowest !== null && slowest <= limit,
      });
    }
  }
  return {
    title: 'A drain under load',
    text: `${CLIENTS} clients with a connection each, a POST every 0 to ${PAUSE_MS} ms, a handler of ${HANDLER_MS} ms; the server is told to stop in the middle. Default options. Clients that had a reset or an end instead of an answer, per round; the time is the median.\n\n${table(['path', 'stopped by', 'clients reset', 'time to the end'], rows)}`,
    reached,
  };
}

async function stop(bench: Bench, place: Place, way: StopWay): Promise<Stop> {
  const options: DrainServerOptions = { host: place.host, way, handlerMs: HANDLER_MS };
  const [{ port }, server] = await start<{ port: number }>(
    place,
    'server',
    bench.programs.drainServer,
    options,
  );
  const load = { host: place.host, port, clients: CLIENTS, pause: PAUSE_MS };
  const [, client] = await start(place, 'client', bench.programs.drainClient, load);
  await sleep(1000);
  const ended = server.ask<{ ms: number }>({}).then(
    ({ ms }) => ms,
    () => 0, // it has exited
  );
  const ms = await Promise.race([ended, sleep(PATIENCE_MS, null, { ref: false })]);
  const { reset } = await client.ask<{ reset: number }>({});
  await client.stop();
  await server.stop();
  return { reset, ms };
}
