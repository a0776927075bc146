/**
 * A service that is replaced again and again: an instance is stopped in one of several ways, and the next one takes the
 * port at once. Options as JSON in the first argument; sends its port; answers a {@link Question} with its counts.
 */
import http, { type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@whyreset/guard/server';
import { createHttpTerminator } from 'http-terminator';
import lightshipPackage from 'lightship';
import stoppable from 'stoppable';
import { Ledger, type Question } from '../ledger.ts';

/** How an instance is stopped; the server is listening when `prepare` is called. */
type Prepare = (server: Server) => Promise<() => unknown>;

const GRACE_MS = 3000;
const HANDLER_MS = 5;

export const WAYS = {
  'close()': async (server) => () => server.close(),
  /** As terminus and many a program of one's own do it: every socket is half-closed, and read on. */
  'close() + socket.end()': async (server) => {
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    return () => {
      server.close();
      for (const socket of sockets) socket.end();
    };
  },
  stoppable: async (server) => {
    const { stop } = stoppable(server, GRACE_MS);
    return () => stop();
  },
  'http-terminator': async (server) => {
    const { terminate } = createHttpTerminator({ server });
    return () => terminate();
  },
  'lightship + close()': async (server) => {
    const lightship = await lightshipPackage.createLightship({
      detectKubernetes: false,
      port: 0,
      signals: [],
      shutdownDelay: 0,
      terminate: () => {},
    });
    lightship.registerShutdownHandler(() => void server.close());
    lightship.signalReady();
    return () => lightship.shutdown();
  },
  'serve().drain()': async (server) => {
    const { drain } = serve(server, { signals: [], onNotice: () => {} });
    return () => drain();
  },
} satisfies Record<string, Prepare>;

export type Way = keyof typeof WAYS;

export interface RestartOptions {
  host: string;
  way: Way;
  /** Shortest and longest life of an instance, ms. */
  lifeMs: readonly [number, number];
}

const { host, way, lifeMs } = JSON.parse(process.argv[2]!) as RestartOptions;
const [shortest, longest] = lifeMs;
const ledger = new Ledger();
let port = 0;

async function start(): Promise<() => unknown> {
  const server = http.createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      ledger.execute(String(request.headers['x-id']));
      // Connections are busy at the stop, and are closed behind the answer, when the next request may be under way.
      setTimeout(() => response.end('ok'), HANDLER_MS);
    });
  });
  server.on('connection', () => {
    ledger.connections += 1;
  });
  await listen(server);
  return WAYS[way](server);
}

/** The instance before may hold the port for some turns of the event loop more. */
function listen(server: Server): Promise<void> {
  return new Promise((listening) => {
    const attempt = () => server.listen({ port, host, backlog: 1024 });
    server.on('error', () => setImmediate(attempt));
    server.on('listening', () => listening());
    attempt();
    if (port === 0) server.once('listening', () => (port = (server.address() as AddressInfo).port));
  });
}

process.on('message', (question: Question) => process.send!(ledger.counts(question)));
process.on('disconnect', () => process.exit());
let stop = await start();
process.send!({ port });
for (;;) {
  await sleep(shortest + Math.random() * (longest - shortest));
  void stop();
  stop = await start();
}
