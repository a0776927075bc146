import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Server as NetServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server as TlsServer } from 'node:tls';
import { closeIdle } from './close-idle.ts';
import { type Connection, isIdle } from './connections.ts';
import { answerFor, type Gate, makeLast, withoutZeroHint } from './gate.ts';
import { drainSession } from './http2-drain.ts';
import { linger } from './linger.ts';
import type { AnyRequest, AnyResponse, Settings } from './options.ts';
import { replyHttp1, replyHttp2, replyRaw } from './reply.ts';

type Hook = (...args: never[]) => boolean;

/**
 * Puts the gate in front of a server's events. A hook that answers true keeps the event from the application;
 * a listener could not do that, nor come first whatever the application or its framework adds later.
 *
 * @returns undoes it.
 */
export function intercept(server: NetServer, gate: Gate, settings: Settings): () => void {
  const hooks = hooksFor(server, gate, settings);
  const emit = server.emit;
  server.emit = function (this: NetServer, event: string, ...args: unknown[]): boolean {
    if (Object.hasOwn(hooks, event) && hooks[event]!(...(args as never[]))) return true;
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  } as typeof server.emit;
  return () => {
    server.emit = emit;
  };
}

function hooksFor(server: NetServer, gate: Gate, settings: Settings): Record<string, Hook> {
  const { connections } = gate;
  const http = server as HttpServer;

  const arrive = (socket: Socket) => {
    const connection = connections.add(socket);
    lingerInsteadOfReset(connection, settings);
    return connection;
  };

  const request = (incoming: AnyRequest, response: AnyResponse): boolean => {
    if ('stream' in incoming) return onHttp2Request(gate, incoming.stream, response);
    const message = incoming as IncomingMessage;
    const answer = response as ServerResponse;
    // Usually known; a server that listened before it was guarded has older connections.
    const connection = arrive(message.socket);
    connection.request = message;
    const { method = '', url = '' } = message;
    connections.begin(connection, method, url, answer);
    const reply = answerFor(gate, method, url);
    if (reply) {
      replyHttp1(message, answer, reply);
      return true;
    }
    if (gate.closing || gate.tight) makeLast(answer);
    else withoutZeroHint(http.keepAliveTimeout, message, answer);
    return false;
  };

  return {
    connection: (socket: Socket) => {
      if (server instanceof TlsServer) connections.add(socket, 'handshake');
      else arrive(socket);
      return false;
    },
    secureConnection: (socket: Socket) => {
      lingerInsteadOfReset(connections.secure(socket), settings);
      return false;
    },
    session: (session: ServerHttp2Session) => {
      connections.session(session);
      // One of the last connections to be accepted; the server is to greet it first.
      if (gate.closing) setImmediate(drainSession, session);
      return false;
    },
    stream: (
      stream: ServerHttp2Stream,
      headers: IncomingHttpHeaders & { ':path'?: string; ':method'?: string },
    ) => {
      const connection = stream.session && connections.session(stream.session as ServerHttp2Session);
      const { ':method': method = '', ':path': url = '' } = headers;
      if (connection) connections.begin(connection, method, url, stream);
      const reply = answerFor(gate, method, url);
      if (reply) replyHttp2(stream, method, reply);
      return reply !== null;
    },
    request,
    checkContinue: request,
    checkExpectation: request,
    upgrade: (message: IncomingMessage, socket: Duplex) => onUpgrade(gate, message, socket),
    connect: (message: IncomingMessage, socket: Duplex) => onUpgrade(gate, message, socket),
    timeout: (socket: Socket) => {
      // Whoever listens decides alone; and a connection in use is not idle.
      const connection = server.listenerCount('timeout') > 0 ? null : connections.get(socket);
      if (!connection || !isIdle(connection)) return false;
      const idleMs = performance.now() - connection.restedAt;
      closeAfter(connection, http.keepAliveTimeout + settings.buffer - idleMs);
      return true;
    },
    clientError: (error: NodeJS.ErrnoException, socket: Socket) => {
      const connection = connections.get(socket);
      // What is dropped after an early end cannot be a request any more, so it cannot be a bad one.
      if (connection?.lingering) return true;
      if (!connection || !settings.linger || server.listenerCount('clientError') > 0) return false;
      return refuse(connection, error, settings.linger);
    },
  } satisfies Record<string, (...args: never[]) => boolean>;
}

/** The stream has begun its exchange; from now on its end hook gets the response that the application writes to. */
function onHttp2Request({ connections }: Gate, stream: ServerHttp2Stream, response: AnyResponse): boolean {
  const connection = stream.session ? connections.session(stream.session as ServerHttp2Session) : null;
  for (const exchange of connection?.exchanges ?? [])
    if (exchange.response === stream) exchange.response = response;
  return false;
}

function onUpgrade(gate: Gate, message: IncomingMessage, socket: Duplex): boolean {
  const connection = gate.connections.add(message.socket);
  if (gate.closing || gate.shedding !== null) {
    replyRaw(socket, 503);
    return true;
  }
  connection.request = message;
  connection.protocol = 'upgraded';
  return false;
}

/** Less than this, in milliseconds, is the inaccuracy of timers. */
const TIMER = 20;

/** Node 20 adds a buffer of its own, of a second, and cannot be asked for more: the rest is waited for here. */
function closeAfter(connection: Connection, remainingMs: number): void {
  if (remainingMs <= TIMER) {
    closeIdle(connection);
    return;
  }
  const { socket } = connection;
  const before = socket.bytesRead;
  const timer = setTimeout(() => {
    if (socket.bytesRead === before) closeIdle(connection);
  }, remainingMs);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

const guarded = new WeakSet<Socket>();

/** `destroySoon` is how `node:http` ends a connection after its last answer. */
function lingerInsteadOfReset(connection: Connection, settings: Settings): void {
  const { socket } = connection;
  if (!settings.linger || guarded.has(socket)) return;
  guarded.add(socket);
  const limits = settings.linger;
  const destroySoon = socket.destroySoon;
  socket.destroySoon = function (this: Socket) {
    if (connection.protocol === 'http1' && connection.request?.complete === false) linger(connection, limits);
    else Reflect.apply(destroySoon, this, []);
  };
}

/** The statuses by which `node:http` answers what it cannot read (lib/_http_server.js, socketOnError). */
const STATUS_OF: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Node writes the answer and destroys the socket; here the client gets to read it. */
function refuse(
  connection: Connection,
  error: NodeJS.ErrnoException,
  limits: NonNullable<Settings['linger']>,
): boolean {
  const { socket, exchanges } = connection;
  const begun = [...exchanges].some(({ response }) => response.headersSent);
  if (!socket.writable || begun || error.code === 'ECONNRESET' || error.code === 'EPIPE') return false;
  replyRaw(socket, STATUS_OF[error.code ?? ''] ?? 400);
  linger(connection, limits);
  return true;
}
