/** What `http.Agent` promises, `GuardedAgent` keeps: the same events in the same order, whatever the request becomes. */
import http, { type ClientRequest, type RequestOptions } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { GuardedAgent } from '@whyreset/guard';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let server: http.Server;
let port: number;
/** Resets the connection whose response is under way. */
let cut: () => void = () => {};
beforeAll(async () => {
  server = http.createServer((request, response) => {
    if (request.url === '/hang') return;
    if (request.url === '/close') response.setHeader('connection', 'close');
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': 10 }).write('abc');
      cut = () => response.socket!.resetAndDestroy();
      return;
    }
    request.resume().on('end', () => response.end('ok'));
  });
  server.on('upgrade', (_request, socket: Socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nhello');
    socket.once('data', (data) => socket.end(data));
  });
  server.on('connect', (_request, socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.once('data', (data) => socket.end(data));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Everything that a request emits, one line an event, until it is closed. */
function record(
  agent: http.Agent,
  options: RequestOptions,
  act: (request: ClientRequest) => void,
): Promise<string[]> {
  const seen: string[] = [];
  return new Promise((done) => {
    const request = http.request({ host: '127.0.0.1', port, agent, ...options });
    let isTaken = false;
    const taken = (event: string, socket: Socket, head: Buffer) => {
      isTaken = true;
      seen.push(`${event} ${socket instanceof net.Socket} ${head}`);
      socket.on('data', (data) => seen.push(`data ${data}`));
      socket.on('close', () => done(seen));
      socket.write('hi');
    };
    request.on('upgrade', (_response, socket, head) => taken('upgrade', socket, head));
    request.on('connect', (_response, socket, head) => taken('connect', socket, head));
    request.on('socket', (socket) => seen.push(`socket ${socket instanceof net.Socket}`));
    request.on('continue', () => seen.push('continue'));
    request.on('abort', () => seen.push('abort'));
    request.on('timeout', () => {
      seen.push('timeout');
      request.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => seen.push(`error ${error.code} ${error.message}`));
    request.on('response', (response) => {
      seen.push(`response ${response.statusCode} ${response.socket.remotePort === port}`);
      response.on('data', (data) => {
        seen.push(`data ${data}`);
        if (options.path === '/cut') cut();
      });
      response.on('error', (error: NodeJS.ErrnoException) =>
        seen.push(`response error ${error.code} ${error.message}`),
      );
      response.on('end', () => seen.push(`end ${response.complete}`));
      response.on('close', () => seen.push('response close'));
    });
    request.on('close', () => {
      seen.push(`close reused ${request.reusedSocket}`);
      // Events that come too late would be events too many.
      if (!isTaken) setImmediate(() => setImmediate(() => done(seen)));
    });
    act(request);
  });
}

const KINDS: Record<string, [RequestOptions, (request: ClientRequest) => void]> = {
  'a GET': [{ path: '/' }, (request) => request.end()],
  'a POST with a body': [{ method: 'POST' }, (request) => request.end('body')],
  'a POST in pieces': [
    { method: 'POST' },
    (request) => {
      request.write('one');
      setImmediate(() => request.end('two'));
    },
  ],
  'an answer with Connection: close': [{ path: '/close' }, (request) => request.end()],
  'a POST answered with Connection: close': [
    { path: '/close', method: 'POST' },
    (request) => request.end('body'),
  ],
  'a request with Connection: close': [{ headers: { connection: 'close' } }, (request) => request.end()],
  'Expect: 100-continue': [
    { method: 'POST', headers: { expect: '100-continue' } },
    (request) => request.once('continue', () => request.end('body')),
  ],
  'an upgrade': [{ headers: { connection: 'Upgrade', upgrade: 'echo' } }, (request) => request.end()],
  'a tunnel': [{ method: 'CONNECT', path: 'elsewhere:1' }, (request) => request.end()],
  'a timeout': [{ path: '/hang', timeout: 40 }, (request) => request.end()],
  'an abort before the socket': [{ path: '/hang' }, (request) => request.end().destroy()],
  'an abort under way': [
    { path: '/hang' },
    (request) => {
      request.end();
      setTimeout(() => request.destroy(), 30);
    },
  ],
  'a response that is cut short': [{ path: '/cut' }, (request) => request.end()],
};

describe.each([true, false])('keepAlive %s', (keepAlive) => {
  it.each(Object.entries(KINDS))('emits what http.Agent emits: %s', async (_name, [options, act]) => {
    const bare = new http.Agent({ keepAlive });
    const guarded = new GuardedAgent({ keepAlive });
    // Twice: on a new connection, and on what the first left behind.
    for (let turn = 0; turn < 2; turn++)
      expect(await record(guarded, options, act)).toEqual(await record(bare, options, act));
    const held = (agent: http.Agent) =>
      [agent.sockets, agent.freeSockets, agent.requests].map((of) =>
        Object.values(of).map((list) => list?.length),
      );
    expect(held(guarded)).toEqual(held(bare));
    bare.destroy();
    guarded.destroy();
  });
});
