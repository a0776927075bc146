/** The guard under and beside the clients that people use, and under clients that retry by themselves. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { GuardedAgent, GuardedHttpsAgent, guard, guardedFetch } from '@whyreset/guard';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import got from 'got';
import { Agent, interceptors, request as undiciRequest } from 'undici-7';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultServer, sleep, startFaultServer } from './helpers/fault-server.ts';
import { send } from './helpers/send.ts';

let server: FaultServer;
let url: string;
beforeAll(async () => {
  server = await startFaultServer();
  url = `http://127.0.0.1:${server.port}/`;
});
afterAll(() => server.stop());

let serial = 0;
const order = (doing: string, times = 1) => ({
  'x-id': `client-${++serial}`,
  'x-do': doing,
  'x-times': String(times),
});
const executions = async (headers: { 'x-id': string }) =>
  (await server.counts()).executed[headers['x-id']] ?? 0;
const fast = { baseDelayMs: 1, maxDelayMs: 5 };

describe('got', () => {
  it('repeats a PUT under the request and never a POST, once and not in two layers', async () => {
    const client = got.extend(guard.got(fast));
    const put = order('reset', 2);
    expect((await client.put(url, { headers: put, body: 'x' })).statusCode).toBe(200);
    expect(await executions(put)).toBe(3);
    const post = order('reset', 9);
    await expect(client.post(url, { headers: post, body: 'x' })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(await executions(post)).toBe(1);
    const always = order('reset', 99);
    await expect(client.put(url, { headers: always, body: 'x' })).rejects.toThrow();
    expect(await executions(always)).toBe(4);
  });
});

describe('axios', () => {
  it('does not repeat a POST with the guard’s conditions, as axios-retry does with its own', async () => {
    const doubling = axios.create();
    axiosRetry(doubling, {});
    const twice = order('reset');
    await doubling.post(url, 'x', { headers: twice });
    expect(await executions(twice)).toBe(2);

    const careful = axios.create();
    axiosRetry(careful, guard.axios(fast));
    const once = order('reset');
    await expect(careful.post(url, 'x', { headers: once })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await executions(once)).toBe(1);
    const put = order('reset', 2);
    expect((await careful.put(url, 'x', { headers: put })).status).toBe(200);
    expect(await executions(put)).toBe(3);
  });

  it('leaves to the agent what the agent has given up', async () => {
    const httpAgent = new GuardedAgent(fast);
    const client = axios.create({ httpAgent, httpsAgent: new GuardedHttpsAgent({ core: httpAgent.core }) });
    axiosRetry(client, guard.axios(fast));
    const always = order('reset', 99);
    await expect(client.put(url, 'x', { headers: always })).rejects.toThrow();
    expect(await executions(always)).toBe(4);
    httpAgent.destroy();
  });
});

describe('undici', () => {
  it('repeats under retries that are composed further out, which then leave it alone', async () => {
    const intercept = guard(fast);
    const retrying = interceptors.retry({ minTimeout: 1, maxRetries: 2 });
    const dispatcher = new Agent(guard.agentOptions).compose(intercept as never, retrying);
    const always = order('reset', 99);
    await expect(
      undiciRequest(url, { dispatcher, method: 'PUT', headers: always, body: 'x' }),
    ).rejects.toThrow();
    expect(intercept.core.stats()[0]!.retries).toBe(3);
    expect(await executions(always)).toBe(4);
    await dispatcher.destroy();
  });

  it('under two guards is guarded by the outer one', async () => {
    const [inner, outer] = [guard(fast), guard(fast)];
    const dispatcher = new Agent(guard.agentOptions).compose(inner as never).compose(outer as never);
    const put = order('reset');
    expect(
      (await undiciRequest(url, { dispatcher, method: 'PUT', headers: put, body: 'x' })).statusCode,
    ).toBe(200);
    expect([inner, outer].map(({ core }) => core.stats().length)).toEqual([0, 1]);
    await dispatcher.destroy();
  });
});

describe('an AbortSignal', () => {
  it('ends a wait between two attempts', async () => {
    const slow = {
      baseDelayMs: 1e6,
      maxDelayMs: 1e6,
      onDecision: () => void setTimeout(() => controller.abort(), 10),
    };
    let controller = new AbortController();
    const fetch = guardedFetch(slow);
    const byFetch = fetch(url, {
      method: 'PUT',
      body: 'x',
      headers: order('reset'),
      signal: controller.signal,
    });
    await expect(byFetch).rejects.toMatchObject({ name: 'AbortError' });

    controller = new AbortController();
    const agent = new GuardedAgent(slow);
    const byHttp = send(server.port, agent, {
      method: 'PUT',
      headers: order('reset'),
      signal: controller.signal,
    });
    await expect(byHttp).rejects.toMatchObject({ name: 'AbortError' });
    agent.destroy();
  });

  it('ends an attempt that waits for its answer, and leaves nothing behind', async () => {
    const accepted: net.Socket[] = [];
    const silent = net
      .createServer((socket) => void accepted.push(socket.on('error', () => {})))
      .listen(0, '127.0.0.1');
    await new Promise((done) => silent.once('listening', done));
    const { port } = silent.address() as AddressInfo;
    const agent = new GuardedAgent(fast);
    const abortAfter = (ms: number) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), ms);
      return controller.signal;
    };
    for (const ms of [0, 1, 5, 20]) {
      await expect(send(port, agent, { signal: abortAfter(ms) })).rejects.toMatchObject({
        name: 'AbortError',
      });
      const fetched = guardedFetch(fast)(`http://127.0.0.1:${port}/`, { signal: abortAfter(ms) });
      await expect(fetched).rejects.toMatchObject({ name: 'AbortError' });
    }
    await sleep(20);
    expect(agent.sockets).toEqual({});
    expect(agent.freeSockets).toEqual({});
    // undici opens a connection anew for a request that was aborted, guarded or not: the server ends it.
    for (const socket of accepted) socket.destroy();
    silent.close();
  });
});

describe('the agent of node:http', () => {
  it('keeps to maxSockets and serves who waits', async () => {
    const agent = new GuardedAgent({ maxSockets: 2 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(server.port, agent)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(agent.core.stats()[0]).toMatchObject({ connections: 2, reused: 18 });
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(2);
    agent.destroy();
  });

  it('keeps to maxTotalSockets over several hosts', async () => {
    const agent = new GuardedAgent({ maxTotalSockets: 1 });
    const answers = await Promise.all(
      ['127.0.0.1', 'localhost', '127.0.0.1', 'localhost'].map((host) =>
        send(server.port, agent, { host, family: 4 }),
      ),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    agent.destroy();
  });

  it('hands over a connection that becomes another protocol', async () => {
    const echo = http.createServer();
    echo.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      socket.pipe(socket);
    });
    await new Promise<void>((done) => echo.listen(0, '127.0.0.1', done));
    const agent = new GuardedAgent();
    const { port } = echo.address() as AddressInfo;
    const request = http.request({
      host: '127.0.0.1',
      port,
      agent,
      headers: { Connection: 'Upgrade', Upgrade: 'echo' },
    });
    const upgraded = new Promise<NodeJS.ReadWriteStream>((done) =>
      request.on('upgrade', (_response, socket) => done(socket)),
    );
    request.end();
    const socket = await upgraded;
    socket.write('hello');
    expect(String(await new Promise((done) => socket.once('data', done)))).toBe('hello');
    expect(agent.sockets).toEqual({});
    socket.end();
    agent.destroy();
    await new Promise((done) => echo.close(done));
  });

  it('times out as node:http does, and tells of it', async () => {
    const agent = new GuardedAgent();
    const silent = net
      .createServer((socket) => void socket.on('error', () => {}).resume())
      .listen(0, '127.0.0.1');
    await new Promise((done) => silent.once('listening', done));
    const request = http.request({
      host: '127.0.0.1',
      port: (silent.address() as AddressInfo).port,
      agent,
      timeout: 20,
    });
    const timedOut = new Promise((done) => request.once('timeout', done));
    request.on('error', () => {}).end();
    await timedOut;
    request.destroy();
    agent.destroy();
    silent.close();
  });

  it('fails a request whose connection cannot even be tried, and not the process', async () => {
    const agent = new GuardedHttpsAgent({ key: 'no key', cert: 'no certificate' });
    const request = https.request({ host: '127.0.0.1', port: 1, agent }).end();
    const error = await new Promise<Error & { whyreset?: unknown }>((done) => request.on('error', done));
    expect(error.message).toMatch(/PEM/);
    expect(error.whyreset).toMatchObject({ end: 'connect', delivered: 'no', attempts: 1 });
    agent.destroy();
  });

  it('streams a long answer whole, and stops reading when nobody reads', async () => {
    const long = Buffer.alloc(20_000_000, 'x');
    const source = http.createServer((_request, response) => response.end(long));
    await new Promise<void>((done) => source.listen(0, '127.0.0.1', done));
    const agent = new GuardedAgent();
    const { port } = source.address() as AddressInfo;
    const response = await new Promise<IncomingMessage>((done) =>
      http.get({ host: '127.0.0.1', port, agent }, done),
    );
    await sleep(50);
    expect(response.readableLength).toBeLessThan(1_000_000);
    let bytes = 0;
    for await (const chunk of response) bytes += chunk.length;
    expect(bytes).toBe(long.length);
    agent.destroy();
    source.close();
  });

  it('waits for nobody’s idle connection at exit', async () => {
    const agent = new GuardedAgent();
    await send(server.port, agent);
    const [socket] = Object.values(agent.freeSockets).flat();
    const handles = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    socket!.destroy();
    await sleep(5);
    // An unref'd handle is not among the active ones, so destroying it changes nothing.
    expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length).toBe(handles);
    expect(agent.freeSockets).toEqual({});
  });
});
