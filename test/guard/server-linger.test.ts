import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServeOptions, serve } from '../../packages/guard/src/server/index.ts';
import { certificate } from './certificate.ts';

const quiet: ServeOptions = { onNotice: () => {}, signals: [] };
const LARGE = 32 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'whyreset-body-'));
const file = join(folder, 'body');
const fd = openSync(file, 'w');
ftruncateSync(fd, LARGE);
closeSync(fd);

const open: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterEach(() => {
  for (const close of open.splice(1)) close();
});
process.once('exit', open[0]!);

/** Refuses without reading, and ends the connection, as Fastify and many a proxy do. */
const refuse: RequestListener = (_request, response) => {
  response.writeHead(413, { connection: 'close' }).end('too large');
};

async function listen(server: http.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Posts a large body to the end, whatever comes back meanwhile, as a simple client does. */
function post(url: string): Promise<string> {
  return new Promise((resolve) => {
    const { request } = url.startsWith('https') ? https : http;
    const options = { method: 'POST', headers: { 'content-length': LARGE }, rejectUnauthorized: false };
    const outgoing = request(url, options, (response) => {
      let body = '';
      response.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve(`${response.statusCode} ${body}`));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    outgoing.end(Buffer.alloc(LARGE));
  });
}

/** The whole request first, then the answer: as a client does that knows nothing of early answers. */
function sendThenRead(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let answer = '';
    socket.on('error', ({ message }) => resolve(message));
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${LARGE}\r\n\r\n`);
    socket.write(Buffer.alloc(LARGE), () => {
      socket.on('data', (chunk) => (answer += chunk));
      socket.on('end', () => {
        socket.destroy();
        resolve(answer);
      });
    });
  });
}

/** curl with a body that it sends whatever the server says first. */
async function curl(url: string): Promise<string> {
  const { stdout } = await promisify(execFile)('curl', [
    ...['-sk', '--max-time', '20', '-H', 'Expect:', '-H', 'Content-Type: application/json'],
    ...['--data-binary', `@${file}`, '-w', ' %{http_code} %{errormsg}', url],
  ]).catch((error: { stdout: string }) => error);
  return stdout;
}

describe('an early answer to a large body', () => {
  it('reaches Node', async () => {
    const url = `http://127.0.0.1:${await listen(serve(http.createServer(refuse), quiet))}`;
    for (let n = 0; n < 5; n++) expect(await post(url)).toBe('413 too large');
  });

  it('reaches a client that sends everything before it reads, where a plain server resets it', async () => {
    expect(await sendThenRead(await listen(serve(http.createServer(refuse), quiet)))).toMatch(
      /^HTTP\/1.1 413 /,
    );
    expect(await sendThenRead(await listen(http.createServer(refuse)))).toMatch(/EPIPE|ECONNRESET/);
  });

  it('reaches curl, in clear text and over TLS', async () => {
    const clear = serve(http.createServer(refuse), quiet);
    const secure = serve(https.createServer(certificate(), refuse), quiet);
    expect(await curl(`http://127.0.0.1:${await listen(clear)}`)).toBe('too large 413 ');
    expect(await curl(`https://127.0.0.1:${await listen(secure)}`)).toBe('too large 413 ');
  });

  it('reaches a client of Fastify, which ends the connection over a body past its limit', async () => {
    const app = serve(fastify({ bodyLimit: 1000 }), quiet);
    app.post('/', async () => 'done');
    await app.listen({ port: 0, host: '127.0.0.1' });
    open.push(() => app.close());
    const answer = await curl(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
    expect(answer).toMatch(/Request body is too large.* 413 $/);
  });

  it('does not keep a silent client for ever', async () => {
    const server = serve(http.createServer(refuse), { ...quiet, linger: { silence: 300 } });
    const accepted = once(server, 'connection');
    const socket = net.connect({ port: await listen(server), host: '127.0.0.1', allowHalfOpen: true });
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nand then nothing');
    const [connection] = (await accepted) as [net.Socket];
    await Promise.all([once(connection, 'close'), once(socket.resume(), 'end')]);
    expect(server.guard.connections).toBe(0);
    socket.destroy();
  });

  it('is not waited for past the limit of bytes', async () => {
    const server = serve(http.createServer(refuse), {
      ...quiet,
      linger: { bytes: 1024 * 1024, silence: '1m' },
    });
    const socket = net.connect({ port: await listen(server), host: '127.0.0.1' });
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n');
    const more = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
    };
    socket.on('drain', more);
    more();
    await closed;
    expect(socket.bytesWritten).toBeGreaterThan(1024 * 1024);
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['a head too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(200_000)}`, '431'],
    ['no HTTP', `${'NONSENSE '.repeat(50_000)}`, '400'],
  ])('is answered, not reset: %s', async (_name, bytes, status) => {
    const server = serve(http.createServer(refuse), quiet);
    const socket = net.connect({ port: await listen(server), host: '127.0.0.1', allowHalfOpen: true });
    const errors: string[] = [];
    socket.on('error', ({ message }) => errors.push(message));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    socket.write(bytes);
    await once(socket, 'end');
    socket.end();
    await once(socket, 'close');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(errors).toEqual([]);
  });

  it("is the application's business where it listens for clientError", async () => {
    const server = serve(http.createServer(refuse), quiet);
    server.on('clientError', (_error, socket) => socket.end('HTTP/1.1 499 Mine\r\n\r\n'));
    const socket = net.connect(await listen(server), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
    const [chunk] = await once(socket, 'data');
    expect(String(chunk)).toContain('499 Mine');
    socket.destroy();
  });
});
