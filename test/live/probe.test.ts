import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ProbeOptions, probe } from '../../packages/whyreset/src/probe/probe.ts';
import { parseTarget } from '../../packages/whyreset/src/probe/target.ts';
import { renderProbe } from '../../packages/whyreset/src/report/probe.ts';
import { selfSigned } from '../guard/helpers/certificate.ts';

/** The issue's own bound: 2 % or 250 ms, whichever is more, and what a busy machine adds to a timer. */
const SLACK = 0.6;

const running: (HttpServer | Server)[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});

function listen(server: HttpServer | Server): Promise<number> {
  running.push(server);
  return new Promise((listening) =>
    server.listen(0, '127.0.0.1', () => listening((server.address() as { port: number }).port)),
  );
}

const options = (more: Partial<ProbeOptions> = {}): ProbeOptions => ({
  max: 4,
  requests: 5,
  signal: new AbortController().signal,
  ...more,
});

const measure = (url: string, more?: Partial<ProbeOptions>) => probe(parseTarget(url)!, options(more));

describe('probe', () => {
  it('measures when a server closes idle connections, beside what it announces', async () => {
    const server = createHttpServer((_, response) => {
      response.setHeader('Keep-Alive', 'timeout=30').end('ok');
    });
    server.keepAliveTimeout = 1500;
    const port = await listen(server);
    const result = await measure(`http://127.0.0.1:${port}/`);
    expect(result.complete).toBe(true);
    expect(result.http).toMatchObject({ status: 200, keepAlive: true, hint: 30 });
    expect(result.idle).toMatchObject({ how: 'fin', seen: 3 });
    // Node 20.19 and later add up to a second of their own to keepAliveTimeout.
    const { least, most } = result.idle as { least: number; most: number };
    expect(least).toBeGreaterThan(1.4);
    expect(most).toBeLessThan(2.5 + SLACK);
    expect(result.requests).toEqual({ none: 5 });
    const text = renderProbe('a', result, { width: 80, colour: false, format: 'text', max: 4 });
    expect(text).toMatch(/closes before the 30 s that it announces/);
  }, 20_000);

  it('finds the limit of requests, and a server that keeps nothing alive', async () => {
    const limited = createHttpServer((_, response) => response.end('ok'));
    limited.maxRequestsPerSocket = 3;
    const first = await measure(`http://127.0.0.1:${await listen(limited)}/`, { max: 1 });
    expect(first.requests).toEqual({ limit: 3 });
    const closing = createHttpServer((_, response) => response.setHeader('Connection', 'close').end('ok'));
    const second = await measure(`http://127.0.0.1:${await listen(closing)}/`);
    expect(second).toMatchObject({ http: { keepAlive: false }, idle: null, complete: true });
  }, 20_000);

  it('tells a connection that was forgotten from one that was closed', async () => {
    // As a box on the path does: nothing comes at 1.5 s, and the next packet is reset.
    const server = createServer((socket) => {
      let last = Date.now();
      socket.on('data', () => {
        if (Date.now() - last > 1500) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        last = Date.now();
      });
      socket.on('error', () => {});
    });
    const result = await measure(`http://127.0.0.1:${await listen(server)}/`);
    expect(result.idle).toEqual({ none: 4 });
    expect(result.forgotten).toEqual({ after: 2, kept: 1, how: 'rst' });
  }, 20_000);

  it('tells what a server does at the edges of an exchange', async () => {
    const server = createHttpServer((request, response) => {
      if (request.method === 'POST') response.writeHead(413, { connection: 'close' }).end('too large');
      else request.resume().on('end', () => response.end('ok'));
    });
    const port = await listen(server);
    const { manners, http, path } = await measure(`http://127.0.0.1:${port}/`, { max: 1, upload: 8_000_000 });
    expect(http).toMatchObject({ keepAlive: true });
    expect(manners).toMatchObject({ close: { status: 200, ended: 'fin' }, halfClose: { status: 200 } });
    // Node closes with the body unread: the answer arrives, or the reset takes it along.
    const { status, ended, sent } = manners!.upload!;
    expect(status === 413 || ended === 'rst').toBe(true);
    expect(sent).toBeLessThan(8_000_000);
    if (path !== null) expect(path.mtu).toBeGreaterThan(path.mss);
  }, 20_000);

  it('keeps a connection that the server says it closes within a second', async () => {
    const server = createHttpServer((_, response) => response.setHeader('Keep-Alive', 'timeout=1').end('ok'));
    server.keepAliveTimeout = 1500;
    const { idle, requests } = await measure(`http://127.0.0.1:${await listen(server)}/`);
    expect(requests).toEqual({ none: 5 });
    expect((idle as { least: number }).least).toBeGreaterThan(1.4);
  }, 20_000);

  it('measures HTTP/2: its limit of streams, its ping, and the GOAWAY at the end of idleness', async () => {
    const certificate = selfSigned();
    const server = createSecureServer({
      key: readFileSync(certificate.key),
      cert: readFileSync(certificate.cert),
      allowHTTP1: true,
      settings: { maxConcurrentStreams: 64 },
    });
    server.on('request', (_, response) => response.end('ok'));
    server.on('session', (session) => session.setTimeout(1000, () => session.close()));
    try {
      const { http2, manners } = await measure(`https://127.0.0.1:${await listen(server as never)}/`, {
        max: 3,
      });
      expect(http2).toMatchObject({ streams: 64, idle: { goaway: 0 } });
      expect(http2!.ping).not.toBeNull();
      const { seconds } = http2!.idle as { seconds: number };
      expect(seconds).toBeGreaterThan(0.9);
      expect(seconds).toBeLessThan(1.25 + SLACK);
      expect(manners!.close).toMatchObject({ status: 200, ended: 'fin' });
    } finally {
      certificate.remove();
    }
  }, 20_000);

  it('measures a server that speaks HTTP/2 alone', async () => {
    const certificate = selfSigned();
    const server = createSecureServer({
      key: readFileSync(certificate.key),
      cert: readFileSync(certificate.cert),
    });
    server.on('request', (_, response) => response.end('ok'));
    try {
      const result = await measure(`https://127.0.0.1:${await listen(server as never)}/`, { max: 1 });
      expect(result).toMatchObject({
        reachable: { protocol: 'h2' },
        http: null,
        http2: { streams: null, idle: { none: expect.any(Number) } },
        complete: true,
      });
    } finally {
      certificate.remove();
    }
  }, 20_000);

  it('reads what a server says first, and counts the silence before its goodbye', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('220 mail.example ESMTP\r\n');
      setTimeout(() => socket.write('421 '), 900);
      setTimeout(() => socket.end('timeout\r\n'), 920);
    });
    const { greeting, silentIdle } = await measure(`127.0.0.1:${await listen(server)}`, { max: 3 });
    expect(greeting).toBe('220 mail.example ESMTP');
    expect(silentIdle).toMatchObject({ how: 'fin' });
    expect((silentIdle as { least: number }).least).toBeGreaterThan(0.8);
  }, 20_000);

  it('says what cannot be reached, and what is interrupted', async () => {
    const server = createHttpServer((_, response) => response.end('ok'));
    const port = await listen(server);
    const stop = new AbortController();
    const progress = (doing: string) => {
      if (doing === 'watching idle connections') stop.abort();
    };
    const cut = await measure(`http://127.0.0.1:${port}/`, { max: 60, signal: stop.signal, progress });
    expect(cut).toMatchObject({ complete: false, http: { status: 200 } });
    // Watched for a moment, not for the 60 s that were asked for.
    if (cut.idle !== null) expect((cut.idle as { none: number }).none).toBeLessThan(30);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    running.length = 0;
    const refused = await measure(`http://127.0.0.1:${port}/`);
    expect(refused.reachable).toMatchObject({ error: 'ECONNREFUSED' });
  }, 20_000);

  it('sends nothing to an address without a protocol', async () => {
    let received = 0;
    const server = createServer((socket) => {
      socket.on('data', (bytes) => {
        received += bytes.length;
      });
      setTimeout(() => socket.end(), 700);
    });
    const result = await measure(`127.0.0.1:${await listen(server)}`, { max: 3 });
    expect(result.silentIdle).toMatchObject({ how: 'fin', seen: 1 });
    expect((result.silentIdle as { least: number }).least).toBeGreaterThan(0.6);
    expect(received).toBe(0);
  }, 20_000);
});

describe('targets', () => {
  it.each([
    ['https://shop.example', { scheme: 'https', port: 443, path: '/' }],
    ['http://[::1]:8080/a?b', { scheme: 'http', host: '::1', port: 8080, path: '/a?b' }],
    ['db.example:5432', { scheme: 'tcp', host: 'db.example', port: 5432 }],
    ['[2001:db8::1]:22', { scheme: 'tcp', host: '2001:db8::1', port: 22 }],
  ])('%s', (text, target) => {
    expect(parseTarget(text)).toMatchObject(target);
  });

  it.each(['shop.example', 'a:0', 'a:99999', 'ftp://a', '::1', ''])('%j is none', (text) => {
    expect(parseTarget(text)).toBeNull();
  });
});
