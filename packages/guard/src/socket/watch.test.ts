import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../../test/guard/helpers/certificate.ts';
import {
  busy,
  type FaultServer,
  sleep,
  startFaultServer,
} from '../../../../test/guard/helpers/fault-server.ts';
import { GuardCore } from '../guard-core.ts';
import { SocketWatch } from './watch.ts';

const certificate = selfSigned();
let plain: FaultServer;
let secure: FaultServer;
beforeAll(async () => {
  [plain, secure] = await Promise.all([startFaultServer(), startFaultServer({ secure: certificate })]);
});
afterAll(async () => {
  await Promise.all([plain.stop(), secure.stop()]);
  certificate.remove();
});

const core = new GuardCore();
const open: Socket[] = [];
afterEach(() => open.splice(0).forEach((socket) => void socket.destroy()));

/** A connection that has carried a request; the server was told what to do after it. */
async function warmed(port: number, encrypted: boolean, after: string) {
  const socket: Socket = encrypted
    ? tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    : net.connect({ port, host: '127.0.0.1' });
  open.push(socket);
  socket.on('error', () => {});
  await new Promise((done) => socket.once(encrypted ? 'secureConnect' : 'connect', done));
  const origin = core.origin(`test:${port}:${after}`);
  const watch = new SocketWatch(socket, core, origin);
  const ended = new Promise((done) => socket.once('close', done));
  const answered = new Promise((done) => socket.once('data', done));
  watch.begin(core.now());
  socket.write(`GET / HTTP/1.1\r\nx-then: ${after}\r\n\r\n`);
  await answered;
  watch.finished(core.now(), null);
  socket.resume();
  return { socket, watch, origin, ended };
}

it('has a lower bound of the round trip from the kernel or from who vouches for one, never from its own clock', async () => {
  const connection = await warmed(plain.port, false, 'none');
  const { socket } = connection;
  const rttOf = (options: object) => {
    const other = new GuardCore({ kernel: 'none', ...options });
    const origin = other.origin('http://a.example');
    origin.knowledge.roundTrip.sample(1000, null);
    return new SocketWatch(socket, other, origin).facts().rttMs;
  };
  expect(rttOf({})).toBeNull();
  expect(rttOf({ minRttMs: 20 })).toBe(20);
  if (core.kernel.calls !== null) expect(connection.watch.facts().rttMs).toBeLessThan(1000);
});

const POST = 'POST / HTTP/1.1\r\nx-id: watched\r\ncontent-length: 5\r\n\r\nhello';

/** Lets the peer's close arrive in the kernel while Node sees nothing of it. */
function untilClosed({ watch }: Awaited<ReturnType<typeof warmed>>) {
  while (watch.look(core.now()) !== null);
}

/** Writes without looking, as a client does that has no guard. */
async function blindly({ socket, watch, ended }: Awaited<ReturnType<typeof warmed>>, text = POST) {
  watch.begin(core.now());
  socket.write(text);
  socket.once('end', () => socket.destroy());
  await ended;
  return watch;
}

describe.skipIf(core.kernel.calls === null)('a socket that meets its end under a request', () => {
  it.each([false, true])(
    'was closed before: nothing acknowledged, a close first (TLS: %s)',
    async (encrypted) => {
      const connection = await warmed(encrypted ? secure.port : plain.port, encrypted, 'idle:20');
      busy(60);
      const watch = await blindly(connection);
      expect(watch.end).toBe('fin');
      const facts = watch.facts();
      expect(facts).toMatchObject({ reused: true, ackedBytes: 0, closeNotify: false });
      expect(facts.acceptedBytes).toBe(facts.writtenBytes);
      if (encrypted) expect(facts.writtenBytes).toBeGreaterThan(POST.length);
      else expect(facts.writtenBytes).toBe(POST.length);
    },
  );

  it('was closed with close_notify', async () => {
    const connection = await warmed(secure.port, true, 'half-close:close:20');
    untilClosed(connection);
    expect((await blindly(connection)).facts()).toMatchObject({ ackedBytes: 0, closeNotify: true });
  });

  it.each([false, true])('was executed and closed: all acknowledged (TLS: %s)', async (encrypted) => {
    const connection = await warmed(encrypted ? secure.port : plain.port, encrypted, 'none');
    const watch = await blindly(connection, POST.replace('x-id', 'x-do: close\r\nx-id'));
    expect(watch.end).toBe('fin');
    expect(watch.facts().ackedBytes).toBe(watch.facts().writtenBytes);
  });

  it('was reset after the execution: nothing acknowledged either', async () => {
    const watch = await blindly(
      await warmed(plain.port, false, 'none'),
      POST.replace('x-id', 'x-do: reset\r\nx-id'),
    );
    expect(watch.end).toBe('rst');
  });

  it.each([
    ['closes', 'idle:20', 'reset'],
    ['goes on reading', 'half-close:close:20', 'acknowledged'],
  ])(
    'is kept until its peer, which %s, has answered what came after its FIN',
    async (_name, after, answer) => {
      const connection = await warmed(plain.port, false, after);
      untilClosed(connection);
      const facts = (await blindly(connection)).facts();
      expect(facts).toMatchObject({ ackedBytes: 0 });
      expect(await facts.afterClose).toBe(answer);
    },
  );

  it('tells its origin at which idle age it was closed', async () => {
    const { origin, ended } = await warmed(plain.port, false, 'idle:80');
    await ended;
    expect(origin.stats.idleCloses).toBe(1);
    expect(origin.knowledge.idle.limit(core.now())).toBeGreaterThan(60);
  });

  it('is not misled by a loop that was busy when the close came', async () => {
    const { origin, ended } = await warmed(plain.port, false, 'idle:80');
    await sleep(40);
    busy(300);
    await ended;
    expect(origin.knowledge.idle.limit(core.now())).toBeGreaterThan(60);
    expect(origin.knowledge.idle.limit(core.now())).toBeLessThan(300);
  });
});
