import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { SocketWatch } from '../socket/watch.ts';

/** Who is told what happens on a connection: the request that it carries, or the pool while it is idle. */
export interface ConnectionOwner {
  onData(chunk: Buffer, connection: Connection): void;
  onEnd(connection: Connection): void;
  onError(error: Error, connection: Connection): void;
  onClose(connection: Connection): void;
  onTimeout(connection: Connection): void;
}

/** A socket of the agent's pool. It is listened to once for all its requests: what happens goes to its owner. */
export class Connection {
  readonly socket: Socket;
  readonly watch: SocketWatch;
  /** Null: nobody's any more. */
  owner: ConnectionOwner | null = null;

  constructor(socket: Socket, watch: SocketWatch) {
    this.socket = socket;
    this.watch = watch;
    socket
      .on('data', (chunk) => this.owner?.onData(chunk, this))
      .on('end', () => this.owner?.onEnd(this))
      .on('error', (error) => this.owner?.onError(error, this))
      .on('close', () => this.owner?.onClose(this))
      .on('timeout', () => this.owner?.onTimeout(this));
  }

  /** Ends it without a word to its owner. */
  destroy(): void {
    this.owner = null;
    this.socket.destroy();
  }
}

/** Opens a socket; as `http.Agent.createConnection`, which may return it, or hand it to the callback, or both. */
export type OpenSocket = (done: (error: Error | null, socket?: Duplex) => void) => Duplex | null | undefined;

/**
 * Opens a connection and waits until it can carry a request: TCP connected, TLS agreed. `done` is called once.
 *
 * @returns a function that gives up waiting and destroys the socket.
 */
export function openConnection(
  core: GuardCore,
  origin: GuardedOrigin,
  open: OpenSocket,
  done: (error: Error | null, connection?: Connection) => void,
): () => void {
  let settled = false;
  let socket: Socket | null = null;
  let abandoned = false;
  const settle = (error: Error | null, connection?: Connection) => {
    if (settled) return;
    settled = true;
    if (error === null) done(null, connection);
    // A failure at once (a certificate that does not parse) must wait until its request has somebody who listens.
    else
      process.nextTick(() => {
        if (!abandoned) done(error);
      });
  };
  let attemptAt = core.now();

  const onReady = () => {
    if (settled || socket === null) return;
    const watch = new SocketWatch(socket, core, origin);
    origin.stats.connections += 1;
    origin.knowledge.connected(socket.remoteAddress ?? null);
    settle(null, new Connection(socket, watch));
  };

  const onSocket = (opened: Duplex) => {
    if (socket !== null) return;
    socket = opened as Socket;
    const secure = 'secureConnecting' in socket && socket.secureConnecting === true;
    if (socket.connecting) {
      const restart = () => {
        attemptAt = core.now();
      };
      // The clock starts with the SYN, not with the name look-up, and anew with every address that is tried.
      socket.on('lookup', restart).on('connectionAttempt', restart);
      // A lost SYN, and every wait of this process, make it longer than a round trip: good for a margin, no floor.
      socket.once('connect', () => origin.knowledge.roundTrip.sample(core.now() - attemptAt, null));
    }
    socket.once('error', settle);
    socket.once('close', () => settle(new Error('the socket was closed before it was connected')));
    if (secure) socket.once('secureConnect', onReady);
    else if (socket.connecting) socket.once('connect', onReady);
    else onReady();
  };

  try {
    const returned = open((error, opened) => {
      if (error) settle(error);
      else if (opened) onSocket(opened);
    });
    if (returned) onSocket(returned);
  } catch (error) {
    settle(error as Error);
  }
  return () => {
    settled = true;
    abandoned = true;
    socket?.on('error', () => {}).destroy();
  };
}
