import { once } from 'node:events';
import http, { type RequestListener, type Server } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo, type Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type Notice, type ServeOptions, serve } from '../../packages/guard/src/server/index.ts';
import { certificate } from './certificate.ts';

const open: { destroy(): unknown }[] = [];
afterEach(() => {
  for (const resource of open.splice(0)) resource.destroy();
});

const quiet: ServeOptions = { onNotice: () => {}, signals: [], drain: { grace: 200, deadline: '5s' } };
const listen = async (server: NetServer): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ destroy: () => (server as Partial<Server>).closeAllConnections?.() });
  return (server.address() as AddressInfo).port;
};
const tls = certificate();

/** One request on a kept connection: status, body, and whether the server says that it is the last. */
function get(agent: http.Agent | https.Agent, url: string) {
  const { request } = url.startsWith('https') ? https : http;
  return new Promise<{ status: number; body: string; last: boolean }>((resolve, reject) => {
    request(url, { agent, rejectUnauthorized: false } as https.RequestOptions, (response) => {
      let body = '';
      response.on('error', reject).on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, body, last: response.headers.connection === 'close' }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Longer than the drain takes to stop listening. */
const SLOW = 500;
const handler: RequestListener = (request, response) => {
  setTimeout(() => response.end('done'), request.url === '/slow' ? SLOW : 0);
};

const frameworks: Record<string, () => Promise<{ url: string; drain(): Promise<{ complete: boolean }> }>> = {
  http: async () => {
    const server = serve(http.createServer(handler), quiet);
    return { url: `http://127.0.0.1:${await listen(server)}`, drain: server.drain };
  },
  https: async () => {
    const server = serve(https.createServer(tls, handler), quiet);
    return { url: `https://127.0.0.1:${await listen(server)}`, drain: server.drain };
  },
  'http2 with HTTP/1 clients': async () => {
    const secure = http2.createSecureServer({ ...tls, allowHTTP1: true }, handler as never);
    const server = serve(secure, quiet);
    return { url: `https://127.0.0.1:${await listen(server)}`, drain: server.drain };
  },
  express: async () => {
    const app = express();
    app.get('/{*path}', handler as never);
    const server = serve(app, quiet);
    return { url: `http://127.0.0.1:${await listen(server)}`, drain: server.drain };
  },
  fastify: async () => {
    const app = serve(fastify(), quiet);
    app.get('/*', async (request) => {
      if (request.url === '/slow') await sleep(SLOW);
      return 'done';
    });
    // A host name with two addresses: Fastify listens on both, with a server of its own for the second.
    const url = await app.listen({ port: 0, host: 'localhost' });
    return { url: url.replace('[::1]', 'localhost'), drain: app.drain };
  },
  hono: async () => {
    const app = new Hono();
    app.get('/*', async (context) => {
      if (context.req.path === '/slow') await sleep(SLOW);
      return context.text('done');
    });
    const server = serve(createAdaptorServer({ fetch: app.fetch }) as http.Server, quiet);
    return { url: `http://127.0.0.1:${await listen(server)}`, drain: server.drain };
  },
};

describe.each(Object.entries(frameworks))('%s', (_name, start) => {
  it('serves what is under way and what comes in the grace, then ends without a reset', async () => {
    const { url, drain } = await start();
    const Agent = url.startsWith('https') ? https.Agent : http.Agent;
    const [busy, idle, silent] = [1, 2, 3].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
    open.push(busy!, idle!, silent!);
    expect(await get(idle!, `${url}/`)).toEqual({ status: 200, body: 'done', last: false });
    await get(silent!, `${url}/`);
    const slow = get(busy!, `${url}/slow`);
    await sleep(SLOW / 3);
    const drained = drain();
    await sleep(SLOW / 3);
    expect(await get(idle!, `${url}/`)).toMatchObject({ status: 200, body: 'done' });
    expect(await slow).toMatchObject({ status: 200, body: 'done' });
    expect(await drained).toMatchObject({ complete: true, cut: [] });
    await expect(get(silent!, `${url}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('fastify', () => {
  it('runs its own onClose hooks once everybody has gone', async () => {
    const app = serve(fastify(), quiet);
    let closed = 0;
    app.addHook('onClose', async () => void closed++);
    await app.listen({ port: 0, host: '127.0.0.1' });
    await app.drain();
    expect(closed).toBe(1);
  });
});

describe('HTTP/2', () => {
  it('says GOAWAY twice: first refusing nothing, then with the last stream, and serves what is open', async () => {
    const server = serve(http2.createServer(handler as never), quiet);
    const session = http2.connect(`http://127.0.0.1:${await listen(server)}`);
    open.push(session);
    const goaways: number[] = [];
    session.on('goaway', (_code, last) => goaways.push(last));
    const stream = session.request({ ':path': '/slow' });
    let body = '';
    stream.on('data', (chunk) => (body += chunk));
    await sleep(SLOW / 3);
    const drained = server.drain();
    await once(stream, 'end');
    expect(body).toBe('done');
    expect(await drained).toMatchObject({ complete: true });
    expect(goaways.slice(0, 2)).toEqual([2 ** 31 - 1, 1]);
  });

  it('does not keep an idle session for the grace', async () => {
    const server = serve(http2.createServer(handler as never), { ...quiet, drain: { grace: '20s' } });
    const session = http2.connect(`http://127.0.0.1:${await listen(server)}`);
    open.push(session);
    await once(session, 'remoteSettings');
    const closed = once(session, 'close');
    expect(await server.drain()).toMatchObject({ complete: true, open: 1, left: 1 });
    await closed;
  });
});

describe('WebSocket', () => {
  it('is told 1001', async () => {
    const http1 = http.createServer(handler);
    const webSockets = new WebSocketServer({ server: http1 });
    const server = serve(http1, { ...quiet, webSockets });
    const client = new WebSocket(`ws://127.0.0.1:${await listen(server)}`);
    await once(client, 'open');
    const closed = once(client, 'close');
    const report = await server.drain();
    expect((await closed)[0]).toBe(1001);
    expect(report).toMatchObject({ complete: true, webSocketsClosed: 1, open: 1, left: 1 });
  });

  it('is not begun any more once listening has stopped: the upgrade gets a 503', async () => {
    const http1 = http.createServer(handler);
    const server = serve(http1, {
      ...quiet,
      webSockets: new WebSocketServer({ server: http1 }),
      drain: { grace: '5s' },
    });
    const socket = net.connect(await listen(server), '127.0.0.1');
    await once(socket, 'connect');
    const drained = server.drain();
    while (server.listening) await sleep(10);
    // One turn later every answer is a last one.
    await sleep(10);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 503 /);
    expect(await drained).toMatchObject({ complete: true, cut: [] });
  });

  it('may be all there is: ws with a port of its own', async () => {
    const server = serve(new WebSocketServer({ port: 0, host: '127.0.0.1' }), quiet);
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await once(client, 'open');
    const closed = once(client, 'close');
    expect(await server.drain()).toMatchObject({ complete: true, webSocketsClosed: 1 });
    expect((await closed)[0]).toBe(1001);
  });
});

describe('an event stream', () => {
  const stream: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
  };

  it('is ended by the hook', async () => {
    const server = serve(http.createServer(stream), {
      ...quiet,
      drain: { ...quiet.drain, endStream: (response) => void response.end('data: bye\n\n') },
    });
    const reading = get(
      new http.Agent({ keepAlive: true }),
      `http://127.0.0.1:${await listen(server)}/events`,
    );
    await sleep(50);
    expect(await server.drain()).toMatchObject({ complete: true });
    expect((await reading).body).toBe('data: 1\n\ndata: bye\n\n');
  });

  it('without a hook lasts until the deadline, is cut, and is named', async () => {
    const notices: Notice[] = [];
    const server = serve(http.createServer(stream), {
      signals: [],
      onNotice: (notice) => notices.push(notice),
      drain: { grace: 50, deadline: 300 },
    });
    const reading = get(new http.Agent(), `http://127.0.0.1:${await listen(server)}/events`);
    reading.catch(() => {});
    await sleep(50);
    const report = await server.drain();
    expect(report).toMatchObject({
      complete: false,
      cut: [{ kind: 'event-stream', method: 'GET', url: '/events' }],
    });
    expect(notices.map(({ code }) => code)).toEqual(['drain-open-streams', 'drain-cut']);
    await expect(reading).rejects.toThrow();
  });
});

describe('serve', () => {
  it('says what to pass for a Hono app, and for anything else', () => {
    expect(() => serve(new Hono() as never, quiet)).toThrow(/Hono.*createAdaptorServer/);
    expect(() => serve({} as never, quiet)).toThrow(/node:http/);
    expect(() => serve(new WebSocketServer({ noServer: true }), quiet)).toThrow(/webSockets/);
  });

  it('answers the readiness check: 200, and 503 from the beginning of a drain, while requests are still served', async () => {
    const server = serve(http.createServer(handler), {
      ...quiet,
      readiness: '/readyz',
      drain: { wait: 300, grace: 0, deadline: '5s' },
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    const agent = new http.Agent();
    expect(await get(agent, `${url}/readyz?probe`)).toMatchObject({ status: 200, body: 'ready\n' });
    const drained = server.drain();
    expect(await get(agent, `${url}/readyz`)).toMatchObject({ status: 503, body: 'draining\n' });
    expect(await get(agent, `${url}/`)).toMatchObject({ status: 200 });
    expect(await drained).toMatchObject({ complete: true });
  });

  it('warns of a budget that the platform does not grant', () => {
    const notices: Notice[] = [];
    serve(http.createServer(), {
      signals: [],
      onNotice: (notice) => notices.push(notice),
      drain: { terminationGrace: '30s', preStop: '10s' },
    }).guard.release();
    expect(notices).toMatchObject([{ code: 'drain-budget', message: expect.stringMatching(/25 s.*30 s/) }]);
  });

  it('can be taken back', async () => {
    const plain = http.createServer(handler);
    const emit = plain.emit;
    const before = process.listenerCount('SIGTERM');
    const server = serve(plain, { ...quiet, signals: ['SIGTERM'] });
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    server.guard.release();
    expect(process.listenerCount('SIGTERM')).toBe(before);
    expect(server.emit).toBe(emit);
  });
});
