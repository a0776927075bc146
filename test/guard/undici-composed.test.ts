/** undici as people compose it: pools, pipelining, layers between and inside, mocks, proxies, Agents that are shared. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import type { GuardInterceptor } from '@whyreset/guard';
import { guard, guardedFetch, type ResetDetails } from '@whyreset/guard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultServer, sleep, startFaultServer } from './helpers/fault-server.ts';

interface Answer {
  statusCode: number;
  body: { text(): Promise<string>; dump(): Promise<void> };
}
interface Dispatcher {
  compose(...interceptors: unknown[]): Dispatcher;
  dispatch: never;
  request(options: object): Promise<Answer>;
  destroy(): Promise<void>;
  close(): Promise<void>;
}
type Make = new (target?: unknown, options?: object) => Dispatcher;
interface Mock extends Dispatcher {
  disableNetConnect(): void;
  get(origin: string): {
    intercept(what: object): {
      reply(status: number, body: string): void;
      replyWithError(error: Error): { times(times: number): void };
    };
  };
}
interface Undici {
  Agent: new (options?: object) => Dispatcher;
  Pool: Make;
  Client: Make;
  BalancedPool: Make;
  RoundRobinPool?: Make;
  RetryAgent: Make;
  ProxyAgent: new (options: object | string) => Dispatcher;
  EnvHttpProxyAgent: new (options: object) => Dispatcher;
  MockAgent: new () => Mock;
  RetryHandler: new (options: object, handlers: object) => object;
  interceptors: Record<string, ((options?: object) => unknown) | undefined>;
  fetch: typeof globalThis.fetch;
  request(url: string | URL | object, options?: object): Promise<Answer>;
}

const modern = Number(process.versions.node.split('.')[0]) >= 22;
const undicis = ['undici-6', 'undici-7', ...(modern ? ['undici-8'] : [])];
const fast = { baseDelayMs: 1, maxDelayMs: 5 };
const few = { maxRetries: 3, minTimeout: 1, maxTimeout: 5 };

let faulty: FaultServer;
beforeAll(async () => {
  faulty = await startFaultServer();
});
afterAll(() => faulty.stop());
let serial = 0;
const order = (doing: string, times = 99) => ({
  'x-id': `composed-${++serial}`,
  'x-do': doing,
  'x-times': String(times),
});
const executions = async (headers: { 'x-id': string }) =>
  (await faulty.counts()).executed[headers['x-id']] ?? 0;

const opened: http.Server[] = [];
afterAll(() => {
  for (const server of opened) server.closeAllConnections();
  for (const server of opened) server.close();
});
async function listen(handler: http.RequestListener, keepAliveMs = 60_000): Promise<string> {
  const server = http.createServer(handler);
  server.keepAliveTimeout = keepAliveMs;
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const told = (error: { whyreset?: ResetDetails; cause?: { whyreset?: ResetDetails } }) =>
  error.whyreset ?? error.cause?.whyreset;
const failing = (request: Promise<unknown>) =>
  request.then(
    () => expect.fail('it was answered'),
    (error) => error,
  );
const origins = ({ core }: GuardInterceptor) =>
  core.stats().map(({ origin, requests }) => [origin, requests]);

describe.each(undicis)('%s', async (name) => {
  const undici = (await import(name)) as Undici;
  const { Agent, interceptors, request } = undici;

  it('keeps the books of a pool under the pool’s own origin', async () => {
    const a = await listen((_, response) => response.end('a'));
    const b = await listen((_, response) => response.end('b'));
    const intercept = guard(fast);
    const makes = [undici.Pool, undici.Client, undici.RoundRobinPool].filter((make) => make !== undefined);
    for (const make of makes)
      for (const url of [a, b]) {
        const pool = new make(url, guard.agentOptions).compose(intercept);
        for (let round = 0; round < 2; round++)
          expect(await (await pool.request({ path: '/', method: 'GET' })).body.text()).toBe(
            url === a ? 'a' : 'b',
          );
        await pool.close();
      }
    const each = makes.length * 2;
    expect(origins(intercept).sort()).toEqual(
      [
        [a, each],
        [b, each],
      ].sort(),
    );
  });

  it('keeps the books of a BalancedPool under the upstream that it chose', async () => {
    const a = await listen((_, response) => response.end());
    const b = await listen((_, response) => response.end());
    const intercept = guard(fast);
    const pool = new undici.BalancedPool([a, b], guard.agentOptions).compose(intercept);
    for (let round = 0; round < 6; round++)
      await (await pool.request({ path: '/', method: 'GET' })).body.dump();
    const found = origins(intercept);
    expect(found.map(([origin]) => origin).sort()).toEqual([a, b].sort());
    expect(found.reduce((sum, [, requests]) => sum + Number(requests), 0)).toBe(6);
    await pool.close();
  });

  it('takes an origin for the same however it is written', async () => {
    const url = await listen((_, response) => response.end());
    const intercept = guard(fast);
    const dispatcher = new Agent(guard.agentOptions).compose(intercept);
    for (const origin of [url, new URL(url), `${url}/`, url.replace('http', 'HTTP')])
      await (await dispatcher.request({ origin, path: '/', method: 'GET' })).body.dump();
    expect(origins(intercept)).toEqual([[url, 4]]);
    await dispatcher.close();
  });

  it('closes no connection on which a pipelined request waits', async () => {
    const executed: Record<string, number> = {};
    const server = net.createServer((socket) => {
      let bytes = '';
      let before = Promise.resolve();
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        bytes += chunk;
        const heads = bytes.split('\r\n\r\n');
        bytes = heads.pop()!;
        for (const head of heads) {
          const path = head.split(' ')[1]!;
          executed[path] = (executed[path] ?? 0) + 1;
          before = before
            .then(() => sleep(path === '/slow' ? 1300 : 5))
            .then(() => {
              socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 2\r\n\r\nok');
            });
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const intercept = guard(fast);
    const dispatcher = new Agent({ ...guard.agentOptions, connections: 1, pipelining: 4 }).compose(intercept);
    const get = async (path: string) => (await request(url + path, { dispatcher })).body.text();
    await get('/first');
    await Promise.all(['/quick', '/slow', '/last'].map(get));
    expect(executed).toEqual({ '/first': 1, '/quick': 1, '/slow': 1, '/last': 1 });
    await dispatcher.destroy();
    server.close();
  });

  it('closes no connection on which somebody else’s request waits', async () => {
    const url = await listen((query, response) => {
      setTimeout(() => response.end('ok'), query.url === '/slow' ? 1500 : 0);
    }, 1000);
    const agent = new Agent({ ...guard.agentOptions, connections: 1 });
    const guarded = agent.compose(guard(fast));
    await (await request(url, { dispatcher: guarded })).body.dump();
    expect(await (await request(`${url}/slow`, { dispatcher: agent })).body.text()).toBe('ok');
    await agent.destroy();
  });

  const layers: [string, (intercept: GuardInterceptor) => Dispatcher][] = [
    ['alone', (intercept) => new Agent().compose(intercept)],
    ['below a RetryAgent', (intercept) => new undici.RetryAgent(new Agent().compose(intercept), few)],
    ['below retry', (intercept) => new Agent().compose(intercept, interceptors.retry!(few))],
    [
      'below redirect, below retry',
      (intercept) =>
        new Agent().compose(
          intercept,
          interceptors.redirect!({ maxRedirections: 2 }),
          interceptors.retry!(few),
        ),
    ],
    [
      'below a retry handler by another name',
      (intercept) => {
        const t = class extends undici.RetryHandler {};
        return new Agent().compose(
          intercept,
          (dispatch: never) => (options: object, handler: object) =>
            (dispatch as (o: object, h: object) => boolean)(
              options,
              new t({ ...options, retryOptions: few }, { handler, dispatch }),
            ),
        );
      },
    ],
    ['above retry', (intercept) => new Agent().compose(interceptors.retry!(few), intercept)],
    ['twice', (intercept) => new Agent().compose(intercept, guard(fast))],
  ];
  for (const between of ['decompress', 'dns', 'dump'])
    if (interceptors[between] !== undefined && !(name === 'undici-6' && between !== 'dns'))
      layers.push([
        `below ${between}, below retry`,
        (intercept) => new Agent().compose(intercept, interceptors[between]!(), interceptors.retry!(few)),
      ]);
  it.each(layers)('tries a request four times, once per attempt, %s', async (_, make) => {
    const dispatcher = make(guard(fast));
    const headers = order('reset');
    await failing(request(`http://127.0.0.1:${faulty.port}/`, { dispatcher, headers }));
    await sleep(30);
    expect(await executions(headers)).toBe(4);
    await dispatcher.destroy();
  });

  it('never repeats the first hop of a redirect that it cannot see', async () => {
    let posts = 0;
    const url = await listen((query, response) => {
      if (query.method === 'POST') posts += 1;
      if (query.method === 'POST') response.writeHead(303, { location: '/next' }).end();
      else query.socket.destroy();
    });
    const dispatcher = new Agent(guard.agentOptions).compose(
      interceptors.redirect!({ maxRedirections: 2 }),
      guard(fast),
    );
    const error = await failing(request(url, { dispatcher, method: 'POST', body: 'x' }));
    expect(told(error)).toMatchObject({ code: 'WHYRESET_MAY_HAVE_EXECUTED' });
    expect(posts).toBe(1);
    await dispatcher.destroy();
  });

  it('takes another connection after 421', async () => {
    const ports: (number | undefined)[] = [];
    const url = await listen((query, response) => {
      ports.push(query.socket.remotePort);
      query.resume().on('end', () => response.writeHead(ports.length < 3 ? 421 : 200).end('answer'));
    });
    const dispatcher = new Agent({ ...guard.agentOptions, connections: 1 }).compose(guard(fast));
    const answer = await request(url, { dispatcher, method: 'POST', body: 'x' });
    expect(answer.statusCode).toBe(200);
    expect(new Set(ports).size).toBe(3);
    await answer.body.dump();
    await dispatcher.destroy();
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'UND_ERR_SOCKET', 'ETIMEDOUT', 'ENOTFOUND'])(
    'claims and repeats nothing after a mock’s %s',
    async (code) => {
      const mock = new undici.MockAgent();
      mock.disableNetConnect();
      mock
        .get('http://mock.test')
        .intercept({ path: '/', method: 'POST' })
        .replyWithError(Object.assign(new Error('mocked'), { code }))
        .times(1);
      const dispatcher = mock.compose(guard(fast));
      const error = await failing(request('http://mock.test/', { dispatcher, method: 'POST', body: 'x' }));
      expect(error.message).toBe('mocked');
      expect(told(error)?.delivered).toBe('unknown');
      await mock.close();
    },
  );

  it('still proves that no connection came about', async () => {
    const dispatcher = new Agent().compose(guard({ ...fast, maxAttempts: 2 }));
    const error = await failing(request('http://127.0.0.1:1/', { dispatcher, method: 'POST', body: 'x' }));
    expect(told(error)).toMatchObject({ code: 'WHYRESET_NOT_EXECUTED', grade: 'P0', attempts: 2 });
  });

  it('says once that the options for the Agent were forgotten', async () => {
    const url = await listen((_, response) => response.end());
    const lines: string[] = [];
    const intercept = guard({ ...fast, kernel: 'none', warn: (line) => lines.push(line) });
    const before = lines.length;
    const forgotten = new Agent({ keepAliveTimeout: 100, keepAliveTimeoutThreshold: 59_900 }).compose(
      intercept,
    );
    for (let round = 0; round < 2; round++) {
      await (await request(url, { dispatcher: forgotten })).body.dump();
      await sleep(300);
    }
    expect(lines.slice(before)).toEqual([expect.stringMatching(/new Agent\(guard\.agentOptions\)/)]);
    await forgotten.destroy();
  });

  it.each(['ProxyAgent', 'EnvHttpProxyAgent'] as const)('works through a %s', async (kind) => {
    const proxy = http.createServer((query, response) => {
      const { host, pathname } = new URL(query.url!);
      const [hostname, port] = host.split(':');
      const onward = http.request(
        { hostname, port, path: pathname, method: query.method, headers: query.headers },
        (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on('error', () => query.socket.resetAndDestroy());
      query.pipe(onward);
    });
    proxy.on('connect', (query, socket, head) => {
      const [hostname, port] = query.url!.split(':');
      const onward = net.connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => (socket as net.Socket).resetAndDestroy());
      socket.on('error', () => onward.destroy());
    });
    opened.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const intercept = guard(fast);
    const agent =
      kind === 'ProxyAgent'
        ? new undici.ProxyAgent({ uri, ...guard.agentOptions })
        : new undici.EnvHttpProxyAgent({ httpProxy: uri, noProxy: '', ...guard.agentOptions });
    const dispatcher = agent.compose(intercept);
    const url = `http://127.0.0.1:${faulty.port}/`;
    const put = order('reset', 2);
    const answer = await request(url, { dispatcher, method: 'PUT', body: 'x', headers: put });
    await answer.body.dump();
    expect(await executions(put)).toBe(3);
    const post = order('reset');
    expect(
      told(await failing(request(url, { dispatcher, method: 'POST', body: 'x', headers: post }))),
    ).toMatchObject({ code: 'WHYRESET_MAY_HAVE_EXECUTED' });
    expect(await executions(post)).toBe(1);
    expect(origins(intercept)).toEqual([[url.slice(0, -1), 2]]);
    await dispatcher.destroy();
  });

  it.each(undicis)('takes the fetch of %s over its Agent', async (other) => {
    const { fetch } = (await import(other)) as Undici;
    const agent = new Agent(guard.agentOptions);
    const guarded = guardedFetch({ ...fast, dispatcher: agent, fetch });
    const url = `http://127.0.0.1:${faulty.port}/`;
    const put = order('reset', 2);
    expect((await guarded(url, { method: 'PUT', body: 'x', headers: put })).status).toBe(200);
    expect(await executions(put)).toBe(3);
    await agent.destroy();
  });

  it.each(undicis)('takes the fetch of %s over its MockAgent', async (other) => {
    const { fetch } = (await import(other)) as Undici;
    const mock = new undici.MockAgent();
    mock.disableNetConnect();
    mock.get('http://mock.test').intercept({ path: '/', method: 'GET' }).reply(200, 'mocked');
    const answer = await guardedFetch({ ...fast, dispatcher: mock, fetch })('http://mock.test/');
    expect(await answer.text()).toBe('mocked');
    await mock.close();
  });
});
