import type { Socket } from 'node:net';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { type Connection, type ConnectionOwner, type OpenSocket, openConnection } from './connection.ts';

/** Idle for longer than this, a socket whose kernel cannot be asked is given one turn of the event loop to show its end. */
const LOOK_AFTER_MS = 20;

export interface Wish {
  origin: GuardedOrigin;
  /** The request may be executed twice. */
  repeatable: boolean;
  /** Only a connection that never carried a request. */
  fresh: boolean;
  open: OpenSocket;
  done: (error: Error | null, connection?: Connection, reused?: boolean) => void;
}

interface Waiting {
  wish: Wish;
  cancelled: boolean;
  /** Gives up a connection that is being opened. */
  abort: (() => void) | null;
}

export interface PoolLimits {
  /** Connections of this pool, idle ones included. */
  maxSockets: number;
  maxFreeSockets: number;
  /** Makes room for one more among all pools of the agent; false when there is none. */
  makeRoom(): boolean;
  /** A connection has become idle or has gone: what other pools wait for may be possible now. */
  changed(): void;
}

/** The connections to one name: which of them a request gets, and when a new one is opened. */
export class Pool {
  readonly #core: GuardCore;
  readonly #limits: PoolLimits;
  /** Idle ones, the last used at the end. */
  readonly #free: Connection[] = [];
  readonly #busy = new Set<Connection>();
  /**
   * Whatever happens to an idle connection ends it; bytes too, for they answer no request: a 408 of a server that gave
   * up, or an attempt to be taken for the next answer.
   */
  readonly #idle: ConnectionOwner = {
    onData: (_, connection) => this.#retire(connection),
    onEnd: (connection) => this.#retire(connection),
    onClose: (connection) => this.#retire(connection),
    onError() {},
    onTimeout() {},
  };
  #opening = 0;
  #queue: Waiting[] = [];

  constructor(core: GuardCore, limits: PoolLimits) {
    this.#core = core;
    this.#limits = limits;
  }

  get size(): number {
    return this.#free.length + this.#busy.size + this.#opening;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Idle sockets and sockets in use, for `agent.freeSockets` and `agent.sockets`. */
  get free(): Socket[] {
    return this.#free.map(({ socket }) => socket);
  }

  get busy(): Socket[] {
    return [...this.#busy].map(({ socket }) => socket);
  }

  acquire(wish: Wish): () => void {
    const waiting: Waiting = { wish, cancelled: false, abort: null };
    if (!this.#begin(waiting)) this.#queue.push(waiting);
    return () => {
      if (waiting.cancelled) return;
      waiting.cancelled = true;
      waiting.abort?.();
      this.#queue = this.#queue.filter((other) => other !== waiting);
    };
  }

  release(connection: Connection): void {
    if (!this.#busy.delete(connection)) return;
    const { socket } = connection;
    if (socket.destroyed || !socket.writable || connection.watch.end !== null) {
      connection.destroy();
      this.#changed();
      return;
    }
    this.#free.push(connection);
    connection.owner = this.#idle;
    socket.resume();
    socket.unref();
    while (this.#free.length > this.#limits.maxFreeSockets) this.#retire(this.#free[0]!);
    this.#changed();
  }

  discard(connection: Connection): void {
    if (this.#busy.delete(connection)) this.#changed();
  }

  /** Destroys the longest idle connection; false when none is idle. */
  retireOldest(): boolean {
    const oldest = this.#free[0];
    if (oldest) this.#retire(oldest);
    return oldest !== undefined;
  }

  /** Lets those in the queue try again. */
  serve(): void {
    while (this.#queue.length > 0) {
      const waiting = this.#queue.shift()!;
      if (this.#begin(waiting)) continue;
      this.#queue.unshift(waiting);
      return;
    }
  }

  #changed(): void {
    this.serve();
    this.#limits.changed();
  }

  destroy(): void {
    for (const { socket } of [...this.#free, ...this.#busy]) socket.destroy();
  }

  /** Starts what fulfils the wish; false when it has to wait for another's connection. */
  #begin(waiting: Waiting): boolean {
    const { wish } = waiting;
    const idle = wish.fresh ? null : this.#takeIdle(wish);
    if (idle !== null) {
      this.#use(idle, waiting);
      return true;
    }
    // What is idle and was passed over makes room.
    if (this.size >= this.#limits.maxSockets && !this.retireOldest()) return false;
    if (!this.#limits.makeRoom()) return false;
    this.#open(waiting);
    return true;
  }

  /** The most recently used idle connection that the policy lets this request have. */
  #takeIdle({ origin, repeatable }: Wish): Connection | null {
    const now = this.#core.now();
    const loopDelayMs = this.#core.loopDelayMs(now);
    for (let at = this.#free.length - 1; at >= 0; at--) {
      const connection = this.#free[at]!;
      const pooled = connection.watch.look(now);
      const advice =
        pooled === null ? 'retire' : origin.knowledge.advise(pooled, repeatable, loopDelayMs, now);
      if (advice === 'reuse') {
        this.#take(connection);
        connection.socket.ref();
        return connection;
      }
      origin.stats.avoided += 1;
      // Those before it have been idle for longer still.
      if (advice === 'avoid') return null;
      this.#retire(connection);
    }
    return null;
  }

  #use(connection: Connection, waiting: Waiting): void {
    this.#busy.add(connection);
    const { watch, socket } = connection;
    const { done } = waiting.wish;
    if (watch.canLook || watch.pooled(this.#core.now()).idleMs < LOOK_AFTER_MS) {
      done(null, connection, true);
      return;
    }
    // The kernel cannot be asked: after a poll phase a FIN that is already there has shown itself.
    setImmediate(() => {
      if (!waiting.cancelled && watch.end === null && !socket.destroyed) {
        done(null, connection, true);
        return;
      }
      const { stats } = waiting.wish.origin;
      stats.avoided += 1;
      stats.foundClosed += 1;
      this.#busy.delete(connection);
      connection.destroy();
      if (waiting.cancelled) this.#changed();
      else if (!this.#begin(waiting)) this.#queue.unshift(waiting);
    });
  }

  #open(waiting: Waiting): void {
    this.#opening += 1;
    const { origin, open, done } = waiting.wish;
    let finished = false;
    const finish = () => {
      if (!finished) this.#opening -= 1;
      finished = true;
    };
    const abort = openConnection(this.#core, origin, open, (error, connection) => {
      finish();
      waiting.abort = null;
      if (connection) this.#busy.add(connection);
      done(error, connection, false);
      if (error) this.#changed();
    });
    waiting.abort = () => {
      abort();
      finish();
      this.#changed();
    };
  }

  #take(connection: Connection): void {
    this.#free.splice(this.#free.lastIndexOf(connection), 1);
    connection.owner = null;
  }

  #retire(connection: Connection): void {
    this.#take(connection);
    connection.destroy();
  }
}
