import type { Agent, ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { Attempts } from '../attempts.ts';
import type { GuardCore, GuardedOrigin } from '../guard-core.ts';
import { generatedKey, isIdempotent, KEY_HEADERS } from '../methods.ts';
import type { PooledConnection } from '../origin/origin.ts';
import type { NodeRequest } from './client-request.ts';
import { GuardedRequest } from './guarded-request.ts';
import { PooledSocket } from './pooled-socket.ts';

/** What `node:http` hands to `addRequest`. */
export type RequestOptions = Record<string, unknown> & {
  host?: string;
  port?: number | string | undefined;
  path?: string | null;
  socketPath?: string;
  servername?: string;
};

export type AddRequest = (request: ClientRequest, options: RequestOptions) => void;

/**
 * Idle for less than this, milliseconds, a socket is not asked for its state where the request may be repeated: the
 * question costs more than the repetition that it seldom saves. A request that must not be repeated always asks.
 */
const YOUNG_MS = 5;

type Sockets = Record<string, Socket[]>;

/** What is used of an agent beyond its types: the same from Node 20 to 26 (lib/_http_agent.js). */
type NodeAgent = Omit<Agent, 'sockets' | 'freeSockets'> & {
  sockets: Sockets;
  freeSockets: Sockets;
  options: RequestOptions & { timeout?: number };
  scheduling: 'fifo' | 'lifo';
  totalSocketCount: number;
  keepAliveMsecs: number;
};

/** A request that is handed to the agent. */
interface Offer {
  /** Null: no idle socket, whichever. */
  origin: GuardedOrigin | null;
  repeatable: boolean;
  /** Idle sockets that the agent does not see meanwhile, and their name. */
  name: string | null;
  hidden: Socket[];
}

/** The guard's part in an agent of `node:http`: which idle connection a request may have, and what its failure means. */
export class AgentGuard {
  readonly #core: GuardCore;
  readonly #agent: NodeAgent;
  readonly #add: AddRequest;
  /** What the agent is about to look for. */
  #offered: Offer | null = null;

  /** @param add the agent's own `addRequest`. */
  constructor(agent: Agent, core: GuardCore, add: AddRequest) {
    this.#core = core;
    this.#agent = agent as unknown as NodeAgent;
    this.#add = add;
    const { getName } = this.#agent;
    this.#agent.getName = (options) => {
      const name = getName.call(agent, options);
      if (this.#offered !== null) this.#named(name, this.#offered);
      return name;
    };
  }

  addRequest(request: ClientRequest, options: RequestOptions): void {
    const core = this.#core;
    let keyed = isKeyed(request);
    if (core.options.generateKey && !keyed && !isIdempotent(request.method) && !request.headersSent) {
      request.setHeader('Idempotency-Key', generatedKey());
      keyed = true;
    }
    const origin = core.origin(originOf(request.protocol, options, this.#agent.options));
    const attempts = new Attempts(core, origin, request.method, keyed);
    const node = request as unknown as NodeRequest;
    const ask = (fresh: boolean) => {
      try {
        this.#offer(request, options, fresh ? null : origin, attempts.repeatable);
      } catch (error) {
        guarded.refused(error as Error);
      }
    };
    const guarded = new GuardedRequest(node, attempts, ask);
    ask(false);
  }

  /** Gives the request to the agent, which sees of its idle sockets only the one that the request may have. */
  #offer(request: ClientRequest, options: RequestOptions, origin: GuardedOrigin | null, repeatable: boolean) {
    const { freeSockets } = this.#agent;
    const offer: Offer = { origin, repeatable, name: null, hidden: [] };
    this.#offered = offer;
    try {
      this.#add(request, options);
    } finally {
      this.#offered = null;
      if (offer.hidden.length > 0) freeSockets[offer.name!] = offer.hidden;
    }
  }

  /** The agent asks for the name right before it looks for an idle socket of that name. */
  #named(name: string, offer: Offer): void {
    const agent = this.#agent;
    this.#offered = null;
    const idle = agent.freeSockets[name];
    if (idle === undefined) {
      this.#makeRoom(name, offer.hidden);
      return;
    }
    const chosen = offer.origin === null ? null : this.#choose(idle, offer.origin, offer.repeatable);
    if (chosen !== null && chosen === this.#next(idle)) return;
    offer.name = name;
    // Retired ones have left the list.
    offer.hidden = (agent.freeSockets[name] ?? []).filter((socket) => socket !== chosen && !socket.destroyed);
    if (chosen === null) {
      this.#makeRoom(name, offer.hidden);
      delete agent.freeSockets[name];
    } else agent.freeSockets[name] = [chosen];
  }

  /** The idle socket next in the agent's order that the policy lets this request have. */
  #choose(idle: readonly Socket[], origin: GuardedOrigin, repeatable: boolean): Socket | null {
    const now = this.#core.now();
    const loopDelayMs = this.#core.loopDelayMs(now);
    const lastFirst = this.#agent.scheduling !== 'fifo';
    // A copy, for retired sockets leave the list; most of the time its first is taken.
    for (const socket of lastFirst ? backwards(idle) : [...idle]) {
      if (socket.destroyed) continue;
      const pooled = PooledSocket.known(socket);
      if (pooled === undefined) return socket;
      const seen = lookAt(pooled, repeatable, now);
      const advice = seen === null ? 'retire' : origin.knowledge.advise(seen, repeatable, loopDelayMs, now);
      if (advice === 'reuse') return socket;
      origin.stats.avoided += 1;
      if (advice === 'retire') pooled.retire();
      // Those after it have been idle for longer still.
      else if (lastFirst) return null;
    }
    return null;
  }

  /** The socket that the agent would take. */
  #next(idle: readonly Socket[]): Socket | null {
    return (this.#agent.scheduling === 'fifo' ? idle[0] : idle.at(-1)) ?? null;
  }

  /** What is idle and was passed over makes room for a new connection where the agent's limits are reached. */
  #makeRoom(name: string, idle: Socket[]): void {
    const agent = this.#agent;
    const busy = agent.sockets[name]?.length ?? 0;
    if (idle.length > 0 && idle.length + busy >= agent.maxSockets) retire(idle.shift()!);
    if (agent.totalSocketCount < agent.maxTotalSockets) return;
    const oldest = idle.shift() ?? Object.values(agent.freeSockets).flat()[0];
    if (oldest !== undefined) retire(oldest);
  }

  /**
   * Instead of Node's own `keepSocketAlive`, which gives up every connection whose server promises less than two seconds:
   * how long a connection is good for is decided when it is to be used.
   */
  keepSocketAlive(socket: Socket): boolean {
    const { keepAliveMsecs, options } = this.#agent;
    socket.setKeepAlive(true, keepAliveMsecs);
    socket.unref();
    const timeout = options.timeout ?? 0;
    if (socket.timeout !== timeout) socket.setTimeout(timeout);
    return true;
  }
}

/** The socket’s age and use; null when it is of no use any more. */
function lookAt({ socket, watch }: PooledSocket, repeatable: boolean, now: number): PooledConnection | null {
  if (socket.readableLength > 0 || !socket.writable) return null;
  const young = watch.pooled(now);
  return repeatable && young.idleMs < YOUNG_MS ? young : watch.look(now);
}

/** From the last to the first; the caller may take out what it has been given. */
function* backwards(sockets: readonly Socket[]): Generator<Socket> {
  for (let at = sockets.length - 1; at >= 0; at--) yield sockets[at]!;
}

function isKeyed(request: ClientRequest): boolean {
  for (const name of KEY_HEADERS) if (request.hasHeader(name)) return true;
  return false;
}

function retire(socket: Socket): void {
  const pooled = PooledSocket.known(socket);
  if (pooled) pooled.retire();
  else socket.on('error', () => {}).destroy();
}

function originOf(protocol: string, given: RequestOptions, own: RequestOptions): string {
  const socketPath = own.socketPath ?? given.socketPath;
  if (socketPath) return `unix:${socketPath}`;
  const host = own.host ?? given.host;
  return `${protocol}//${host?.includes(':') ? `[${host}]` : (host ?? 'localhost')}:${own.port ?? given.port}`;
}
