import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { serve } from '../../packages/guard/src/server/index.ts';
import { load } from './load.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const quiet = { onNotice: () => {}, signals: [] };
const listen = async <T extends Server>(server: T): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const slow = () =>
  createServer((request, response) => {
    request.resume();
    request.on('end', () => setTimeout(() => response.end('done'), 10));
  });

describe('a drain under load', () => {
  it('answers 200 clients to the end, and resets none', async () => {
    // Clients and server share this process: the grace is longer than a busy machine may hold it up.
    const server = serve(slow(), { ...quiet, drain: { grace: '5s', deadline: '20s' } });
    const clients = load({ port: await listen(server), clients: 200, pause: 60 });
    await sleep(500);
    const report = await server.drain('test');
    await clients.done;
    expect(clients.runs.flatMap(({ errors }) => errors)).toEqual([]);
    expect(clients.runs.every(({ answered }) => answered > 0)).toBe(true);
    expect(report).toMatchObject({ reason: 'test', complete: true, cut: [] });
    expect(report.open).toBeGreaterThan(150);
  });

  it('is what the load notices when node:http closes by itself', async () => {
    const server = slow();
    const clients = load({ port: await listen(server), clients: 200, pause: 60 });
    await sleep(500);
    server.close();
    server.closeAllConnections();
    await clients.done;
    expect(clients.runs.flatMap(({ errors }) => errors).length).toBeGreaterThan(0);
  });
});
