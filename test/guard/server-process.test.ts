import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Notice, serve } from '../../packages/guard/src/server/index.ts';
import { type ChildServer, childServer } from './child-server.ts';

const children: ChildServer[] = [];
const start = async (...args: Parameters<typeof childServer>) => {
  const child = await childServer(...args);
  children.push(child);
  return child;
};
afterEach(() => {
  for (const child of children.splice(0)) child.process.kill('SIGKILL');
});

/** Status of the answer, or the code of the error. */
function ask(port: number, path: string, agent?: http.Agent): Promise<string> {
  return new Promise((resolve) => {
    http
      .get({ port, host: '127.0.0.1', path, agent }, (response) => {
        response.resume().on('end', () => resolve(String(response.statusCode)));
      })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('an idle timeout that falls into a busy turn', () => {
  // Another connection's request keeps the process busy for 1.5 s, and into that turn fall both the idle timer (50 ms
  // and Node's buffer of a second) and the second request.
  const second = async (child: ChildServer) => {
    const socket = net.connect(child.port, '127.0.0.1');
    const received: string[] = [];
    socket.on('data', (chunk) => received.push(String(chunk)));
    const ended = new Promise<string>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
      socket.on('end', () => resolve('end'));
      socket.on('data', () => {
        if (received.join('').match(/HTTP\/1.1 200/g)?.length === 2) resolve('answered');
      });
    });
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const busy = ask(child.port, '/?block=1500');
    await sleep(600);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const outcome = await ended;
    await busy;
    socket.destroy();
    return outcome;
  };

  it('does not cost the request that is waiting in the kernel', async () => {
    const child = await start({ keepAliveTimeout: 50, overload: false });
    expect(await second(child)).toBe('answered');
  });

  it('does cost it without the guard', async () => {
    expect(await second(await start(null))).toMatch(/ECONNRESET|EPIPE/);
  });
});

describe('the idle time of a connection', () => {
  it('is the timeout and, unadvertised, the buffer', async () => {
    const server = serve(
      http.createServer((_request, response) => response.end('done')),
      { signals: [], onNotice: () => {}, keepAliveTimeout: '1s', keepAliveTimeoutBuffer: 1400 },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [head] = await once(socket, 'data');
    const answered = performance.now();
    expect(String(head)).toContain('Keep-Alive: timeout=1\r\n');
    await once(socket, 'end');
    expect(performance.now() - answered).toBeGreaterThan(2300);
    server.close();
  });

  it('is not advertised as zero when it is under a second', async () => {
    const server = serve(
      http.createServer((_request, response) => response.end('done')),
      { signals: [], onNotice: () => {}, keepAliveTimeout: 300 },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answers = ['1.1', '1.0'].map(async (version) => {
      const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
      socket.write(`GET / HTTP/${version}\r\nHost: x\r\n\r\n`);
      const [head] = await once(socket, 'data');
      socket.destroy();
      return (
        /^connection: .*$/im.exec(String(head))![0] + (/^keep-alive:/im.test(String(head)) ? ' hint' : '')
      );
    });
    expect(await Promise.all(answers)).toEqual(['Connection: keep-alive', 'Connection: close']);
    server.close();
  });
});

describe('overload', () => {
  it('turns nothing away unless it is asked to: a slow server stays slow', async () => {
    const notices: Notice[] = [];
    const server = serve(
      http.createServer((_request, response) => response.end('done')),
      {
        signals: [],
        onNotice: (notice) => notices.push(notice),
        overload: { sample: 50, eventLoopDelay: 100 },
      },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    while (!notices.some(({ code }) => code === 'event-loop')) {
      const until = performance.now() + 400;
      while (performance.now() < until);
      await sleep(1);
      expect(await ask(port, '/')).toBe('200');
    }
    expect(server.guard).toMatchObject({ shed: 0, shedding: false });
    server.close();
  });

  it('turns requests away while the event loop is late, and tells when it begins and ends', async () => {
    const notices: Notice[] = [];
    const server = serve(
      http.createServer((_request, response) => response.end('done')),
      {
        signals: [],
        onNotice: (notice) => notices.push(notice),
        overload: { shed: true, sample: 100, eventLoopDelay: 100, retryAfter: 7 },
      },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    expect(await ask(port, '/')).toBe('200');
    while (!server.guard.shedding) {
      const until = performance.now() + 400;
      while (performance.now() < until);
      await sleep(1);
    }
    const answer = await new Promise<http.IncomingMessage>((resolve) =>
      http.get({ port, host: '127.0.0.1', agent: new http.Agent({ keepAlive: true }) }, resolve),
    );
    answer.resume();
    expect(answer.statusCode).toBe(503);
    expect(answer.headers).toMatchObject({ 'retry-after': '7', connection: 'close' });
    while (server.guard.shedding) await sleep(50);
    expect(await ask(port, '/')).toBe('200');
    expect(server.guard.shed).toBe(1);
    expect(notices.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['event-loop', 'shedding', 'shedding-over']),
    );
    server.close();
  });

  it('keeps a kept connection only while sockets are plenty', async () => {
    const server = serve(
      http.createServer((_request, response) => response.end('done')),
      { signals: [], onNotice: () => {}, overload: { shed: true, sample: 50, sockets: 4, warnAt: 0.5 } },
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    const connection = async () => {
      const answer = await new Promise<http.IncomingMessage>((resolve) =>
        http.get({ port, host: '127.0.0.1', agent: new http.Agent({ keepAlive: true }) }, resolve),
      );
      answer.resume();
      return `${answer.statusCode} ${answer.headers.connection}`;
    };
    expect(await connection()).toBe('200 keep-alive');
    const silent = net.connect(port, '127.0.0.1');
    while ((server.guard.resources?.sockets ?? 0) < 2) await sleep(20);
    expect(await connection()).toBe('200 close');
    silent.destroy();
    server.closeAllConnections();
    server.close();
  });

  it.skipIf(process.platform !== 'linux')('makes the end of the file descriptors audible', async () => {
    const child = await start({ overload: { shed: true, sample: 50 }, linger: false }, { files: 120 });
    const sockets: net.Socket[] = [];
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    expect(await ask(child.port, '/', agent)).toBe('200');
    for (let n = 0; n < 200; n++) {
      sockets.push(net.connect(child.port, '127.0.0.1').on('error', () => {}));
      await sleep(2);
    }
    expect(await child.line(/^descriptors: /)).toMatch(/of 120 file descriptors .*without a word.*ulimit -n/);
    await child.line(/^shedding: /);
    // The connection that is there is still answered, with a word.
    expect(await ask(child.port, '/', agent)).toBe('503');
    for (const socket of sockets) socket.destroy();
    await child.line(/^shedding-over: /);
    expect(await ask(child.port, '/')).toBe('200');
    agent.destroy();
  });

  it('turns requests away before the memory ends, and serves again when there is some', async () => {
    const child = await start(
      { overload: { shed: true, sample: 50, memory: 0.7, warnAt: 0.6 } },
      { heap: 128 },
    );
    const seen = (code: string) => child.lines.some((line) => line.startsWith(`${code}: `));
    while (!seen('shedding')) {
      expect(await ask(child.port, '/?hold=4')).toMatch(/200|503/);
      await sleep(60);
    }
    expect(await child.line(/^memory: /)).toMatch(
      /^memory: Memory: \d+ % of the V8 heap's \d+ MiB are in use/,
    );
    expect(await ask(child.port, '/')).toBe('503');
    child.process.kill('SIGUSR2');
    await child.line(/^shedding-over: /);
    expect(await ask(child.port, '/')).toBe('200');
  });

  it.skipIf(process.platform !== 'linux')('tells when connections find the accept queue full', async () => {
    const child = await start({ overload: { sample: 50 } }, { backlog: 4 });
    const told = child.line(/^accept-queue: /);
    let over = false;
    told.then(() => {
      over = true;
    });
    while (!over) {
      const busy = ask(child.port, '/?block=300');
      await sleep(50);
      const sockets = Array.from({ length: 20 }, () =>
        net.connect(child.port, '127.0.0.1').on('error', () => {}),
      );
      await busy;
      for (const socket of sockets) socket.destroy();
      await sleep(100);
    }
    expect(await told).toMatch(/found an accept queue full .*listens on \d+.*somaxconn/);
    expect(await ask(child.port, '/')).toBe('200');
  });
});

describe('SIGINT', () => {
  it('drains as well, and names a listener that may end it early', async () => {
    const child = await start({ drain: { grace: 0, deadline: '5s' } }, { otherListener: true });
    child.process.kill('SIGINT');
    await child.line(/^foreign-signal-handler: 1 other listener of SIGINT/);
    expect(await child.exit).toEqual([0, null]);
  });
});

describe('SIGTERM', () => {
  const drain = { grace: 100, deadline: '10s' };

  it('lets a request under way finish, then ends the process', async () => {
    const child = await start({ drain });
    const answer = ask(child.port, '/?delay=600');
    await sleep(100);
    child.process.kill('SIGTERM');
    expect(await answer).toBe('200');
    expect(await child.exit).toEqual([0, null]);
    expect(child.lines).toEqual([String(child.port)]);
  });

  it('for the second time ends it at once', async () => {
    const child = await start({ drain });
    const answer = ask(child.port, '/?delay=20000');
    await sleep(100);
    child.process.kill('SIGTERM');
    await sleep(100);
    child.process.kill('SIGTERM');
    expect(await child.exit).toEqual([143, null]);
    expect(await answer).toBe('ECONNRESET');
  });
});
