import type { Socket } from 'node:net';
import type { Attempts } from '../attempts.ts';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { SocketWatch } from '../socket/watch.ts';

/** Idle for less than this, milliseconds, a socket is not asked for its state: the answer would cost more than it tells. */
const YOUNG_MS = 5;

/** The sockets that undici uses for guarded requests, as they show up: undici alone opens and pools them. */
export class SocketBook {
  readonly #core: GuardCore;
  readonly #watches = new WeakMap<Socket, SocketWatch>();
  readonly #open = new Map<GuardedOrigin, Map<SocketWatch, Socket>>();

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
    const open = this.#open.get(origin) ?? new Map<SocketWatch, Socket>();
    this.#open.set(origin, open.set(watch, socket));
    socket.once('close', () => {
      open.delete(watch);
      if (open.size === 0) this.#open.delete(origin);
    });
    return watch;
  }

  /** Whether the request may go out on the connection that undici has chosen. */
  trusts(watch: SocketWatch, attempts: Attempts): boolean {
    if (watch.requests === 0) return true;
    const now = this.#core.now();
    const young = watch.pooled(now);
    const pooled = young.idleMs < YOUNG_MS ? young : watch.look(young);
    if (pooled === null) return false;
    const { knowledge } = attempts.origin;
    return knowledge.advise(pooled, attempts.repeatable, this.#core.loopDelayMs(now), now) === 'reuse';
  }

  /** Closes the idle connections that the same request would turn down for their age, which undici might choose next. */
  retireLike(watch: SocketWatch, { origin, repeatable }: Attempts): void {
    origin.stats.avoided += 1;
    const now = this.#core.now();
    const loopDelayMs = this.#core.loopDelayMs(now);
    for (const [other, socket] of this.#open.get(origin) ?? []) {
      if (other === watch || other.inFlight || other.requests === 0) continue;
      if (origin.knowledge.advise(other.pooled(now), repeatable, loopDelayMs, now) !== 'reuse')
        socket.destroy();
    }
  }
}
