/**
 * What a guard must do on any Node over any undici: a handful of encounters, each by `undici.request` and by the `fetch`
 * of this Node. Every check names itself when it fails.
 */
import { Readable } from 'node:stream';
import {
  GuardedAgent,
  type GuardOptions,
  guard,
  guardedFetch,
  type KernelBackend,
  type ResetDetails,
} from '@whyreset/guard';
import { busy, type FaultServer, sleep } from '../helpers/fault-server.ts';
import { send as sendByHttp } from '../helpers/send.ts';

/** The parts of undici that its versions have in common. */
export interface Undici {
  Agent: new (options: object) => Dispatcher;
  request(url: string, options: object): Promise<{ statusCode: number; body: { dump(): Promise<void> } }>;
}

interface Dispatcher {
  compose(interceptor: unknown): Dispatcher;
  dispatch: never;
  close(): Promise<void>;
  destroy(): Promise<void>;
}

type Send = (method: string, headers: Record<string, string>, body?: string | Readable) => Promise<number>;

interface Client {
  send: Send;
  connections(): number;
  close(): unknown;
}

const fast = { baseDelayMs: 1, maxDelayMs: 5 } satisfies GuardOptions;

function byRequest({ Agent, request }: Undici, url: string, options: GuardOptions): Client {
  const interceptor = guard(options);
  const dispatcher = new Agent(guard.agentOptions).compose(interceptor);
  return {
    async send(method, headers, body) {
      const answer = await request(url, { dispatcher, method, headers, body });
      await answer.body.dump();
      return answer.statusCode;
    },
    connections: () => interceptor.core.stats()[0]?.connections ?? 0,
    close: () => dispatcher.destroy(),
  };
}

/** @param undici whose Agent the guard is composed onto; null: the one inside Node. */
function byFetch(undici: Undici | null, url: string, options: GuardOptions): Client {
  const dispatcher = undici === null ? null : new undici.Agent(guard.agentOptions);
  const fetch = guardedFetch({ ...options, ...(dispatcher && { dispatcher: dispatcher as never }) });
  return {
    async send(method, headers, body) {
      const init =
        body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : body ? { body } : {};
      const answer = await fetch(url, { method, headers, ...init } as RequestInit);
      await answer.arrayBuffer();
      return answer.status;
    },
    connections: () => fetch.core.stats()[0]?.connections ?? 0,
    close: () => dispatcher?.destroy(),
  };
}

function byHttp(port: number, options: GuardOptions): Client {
  const agent = new GuardedAgent(options);
  return {
    async send(method, headers, body = '') {
      const text = body instanceof Readable ? (await body.toArray()).join('') : body;
      return (await sendByHttp(port, agent, { method, headers, body: text })).status;
    },
    connections: () => agent.core.stats()[0]?.connections ?? 0,
    close: () => agent.destroy(),
  };
}

let serial = 0;

const CHECKS: Record<string, (client: Client, server: FaultServer) => Promise<void>> = {
  async 'connections are reused'({ send, connections }) {
    for (let round = 0; round < 5; round++) equal(await send('POST', {}, 'hello'), 200);
    // undici's pool opens a second one when it is asked in the breath in which the first becomes free.
    equal(connections() <= 2, true);
  },
  async 'a POST survives a close that it crosses'({ send }, server) {
    const id = `crossed-${++serial}`;
    await send('GET', { 'x-id': `${id}-warm`, 'x-then': 'idle:40' });
    await sleep(20);
    busy(40);
    equal(await send('POST', { 'x-id': id }, 'hello'), 200);
    equal((await server.counts()).executed[id], 1);
  },
  async 'a POST that was executed and reset is not repeated, and its error says why'({ send }, server) {
    const id = `reset-${++serial}`;
    const error = await send('POST', { 'x-id': id, 'x-do': 'reset' }, 'hello').then(
      () => null,
      (error: { whyreset?: ResetDetails; cause?: { whyreset?: ResetDetails } }) => error,
    );
    equal((error?.whyreset ?? error?.cause?.whyreset)?.code, 'WHYRESET_MAY_HAVE_EXECUTED');
    equal((await server.counts()).executed[id], 1);
  },
  async 'a PUT is repeated'({ send }, server) {
    const id = `put-${++serial}`;
    equal(await send('PUT', { 'x-id': id, 'x-do': 'reset', 'x-times': '2' }, 'hello'), 200);
    equal((await server.counts()).executed[id], 3);
  },
  async 'a streamed PUT is repeated'({ send }, server) {
    const id = `stream-${++serial}`;
    const body = Readable.from([Buffer.from('hel'), Buffer.from('lo')]);
    equal(await send('PUT', { 'x-id': id, 'x-do': 'reset', 'x-times': '1' }, body), 200);
    equal((await server.counts()).executed[id], 2);
  },
};

function equal(found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${String(found)} instead of ${String(wanted)}`);
}

/** On loopback only the kernel can prove that a POST crossed the close. */
const NEEDS_KERNEL = 'a POST survives a close that it crosses';

/** Runs every check; returns the complaints. */
async function failures(make: () => Client, server: FaultServer, kernel: string): Promise<string[]> {
  const found: string[] = [];
  for (const [title, check] of Object.entries(CHECKS)) {
    if (kernel === 'none' && title === NEEDS_KERNEL) continue;
    try {
      const client = make();
      const late = sleep(10_000).then(() => {
        throw new Error('hung');
      });
      await Promise.race([check(client, server), late]).finally(() => client.close());
    } catch (error) {
      const { message, cause } = error as Error;
      found.push(`${title}: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}`);
    }
  }
  return found;
}

/** Whether the fetch of this Node takes a bare Agent of another undici at all, with no guard in between. */
async function fetchTakes(undici: Undici, url: string): Promise<boolean> {
  const dispatcher = new undici.Agent({});
  return fetch(url, { dispatcher } as unknown as RequestInit)
    .then(
      () => true,
      () => false,
    )
    .finally(() => dispatcher.destroy());
}

/**
 * What fails over one undici, by way of calling; over Node's own and node:http for `null`. A way that undici refuses
 * by itself is null.
 */
export async function checkVersion(
  undici: Undici | null,
  server: FaultServer,
  kernel: KernelBackend | 'auto' = 'auto',
): Promise<Record<string, string[] | null>> {
  const url = `http://127.0.0.1:${server.port}/`;
  const options = { ...fast, kernel };
  if (undici === null)
    return {
      fetch: await failures(() => byFetch(null, url, options), server, kernel),
      'node:http': await failures(() => byHttp(server.port, options), server, kernel),
    };
  const taken = await fetchTakes(undici, url);
  return {
    request: await failures(() => byRequest(undici, url, options), server, kernel),
    'fetch over it': taken ? await failures(() => byFetch(undici, url, options), server, kernel) : null,
  };
}
