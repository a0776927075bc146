import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { Server as NetServer } from 'node:net';
import { UsageError } from '../usage-error.ts';
import type { WebSocketServerLike } from './options.ts';

/** The part of a Fastify instance that is used. */
export interface FastifyLike {
  server: NetServer;
  addHook(name: 'onListen', hook: () => Promise<void>): unknown;
  close(): PromiseLike<unknown>;
}

export type Servable = NetServer | RequestListener | FastifyLike | (WebSocketServerLike & { close(): void });

export interface Target {
  /** What `serve` hands back, and the methods are put on. */
  face: object;
  /** Servers to guard now. */
  servers: NetServer[];
  /** Tells of servers that come later: Fastify opens one more for every further address of its host name. */
  more(add: (server: NetServer) => void): void;
  /** WebSocket servers found on the way. */
  webSockets: WebSocketServerLike[];
  /** After the last connection: what the framework itself has to close. */
  finish(): Promise<void>;
}

/** @throws UsageError for what cannot be guarded; the sentence says what to pass instead. */
export function targetOf(servable: Servable): Target {
  if (servable instanceof NetServer) return plain(servable, servable);
  if (typeof servable === 'function') {
    const server: HttpServer = createServer(servable);
    return plain(server, server);
  }
  if (isFastify(servable)) return fastify(servable);
  if (isWebSocketServer(servable)) return webSocket(servable);
  const hint =
    typeof (servable as { fetch?: unknown } | null)?.fetch === 'function'
      ? ' This looks like a Hono app: pass what serve() or createAdaptorServer() of @hono/node-server returns.'
      : '';
  throw new UsageError(
    `serve() needs a server of node:http, https or http2, a request listener such as an Express app, a Fastify instance, or a ws WebSocketServer.${hint}`,
  );
}

const plain = (server: NetServer, face: object): Target => ({
  face,
  servers: [server],
  more: () => {},
  webSockets: [],
  // What listened is closed by now, so this only lets node:http stop its timers; the complaint is expected.
  finish: async () => void server.close(() => {}),
});

const isFastify = (value: object): value is FastifyLike =>
  value !== null &&
  (value as Partial<FastifyLike>).server instanceof NetServer &&
  typeof (value as Partial<FastifyLike>).addHook === 'function';

function fastify(app: FastifyLike): Target {
  const bindings = Object.getOwnPropertySymbols(app).find(
    ({ description }) => description === 'fastify.serverBindings',
  );
  const secondary = () =>
    (bindings && (app as unknown as Record<symbol, NetServer[] | undefined>)[bindings]) || [];
  return {
    ...plain(app.server, app),
    more: (add) => {
      const addAll = () => {
        for (const server of secondary()) if (server !== app.server) add(server);
      };
      // Once it listens, a hook comes too late, and the servers are there.
      if (app.server.listening) addAll();
      else app.addHook('onListen', async () => addAll());
    },
    // Runs the onClose hooks; with nothing listening and nobody connected there is nothing else left to do.
    finish: async () => void (await app.close()),
  };
}

const isWebSocketServer = (value: object): value is WebSocketServerLike & { close(): void } =>
  value !== null && 'clients' in value && 'handleUpgrade' in value;

function webSocket(server: WebSocketServerLike & { close(): void }): Target {
  const { options, _server } = server as {
    options?: { server?: unknown };
    /** Made by ws itself when it was given a port. */
    _server?: unknown;
  };
  const http = options?.server ?? _server;
  if (!(http instanceof NetServer))
    throw new UsageError(
      'serve() was given a WebSocketServer without a server: pass the HTTP server whose upgrades it takes, and it as { webSockets }.',
    );
  const base = plain(http, server);
  return {
    ...base,
    webSockets: [server],
    finish: async () => {
      server.close();
      await base.finish();
    },
  };
}
