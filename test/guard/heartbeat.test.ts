import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { heartbeat, PeerDeadError } from '../../packages/guard/src/index.ts';
import { root } from '../helpers/cli.ts';
import { certificate } from './certificate.ts';

const open: (() => unknown)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

const mayUnshare =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--net', 'sh', '-c', 'command -v nft /usr/sbin/nft']).status === 0;
if (!mayUnshare)
  console.log(
    'heartbeat.test: a peer cannot be cut off here: needs root, unshare and nft (apt-get install nftables)',
  );

describe('a TCP peer whose packets vanish', () => {
  const cutOff = async (...args: string[]) => {
    const script = join(root, 'test/guard/fixtures/dead-peer.ts');
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['--net', process.execPath, '--import', 'tsx', script, ...args],
      { cwd: root, timeout: 25_000 },
    );
    return JSON.parse(stdout);
  };

  it.skipIf(!mayUnshare).each(['silent', 'sending'])('is reported dead on a %s connection', async (how) => {
    const { elapsedMs, ...report } = await cutOff(how, 'auto');
    expect(report).toEqual({
      code: 'WHYRESET_PEER_DEAD',
      cause: 'ETIMEDOUT',
      told: ['WHYRESET_PEER_DEAD'],
      deadAfterMs: 3000,
      tcp: { by: 'kernel', userTimeoutMs: 2500, deadAfterMs: 3000, missing: null },
      notices: [],
    });
    // The kernel would have sent data again for a quarter of an hour, and libuv's ten probes take eleven seconds.
    expect(elapsedMs).toBeLessThan(9000);
  });

  it.skipIf(!mayUnshare)(
    'is reported without the kernel too, later, with a word on what is lost',
    async () => {
      const { code, tcp, notices } = await cutOff('silent', 'none');
      expect(code).toBe('WHYRESET_PEER_DEAD');
      if (tcp.by === 'libuv') expect(tcp.deadAfterMs).toBe(11_000);
      expect(notices).toEqual([expect.stringMatching(/TCP_USER_TIMEOUT.*koffi/s)]);
    },
  );
});

describe('a heartbeat on a socket', () => {
  it('waits for the connection, and reaches the kernel below TLS', async () => {
    const pair = certificate();
    const server = tls.createServer(pair).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = tls.connect({ port: (server.address() as AddressInfo).port, rejectUnauthorized: false });
    open.push(
      () => socket.destroy(),
      () => server.close(),
    );
    const beating = heartbeat(socket, { behind: ['aws-nlb', 'azure-lb'] });
    expect(beating.tcp).toBeNull();
    await once(socket, 'secureConnect');
    expect(beating).toMatchObject({
      kind: 'tcp',
      intervalMs: 60_000,
      limit: { name: 'azure-lb' },
      notices: [],
    });
    expect(beating.tcp).toMatchObject({ by: 'kernel', deadAfterMs: 180_000 });
  });

  it('says that TCP keep-alive does not get through a proxy', () => {
    const socket = new net.Socket();
    const { notices } = heartbeat(socket, { behind: 'aws-alb', kernel: 'none' });
    expect(notices[0]).toMatch(/aws-alb ends TCP connections/);
  });

  it('leaves other errors as they are', async () => {
    const server = net.createServer((socket) => socket.resetAndDestroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => server.close());
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    heartbeat(socket);
    const [error] = await new Promise<[NodeJS.ErrnoException]>((resolve) =>
      socket.once('error', (...args: [NodeJS.ErrnoException]) => resolve(args)),
    );
    expect(error.code).toBe('ECONNRESET');
  });

  it('refuses what it cannot beat on', () => {
    expect(() => heartbeat({} as never)).toThrow(/needs a net or tls socket/);
    expect(() => heartbeat(new net.Socket(), { count: 0 })).toThrow(/count is 0/);
    expect(() => heartbeat(new net.Socket(), { interval: 0 })).toThrow(/interval is 0/);
    expect(() => heartbeat(new net.Socket(), { behind: 'nowhere' as never })).toThrow(/nowhere/);
  });
});

describe('a heartbeat on a WebSocket', () => {
  const pair = async (autoPong: boolean) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong });
    await once(server, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong });
    const [[accepted]] = (await Promise.all([once(server, 'connection'), once(client, 'open')])) as [
      [WebSocket],
      unknown,
    ];
    open.push(
      () => client.terminate(),
      () => server.close(),
    );
    return { client, accepted };
  };
  const fast = { interval: 40, count: 2, answerWithin: 80 };

  it.each(['client', 'accepted'] as const)('goes on while the peer answers its pings: %s', async (side) => {
    const ends = await pair(true);
    const pings: unknown[] = [];
    const peer = side === 'client' ? ends.accepted : ends.client;
    peer.on('ping', (data) => pings.push(data));
    const beating = heartbeat(ends[side], fast);
    while (pings.length < 5) await once(peer, 'ping');
    expect(ends[side].readyState).toBe(WebSocket.OPEN);
    expect(beating).toMatchObject({ kind: 'frame', intervalMs: 40 });
    expect(beating.rttMs).toBeGreaterThan(0);
    beating.stop();
  });

  it.each(['client', 'accepted'] as const)('reports a peer that answers none: %s', async (side) => {
    const ends = await pair(false);
    const errors: Error[] = [];
    ends[side].on('error', (error) => errors.push(error));
    const told: PeerDeadError[] = [];
    heartbeat(ends[side], { ...fast, onDead: (error) => told.push(error) });
    const code = await new Promise((resolve) => ends[side].once('close', resolve));
    expect(code).toBe(1006);
    expect(errors).toEqual(told);
    expect(told).toEqual([expect.any(PeerDeadError)]);
    expect(told[0]!.unanswered).toBe(2);
  });

  it('can be a message, and any message is its answer', async () => {
    const { client, accepted } = await pair(false);
    const received: string[] = [];
    accepted.on('message', (data) => {
      received.push(String(data));
      accepted.send('pong');
    });
    const beating = heartbeat(client, { ...fast, message: () => 'ping' });
    while (received.length < 4) await once(accepted, 'message');
    expect(received[3]).toBe('ping');
    expect(beating.kind).toBe('message');
    expect(client.readyState).toBe(WebSocket.OPEN);
    beating.stop();
  });
});
