import type { IncomingMessage } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { StreamingResponse } from './options.ts';

/** One request and its answer. */
export interface Exchange {
  method: string;
  url: string;
  startedAt: number;
  response: StreamingResponse;
  /** The end hook has been called for it. */
  asked: boolean;
}

/** One accepted connection, and what goes on on it. */
export interface Connection {
  socket: Socket;
  remote: string;
  openedAt: number;
  protocol: 'handshake' | 'http1' | 'http2' | 'upgraded';
  session: ServerHttp2Session | null;
  /** The latest request of HTTP/1; its body may go on arriving after the answer. */
  request: IncomingMessage | null;
  exchanges: Set<Exchange>;
  /** `socket.bytesRead` when the last exchange ended: more means that the next request has begun. */
  bytesAtRest: number;
  /** When the last exchange ended, or else the connection began. */
  restedAt: number;
  /** Half-closed by us, taking in what the client still sends. */
  lingering: boolean;
}

/** Both ends of a TLS socket's two objects agree on this, and no two connections of a process share it. */
const keyOf = (socket: { remoteAddress?: string | undefined; remotePort?: number | undefined }) =>
  `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`;

/** Every open connection of a server. */
export class Connections {
  readonly #bySocket = new Map<Socket, Connection>();
  readonly #bySession = new WeakMap<ServerHttp2Session, Connection>();
  readonly #handshakes = new Map<string, Connection>();
  /** Called after a connection has gone. */
  onClose: (connection: Connection) => void = () => {};
  /** Exchanges that ended, answered or not. */
  answered = 0;

  get size(): number {
    return this.#bySocket.size;
  }

  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#bySocket.values();
  }

  add(socket: Socket, protocol: Connection['protocol'] = 'http1'): Connection {
    const known = this.#bySocket.get(socket);
    if (known) return known;
    const remote = keyOf(socket);
    const openedAt = performance.now();
    const connection: Connection = {
      socket,
      remote,
      openedAt,
      protocol,
      session: null,
      request: null,
      exchanges: new Set(),
      bytesAtRest: 0,
      restedAt: openedAt,
      lingering: false,
    };
    this.#bySocket.set(socket, connection);
    // On a Unix socket nobody has an address: such handshakes cannot be told apart, and there is no TLS on them.
    if (protocol === 'handshake') this.#handshakes.set(remote, connection);
    socket.once('close', () => this.#remove(connection));
    return connection;
  }

  /** A TLS handshake is over: from here on only the TLS socket counts. */
  secure(socket: Socket): Connection {
    const handshake = this.#handshakes.get(keyOf(socket));
    if (handshake) {
      this.#handshakes.delete(handshake.remote);
      this.#bySocket.delete(handshake.socket);
    }
    return this.add(socket);
  }

  get(socket: Socket): Connection | null {
    return this.#bySocket.get(socket) ?? null;
  }

  /** The connection of an HTTP/2 session, which is matched to it when first asked for. */
  session(session: ServerHttp2Session): Connection | null {
    const matched = this.#bySession.get(session);
    if (matched || session.destroyed) return matched ?? null;
    const key = keyOf(session.socket);
    for (const connection of this.#bySocket.values()) {
      if (connection.remote !== key || connection.socket.destroyed || connection.session) continue;
      connection.protocol = 'http2';
      connection.session = session;
      this.#bySession.set(session, connection);
      return connection;
    }
    return null;
  }

  begin(connection: Connection, method: string, url: string, response: StreamingResponse): Exchange {
    const exchange: Exchange = { method, url, startedAt: performance.now(), response, asked: false };
    connection.exchanges.add(exchange);
    response.once('close', () => {
      connection.exchanges.delete(exchange);
      this.answered++;
      connection.bytesAtRest = connection.socket.bytesRead;
      connection.restedAt = performance.now();
    });
    return exchange;
  }

  #remove(connection: Connection): void {
    this.#bySocket.delete(connection.socket);
    if (this.#handshakes.get(connection.remote) === connection) this.#handshakes.delete(connection.remote);
    this.onClose(connection);
  }
}

/** Nothing is being answered, no request has begun, and no body goes on arriving. */
export function isIdle(connection: Connection): boolean {
  const { protocol, exchanges, request, socket, bytesAtRest, lingering } = connection;
  if (protocol !== 'http1' || exchanges.size > 0 || lingering) return false;
  return request ? request.complete && socket.bytesRead <= bytesAtRest : socket.bytesRead === 0;
}
