import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ResetDetails } from '@whyreset/guard';
import { type Cell, title } from './cells.ts';
import { chaosClients } from './clients.ts';

/** All attempts of a request; a server that hangs is left after it. */
const DEADLINE_MS = 1500;
/** Whatever is not settled by then hangs: far more than a loaded machine needs. */
const HUNG_MS = 20_000;
const CONCURRENT = 32;
/** About when the server strikes an idle connection: now before, now after the next request. */
const IDLE_MS = 15;

export interface Encounter {
  cell: Cell;
  /** What came back; null: an error, or nothing. */
  text: string | null;
  error: Error | null;
  details: ResetDetails | null;
  hung: boolean;
  executed: number;
}

export async function startChaosServer(secure: { key: string; cert: string } | null = null) {
  const program = fileURLToPath(new URL('chaos-server.mjs', import.meta.url));
  const child = fork(program, [JSON.stringify({ secure })], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    scheme: secure === null ? 'http' : 'https',
    port,
    arm: (cells: readonly Cell[]) => void child.send(cells as never),
    async executed(): Promise<Record<string, number>> {
      child.send('executed');
      return ((await once(child, 'message')) as [{ executed: Record<string, number> }])[0].executed;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

export type ChaosServer = Awaited<ReturnType<typeof startChaosServer>>;

const CHUNK = Buffer.alloc(4000, 'x');
const CHUNKS = 4;

function bodyOf({ body }: Cell): Buffer | Readable {
  if (body === 'buffer') return Buffer.alloc(CHUNK.length * CHUNKS, 'x');
  return Readable.from(
    (async function* () {
      for (let at = 0; at < CHUNKS; at++) {
        if (at > 0) await sleep(1);
        yield CHUNK;
      }
    })(),
  );
}

/** The explanation: on the error itself, on what caused it, or on the response that axios makes its own error of. */
function detailsOf(error: unknown): ResetDetails | null {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { whyreset, cause, request } = at as {
      whyreset?: ResetDetails;
      cause?: unknown;
      request?: { res?: { whyreset?: ResetDetails } };
    };
    const details = whyreset ?? request?.res?.whyreset;
    if (details !== undefined) return details;
    at = cause;
  }
  return null;
}

/** On a machine at its limits even this may take longer than the deadline. */
async function warm(send: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await send();
      return;
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

async function meet(server: ChaosServer, cell: Cell): Promise<Omit<Encounter, 'executed'>> {
  const client = chaosClients[cell.client]!({
    kernel: cell.kernel,
    deadlineMs: DEADLINE_MS,
    baseDelayMs: 5,
    maxDelayMs: 20,
    peerMayProcessAfterHalfClose: cell.fault === 'half-close, execute',
  });
  const url = `${server.scheme}://${cell.address}:${server.port}/`;
  try {
    if (cell.reused)
      await warm(() => client.send({ url, method: 'GET', headers: { 'x-id': `${cell.id}-warm` } }));
    if (cell.moment === 'idle') await sleep(IDLE_MS + (Math.random() * 6 - 3));
    const settled = client
      .send({ url, method: cell.method, headers: { 'x-id': cell.id }, body: bodyOf(cell) })
      .then(
        (text) => ({ text, error: null }),
        (error: Error) => ({ text: null, error }),
      );
    const end = await Promise.race([settled, sleep(HUNG_MS, null, { ref: false })]);
    const { text, error } = end ?? { text: null, error: null };
    return { cell, text, error, details: detailsOf(error), hung: end === null };
  } finally {
    client.close();
  }
}

/** Lets every cell happen, a few at a time. */
export async function encounters(server: ChaosServer, cells: readonly Cell[]): Promise<Encounter[]> {
  server.arm(cells);
  const met: Omit<Encounter, 'executed'>[] = [];
  const waiting = [...cells];
  const work = async () => {
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) met.push(await meet(server, cell));
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
  // What was on its way when its client gave up may yet be executed.
  await sleep(350);
  const executed = await server.executed();
  return met.map((encounter) => ({ ...encounter, executed: executed[encounter.cell.id] ?? 0 }));
}

/** What is wrong with an encounter, in words; nothing as a rule. */
export function complaints({ cell, text, error, details, hung, executed }: Encounter): string[] {
  const found: string[] = [];
  if (hung) found.push('hung');
  if (cell.method === 'POST' && executed > 1) found.push(`executed ${executed} times`);
  if (text !== null && text !== cell.id) found.push(`answered ${JSON.stringify(text)}`);
  if (text !== null && executed === 0) found.push('answered, and not executed');
  if (error !== null && details === null) found.push(`unexplained: ${error.name} ${error.message}`);
  if (details !== null) {
    if (details.delivered === 'no' && executed > 0) found.push(`said to be unexecuted (${details.grade})`);
    if (details.cause.length < 10 || details.advice.length < 10) found.push('explained in no words');
  }
  return found.map((complaint) => `${title(cell)}: ${complaint}`);
}
