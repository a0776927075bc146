import type { Socket } from 'node:net';
import type { Attempts } from '../attempts.ts';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { SocketWatch } from '../socket/watch.ts';
import { IdleSockets } from './idle-sockets.ts';

/** Idle for less than this, milliseconds, a socket is not asked for its state: the answer would cost more than it tells. */
const YOUNG_MS = 5;

/** The sockets that undici uses for guarded requests, as they show up: undici alone opens and pools them. */
export class SocketBook {
  readonly #core: GuardCore;
  readonly #watches = new WeakMap<Socket, SocketWatch>();
  readonly #idle = new WeakMap<GuardedOrigin, IdleSockets>();

  constructor(core: GuardCore) {
    this.#core = core;
  }

  /** The watch of a socket; null when it speaks HTTP/2. */
  watch(socket: Socket, origin: GuardedOrigin): SocketWatch | null {
    const known = this.#watches.get(socket);
    if (known) return known;
    if ((socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2') return null;
    const watch = new SocketWatch(socket, this.#core, origin);
    this.#watches.set(socket, watch);
    origin.stats.connections += 1;
    origin.knowledge.connected(socket.remoteAddress ?? null);
    socket.once('close', () => this.idle(origin).remove(watch));
    return watch;
  }

  /** Whether the request may go out on the connection that undici has chosen. */
  trusts(watch: SocketWatch, attempts: Attempts, now: number): boolean {
    if (watch.requests === 0) return true;
    const young = watch.pooled(now);
    const pooled = young.idleMs < YOUNG_MS ? young : watch.look(now);
    if (pooled === null) return false;
    const { knowledge } = attempts.origin;
    return knowledge.advise(pooled, attempts.repeatable, this.#core.loopDelayMs(now), now) === 'reuse';
  }

  /** The idle connections of an origin. */
  idle(origin: GuardedOrigin): IdleSockets {
    let idle = this.#idle.get(origin);
    if (idle === undefined) {
      idle = new IdleSockets(this.#core, origin);
      this.#idle.set(origin, idle);
    }
    return idle;
  }
}
