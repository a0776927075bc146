import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { diagnose, type ResetEntry } from '../../packages/whyreset/src/index.ts';

/**
 * The loop closed on this machine, now: real sockets of a real kernel, recorded
 * by tcpdump on loopback, diagnosed. Needs tcpdump and the right to capture.
 */
const probe = spawnSync('tcpdump', ['-i', 'lo', '-c', '0', '-w', '/dev/null'], { timeout: 5_000 });
const reason =
  probe.error !== undefined
    ? 'tcpdump is not installed'
    : /permission|not permitted/i.test(String(probe.stderr))
      ? 'no right to capture on loopback'
      : null;
if (reason !== null) console.warn(`Skipped, live captures: ${reason}.`);

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Records what happens on `port` of loopback while `story` runs, until `enough` says that all of it was seen. */
async function recorded(
  port: number,
  story: () => Promise<void>,
  enough: (entries: ResetEntry[]) => boolean,
): Promise<ResetEntry[]> {
  const tcpdump = spawn('tcpdump', [
    '-i',
    'lo',
    '-U',
    '--immediate-mode',
    '-s',
    '256',
    '-w',
    '-',
    `tcp port ${port}`,
  ]);
  const chunks: Buffer[] = [];
  tcpdump.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ready = new Promise<void>((resolve) => {
    let said = '';
    tcpdump.stderr.on('data', (text: Buffer) => {
      said += text;
      if (said.includes('listening on')) resolve();
    });
  });
  try {
    await ready;
    await story();
    for (let tries = 0; ; tries++) {
      const entries = diagnose(new Uint8Array(Buffer.concat(chunks))).resets;
      if (enough(entries) || tries === 100) return entries;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    tcpdump.kill('SIGINT');
    await once(tcpdump, 'close');
  }
}

const closed = (socket: Socket) =>
  new Promise<string>((resolve) => {
    let error = '';
    socket.on('error', (e: NodeJS.ErrnoException) => {
      error = e.code ?? e.message;
    });
    socket.on('close', () => resolve(error));
    socket.resume();
  });

describe.skipIf(reason !== null)('a reset that happens now', () => {
  it('on a closed port is named, with the refused client’s own error beside it', async () => {
    const server = createServer();
    const port = await listening(server);
    server.close();
    await once(server, 'close');
    let error = '';
    const entries = await recorded(
      port,
      async () => {
        error = await closed(connect(port, '127.0.0.1'));
      },
      (found) => found.length > 0,
    );
    expect(error).toBe('ECONNREFUSED');
    expect(entries[0]?.verdict).toMatchObject({ cause: 'no-listener', sender: 'responder', benign: false });
  });

  it('by resetAndDestroy is the server’s, and may be an abort on purpose', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    const port = await listening(server);
    let error = '';
    const entries = await recorded(
      port,
      async () => {
        const client = connect(port, '127.0.0.1');
        client.write('question');
        error = await closed(client);
      },
      (found) => found.length > 0,
    );
    server.close();
    expect({ error, entries: entries.length }).toEqual({ error: 'ECONNRESET', entries: 1 });
    expect(entries[0]).toMatchObject({
      reset: true,
      claimedSender: 'responder',
      verdict: { sender: 'responder' },
    });
    const named = [entries[0]!.verdict.taxonomy, ...entries[0]!.alternatives.map((a) => a.taxonomy)];
    expect(named).toContain('D3');
  });

  it('to bytes written after the server’s close is the late writer’s', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.destroy());
    });
    const port = await listening(server);
    let late: Socket | null = null;
    const entries = await recorded(
      port,
      async () => {
        const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        client.on('error', () => {});
        client.resume();
        client.write('first');
        await once(client, 'end');
        late = client;
        client.write('second');
      },
      (found) => found.length > 0,
    );
    (late as Socket | null)?.destroy();
    server.close();
    expect(entries[0]?.verdict).toMatchObject({ taxonomy: 'D4', sender: 'responder' });
  });
});
