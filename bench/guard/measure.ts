import type { LoadPlan, LoadResult } from './client/plan.ts';
import type { RestartOptions } from './client/restarting-server.ts';
import type { Counts } from './ledger.ts';
import { type Place, run, start } from './place.ts';
import type { ServerOptions } from './server.ts';

/** Bundled programs, and Go's client where Go is installed. */
export interface Programs {
  server: string;
  load: string;
  throughput: string;
  matrix: string;
  drainServer: string;
  drainClient: string;
  restartingServer: string;
  go: string | null;
}

export interface Bench {
  programs: Programs;
  loopback: Place;
  /** Client and server with a round trip of 10 ms between them; null where no namespaces are allowed. */
  apart: Place | null;
  quick: boolean;
  /** Only clients whose name holds this word; '': all. */
  clients: string;
  say(line: string): void;
}

/** Of a cell: contender, path, and what both ends counted. */
export interface Cell {
  contender: string;
  place: string;
  load: LoadResult;
  counts: Counts;
}

export const PEERS = [
  'undici.request',
  'undici RetryAgent',
  'undici RetryAgent + POST',
  'http.Agent keepAlive',
  'got',
  'axios-retry',
  'Go net/http',
] as const;
export const GUARDS = ['guard, undici', 'guard, http.Agent'] as const;

/** The clients of a row, Go's among them only where Go is installed. */
export const contendersOf = ({ programs, clients }: Bench) =>
  [...PEERS, ...GUARDS].filter(
    (name) => name.includes(clients) && (programs.go !== null || !name.startsWith('Go')),
  );

/** One cell: a fresh server, a fresh client, both counted. */
export async function measure(
  bench: Bench,
  place: Place,
  contender: string,
  server: Omit<ServerOptions, 'host'> | Omit<RestartOptions, 'host'>,
  load: Omit<LoadPlan, 'contender' | 'url'>,
): Promise<Cell> {
  const { programs } = bench;
  const program = 'way' in server ? programs.restartingServer : programs.server;
  const [{ port }, process_] = await start<{ port: number }>(place, 'server', program, {
    ...server,
    host: place.host,
  });
  const plan: LoadPlan = { ...load, contender, url: `http://${place.host}:${port}/` };
  const argument = JSON.stringify(plan);
  const result = contender.startsWith('Go')
    ? await run<LoadResult>(place, programs.go!, [argument])
    : await run<LoadResult>(place, process.execPath, [programs.load, argument]);
  const counts = await process_.ask<Counts>({
    failed: result.failed,
    cleared: result.saidUnexecuted,
  });
  await process_.stop();
  const cell = { contender, place: place.name, load: result, counts };
  bench.say(
    `${place.name}, ${contender}: ${result.requests} requests, ${result.errors} failed, ${counts.duplicates} duplicates, ${counts.connections} connections${result.guard === null ? '' : `; ${result.guard}`}`,
  );
  return cell;
}

export const perMillion = (part: number, whole: number) => (whole === 0 ? 0 : (part / whole) * 1e6);
export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export const places = ({ loopback, apart }: Bench) => (apart === null ? [loopback] : [loopback, apart]);
