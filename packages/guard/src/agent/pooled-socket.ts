import type { Socket } from 'node:net';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { SocketWatch } from '../socket/watch.ts';

type Done = (error?: Error | null) => void;

/** The request that a socket carries, as the socket sees it. */
export interface Carried {
  /** `node:http` takes a socket up one tick after it was given to it. */
  readonly takenUp: boolean;
  /** Bytes have come, or null: the end. Returns what `node:http` is to see of it; undefined: nothing. */
  onPush(chunk: Buffer | null): Buffer | null | undefined;
  /** The socket is being destroyed; `told`, at once or later, with the error that `node:http` is to see, or null. */
  onDestroy(error: Error | null, told: (error: Error | null) => void): void;
  onFree(): void;
  onTaken(): void;
  /** A write of the request; returns the callback to write it with. */
  onWrite(data: string | Uint8Array, encoding: BufferEncoding | null, callback: Done | null): Done | null;
}

type Write = (data: string | Uint8Array, encoding?: BufferEncoding | Done | null, callback?: Done) => boolean;

const pooledSockets = new WeakMap<Socket, PooledSocket>();

/**
 * A socket of an agent. `node:http` has the socket itself; what comes in and what goes out passes the request that the
 * socket carries first, so that a failure can be kept from `node:http` when the request goes to another socket.
 */
export class PooledSocket {
  readonly socket: Socket;
  readonly watch: SocketWatch;
  /** Null while it is idle, and once it is no longer the agent's. */
  carried: Carried | null = null;
  /** In the agent's pool, waiting for a request. */
  idle = false;
  /** TCP connected and TLS agreed: not before can a byte of a request have been sent. */
  ready = false;

  static of(socket: Socket, core: GuardCore, origin: GuardedOrigin): PooledSocket {
    const known = pooledSockets.get(socket);
    if (known) return known;
    const pooled = new PooledSocket(socket, core, origin);
    pooledSockets.set(socket, pooled);
    return pooled;
  }

  static known(socket: Socket): PooledSocket | undefined {
    return pooledSockets.get(socket);
  }

  constructor(socket: Socket, core: GuardCore, origin: GuardedOrigin) {
    this.socket = socket;
    this.watch = new SocketWatch(socket, core, origin);
    this.#awaitConnection(core, origin);
    this.#interceptInput();
    this.#interceptOutput();
    this.#interceptDestroy();
    // Before the agent's own listener, which may give the socket to the next request.
    socket.prependListener('free', () => this.carried?.onFree());
    socket.prependListener('agentRemove', () => this.carried?.onTaken());
  }

  #interceptInput(): void {
    const { socket } = this;
    const { push } = socket;
    socket.push = (chunk, encoding) => {
      const { carried } = this;
      if (carried === null) {
        // Bytes that answer no request: a 408 of a server that gave up, or an attempt to be taken for the next answer.
        if (this.idle && chunk !== null) socket.destroy();
        return push.call(socket, chunk, encoding);
      }
      if (chunk === null) this.watch.peerEnded();
      const shown = carried.onPush(chunk);
      return shown === undefined ? false : push.call(socket, shown, encoding);
    };
  }

  #interceptOutput(): void {
    const { socket } = this;
    const write = socket.write as Write;
    socket.write = ((data, encoding, callback) => {
      const { carried } = this;
      if (carried === null) return write.call(socket, data, encoding, callback);
      const given = typeof encoding === 'function' ? null : (encoding ?? null);
      const done = carried.onWrite(
        data,
        given,
        (typeof encoding === 'function' ? encoding : callback) ?? null,
      );
      return write.call(socket, data, given, done ?? undefined);
    }) as Write as Socket['write'];
  }

  #interceptDestroy(): void {
    const { socket } = this;
    // The watch's own: it asks the kernel a last time.
    const destroy = socket._destroy;
    socket._destroy = (error, callback) => {
      this.watch.destroying(error);
      const { carried } = this;
      const end = (told: Error | null) => destroy.call(socket, told, callback);
      if (carried === null) end(error);
      else if (carried.takenUp) carried.onDestroy(error, end);
      else process.nextTick(() => carried.onDestroy(error, end));
    };
  }

  #awaitConnection(core: GuardCore, origin: GuardedOrigin): void {
    const { socket } = this;
    const secure = (socket as { secureConnecting?: boolean }).secureConnecting === true;
    const onReady = () => {
      this.ready = true;
      this.watch.connected(core.now());
      origin.stats.connections += 1;
      origin.knowledge.connected(socket.remoteAddress ?? null);
    };
    if (socket.connecting) {
      let attemptAt = core.now();
      const restart = () => {
        attemptAt = core.now();
      };
      // The clock starts with the SYN, not with the name look-up, and anew with every address that is tried.
      socket.on('lookup', restart).on('connectionAttempt', restart);
      // A lost SYN, and every wait of this process, make it longer than a round trip: good for a margin, no floor.
      socket.once('connect', () => origin.knowledge.roundTrip.sample(core.now() - attemptAt, null));
    }
    if (secure) socket.once('secureConnect', onReady);
    else if (socket.connecting) socket.once('connect', onReady);
    else onReady();
  }

  /** Ends it, and has the agent count it as gone at once. */
  retire(): void {
    this.carried = null;
    this.idle = false;
    this.socket.on('error', () => {}).destroy();
    this.socket.emit('agentRemove');
  }
}
