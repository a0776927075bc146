import type { Socket } from 'node:net';
import type { Attempts } from '../attempts.ts';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { SocketWatch } from '../socket/watch.ts';
import { agentOptions } from './agent-options.ts';
import { IdleSockets } from './idle-sockets.ts';
import { owns, type SocketOwner } from './send-hook.ts';

/** Idle for less than this, milliseconds, a socket is not asked for its state: the answer would cost more than it tells. */
const YOUNG_MS = 5;
/** How undici says that it closes an idle connection (lib/dispatcher/client-h1.js). */
const IDLE_TIMEOUT = 'socket idle timeout';
/** Timers of undici are as coarse as this. */
const SLACK_MS = 500;

/** The sockets that undici uses for guarded requests, as they show up: undici alone opens and pools them. */
export class SocketBook implements SocketOwner {
  readonly #core: GuardCore;
  readonly #watches = new WeakMap<Socket, SocketWatch>();
  readonly #lent = new WeakSet<Socket>();
  readonly #idle = new WeakMap<GuardedOrigin, IdleSockets>();

  constructor(core: GuardCore) {
    this.#core = core;
  }

  /** The watch of a socket; null when it speaks HTTP/2. */
  watch(socket: Socket, origin: GuardedOrigin): SocketWatch | null {
    // Whoever else writes there may be in the middle of an exchange.
    if (this.#lent.has(socket) || !owns(this, socket)) return null;
    const known = this.#watches.get(socket);
    if (known) return known;
    if ((socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2') return null;
    const watch = new SocketWatch(socket, this.#core, origin);
    this.#watches.set(socket, watch);
    origin.stats.connections += 1;
    origin.knowledge.connected(socket.remoteAddress ?? null);
    socket.once('close', () => this.idle(origin).remove(watch));
    socket.once('error', (error) => this.#closedByUndici(error, watch));
    return watch;
  }

  /** From now on the connection is never closed from here, and nothing is said of its requests. */
  shared(socket: Socket): void {
    this.#lent.add(socket);
    const watch = this.#watches.get(socket);
    if (watch) this.idle(watch.origin).remove(watch);
  }

  /** Under {@link agentOptions} undici closes no idle connection before the guard would. */
  #closedByUndici(error: Error, { lastUsedAt, hintMs }: SocketWatch): void {
    if (error.message !== IDLE_TIMEOUT || lastUsedAt === null) return;
    const { keepAliveTimeout, keepAliveTimeoutThreshold } = agentOptions;
    const allowedMs = hintMs === null ? keepAliveTimeout : hintMs - keepAliveTimeoutThreshold;
    const idleMs = this.#core.now() - lastUsedAt;
    if (idleMs > allowedMs - SLACK_MS) return;
    this.#core.notice(
      'WHYRESET_AGENT_OPTIONS',
      `undici closed a connection of its own accord after ${Math.round(idleMs)} ms without a request, where the guard keeps it and watches; give the dispatcher the guard’s options: new Agent(guard.agentOptions).compose(guard()).`,
    );
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
