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
  Pool: new (url: string, options: object) => Dispatcher;
  interceptors: { retry?(options: object): unknown };
  request(url: string, options: object): Promise<Answer>;
}

interface Answer {
  statusCode: number;
  body: { dump(): Promise<void> };
}

interface Dispatcher {
  compose(...interceptors: unknown[]): Dispatcher;
  request(options: object): Promise<Answer>;
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

const few = { maxRetries: 3, minTimeout: 1, maxTimeout: 5 };

/** What the guard relies on in undici that is no documented promise; without it, it claims less. */
const RELIED_ON: Record<string, (undici: Undici, server: FaultServer) => Promise<void>> = {
  async 'the error of a connection that did not come about is published and is the request’s'(undici) {
    const dispatcher = new undici.Agent({}).compose(guard({ ...fast, maxAttempts: 2 }));
    const sent = undici.request('http://127.0.0.1:1/', { dispatcher, method: 'POST', body: 'x' });
    equal((await failureOf(sent))?.grade, 'P0');
  },
  async 'a request without an origin is created within dispatch, with its own'(undici, { port }) {
    const intercept = guard(fast);
    const url = `http://127.0.0.1:${port}`;
    const pool = new undici.Pool(url, {}).compose(intercept);
    await (await pool.request({ path: '/', method: 'GET' })).body.dump();
    equal(intercept.core.stats()[0]?.origin, url);
    await pool.destroy();
  },
  async 'retries composed further out leave a failed request alone'(undici, server) {
    await fourTimes(undici, server, (retry) => [guard(fast), retry]);
  },
  async 'retries composed further in are noticed'(undici, server) {
    await fourTimes(undici, server, (retry) => [retry, guard(fast)]);
  },
  async 'an idle connection is closed with its words'(undici, { port }) {
    const lines: string[] = [];
    const intercept = guard({ ...fast, warn: (line) => lines.push(line) });
    const dispatcher = new undici.Agent({ keepAliveTimeout: 100 }).compose(intercept);
    await (await undici.request(`http://127.0.0.1:${port}/`, { dispatcher })).body.dump();
    await sleep(300);
    equal(lines.filter((line) => line.includes('agentOptions')).length, 1);
    await dispatcher.destroy();
  },
};

async function fourTimes(undici: Undici, server: FaultServer, layers: (retry: unknown) => unknown[]) {
  const { retry } = undici.interceptors ?? {};
  // Without an interceptor there is nothing to compose.
  if (retry === undefined) return;
  const id = `layers-${++serial}`;
  const dispatcher = new undici.Agent({}).compose(...layers(retry(few)));
  const headers = { 'x-id': id, 'x-do': 'reset' };
  await failureOf(undici.request(`http://127.0.0.1:${server.port}/`, { dispatcher, headers }));
  await sleep(30);
  equal((await server.counts()).executed[id], 4);
  await dispatcher.destroy();
}

const failureOf = (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: { whyreset?: ResetDetails }) => error.whyreset,
  );

async function reliedOnFailures(undici: Undici, server: FaultServer): Promise<string[]> {
  const found: string[] = [];
  for (const [title, check] of Object.entries(RELIED_ON))
    await check(undici, server).catch((error: Error) => found.push(`${title}: ${error.message}`));
  return found;
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

/** What fails over one undici, by way of calling; over Node's own and node:http for `null`. */
export async function checkVersion(
  undici: Undici | null,
  server: FaultServer,
  kernel: KernelBackend | 'auto' = 'auto',
): Promise<Record<string, string[]>> {
  const url = `http://127.0.0.1:${server.port}/`;
  const options = { ...fast, kernel };
  if (undici === null)
    return {
      fetch: await failures(() => byFetch(null, url, options), server, kernel),
      'node:http': await failures(() => byHttp(server.port, options), server, kernel),
    };
  return {
    request: await failures(() => byRequest(undici, url, options), server, kernel),
    'fetch over it': await failures(() => byFetch(undici, url, options), server, kernel),
    'what it relies on': await reliedOnFailures(undici, server),
  };
}
