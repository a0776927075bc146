/** undici as people use it: pipelining, pools without an origin, other interceptors, mocks. */
import http, { type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type DecisionEvent, guard } from '@whyreset/guard';
import { afterEach, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
/** Those that load on this Node: undici 8 wants 22. */
// biome-ignore lint/suspicious/noExplicitAny: the types of the three differ, and what is used is the same.
const VERSIONS: [string, any][] = [];
for (const version of ['6', '7', '8']) {
  try {
    VERSIONS.push([version, require(`undici-${version}`)]);
  } catch {
    // Said by its absence among the tests' names.
  }
}

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Counts executions by path; `act` answers. */
async function serve(act: http.RequestListener) {
  const executed: Record<string, number> = {};
  let connections = 0;
  const server = http.createServer((request, response) => {
    request.resume().on('end', () => {
      executed[request.url!] = (executed[request.url!] ?? 0) + 1;
      act(request, response);
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  running.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    executed,
    connections: () => connections,
  };
}

describe.each(VERSIONS)('undici %s', (_, undici) => {
  const { Agent, MockAgent, Pool, interceptors, request } = undici;

  it('pipelined requests share a connection that the guard does not close under them', async () => {
    // The hint of one answer runs out while the next request on the connection is still being worked on.
    const { url, executed } = await serve((request, response) => {
      response.setHeader('Keep-Alive', 'timeout=1').setHeader('Connection', 'keep-alive');
      setTimeout(() => response.end('ok'), request.url!.startsWith('/slow') ? 1400 : 5);
    });
    const dispatcher = new Agent({ ...guard.agentOptions, connections: 1, pipelining: 4 }).compose(guard());
    const get = async (path: string) => (await request(url + path, { dispatcher })).body.text();
    await get('/warm');
    expect(await Promise.all([get('/a'), get('/slow-b'), get('/slow-c')])).toEqual(['ok', 'ok', 'ok']);
    expect(executed).toEqual({ '/warm': 1, '/a': 1, '/slow-b': 1, '/slow-c': 1 });
    await dispatcher.close();
  });

  it('a Pool that is asked without an origin has its own, and a URL is the same as its text', async () => {
    const first = await serve((_, response) => response.end('ok'));
    const second = await serve((_, response) => response.end('ok'));
    const interceptor = guard();
    const pools = [first, second].map(({ url }) => new Pool(url).compose(interceptor));
    for (const pool of pools)
      for (let i = 0; i < 2; i++) await (await pool.request({ path: '/', method: 'GET' })).body.dump();
    const agent = new Agent().compose(interceptor);
    for (const origin of [new URL(first.url), `${first.url}/`, first.url])
      await (await agent.request({ origin, path: '/', method: 'GET' })).body.dump();
    const stats = interceptor.core.stats().map(({ origin, requests }) => [origin, requests]);
    expect(stats.sort()).toEqual(
      [
        [first.url, 5],
        [second.url, 2],
      ].sort(),
    );
    await Promise.all([...pools, agent].map((one) => one.close()));
  });

  it('one layer retries, wherever undici’s own retries stand', async () => {
    const { url, executed } = await serve((_, response) => void response.socket!.resetAndDestroy());
    const retries = { maxRetries: 2, minTimeout: 1, maxTimeout: 2, timeoutFactor: 1 };
    const make = () => guard({ baseDelayMs: 1, maxDelayMs: 2, maxAttempts: 3 });
    const compositions = {
      alone: [make()],
      outside: [make(), interceptors.retry(retries)],
      inside: [interceptors.retry(retries), make()],
      'behind-redirect': [make(), interceptors.redirect({ maxRedirections: 2 }), interceptors.retry(retries)],
    };
    for (const [name, layers] of Object.entries(compositions)) {
      const dispatcher = new Agent().compose(...layers);
      await expect(request(`${url}/${name}`, { dispatcher })).rejects.toThrow();
      await dispatcher.destroy();
    }
    expect(executed).toEqual(Object.fromEntries(Object.keys(compositions).map((name) => [`/${name}`, 3])));
  });

  it('a mocked error proves nothing, a refused connection does', async () => {
    const seen: string[] = [];
    const onDecision = ({ facts, decision }: DecisionEvent) =>
      void seen.push(`${facts.end} ${decision.grade}`);
    const mocks = new MockAgent();
    mocks.disableNetConnect();
    const error = Object.assign(new Error('mocked'), { code: 'ECONNRESET' });
    mocks.get('http://a.example').intercept({ path: '/', method: 'POST' }).replyWithError(error);
    const mocked = mocks.compose(guard({ onDecision }));
    await expect(request('http://a.example/', { dispatcher: mocked, method: 'POST' })).rejects.toMatchObject({
      whyreset: { delivered: 'unknown', attempts: 1 },
    });
    const { url } = await serve((_, response) => response.end());
    running[0]!.close();
    running.length = 0;
    const real = new Agent().compose(guard({ onDecision, maxAttempts: 2, baseDelayMs: 1 }));
    await expect(request(url, { dispatcher: real, method: 'POST' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      whyreset: { delivered: 'no', attempts: 2 },
    });
    expect(seen).toEqual(['other N', 'connect P0', 'connect P0']);
  });

  it('421 asks for another connection', async () => {
    const misdirected = new Set<unknown>();
    const { url, executed, connections } = await serve((request, response) => {
      const first = misdirected.size === 0 || misdirected.has(request.socket);
      if (first) misdirected.add(request.socket);
      response.writeHead(first ? 421 : 200).end('text');
    });
    const dispatcher = new Agent({ connections: 1 }).compose(guard({ baseDelayMs: 1 }));
    const { statusCode, body } = await request(`${url}/`, { dispatcher, method: 'POST' });
    expect([statusCode, await body.text(), executed['/']]).toEqual([200, 'text', 2]);
    expect(connections()).toBeGreaterThan(1);
    await dispatcher.close();
  });
});
