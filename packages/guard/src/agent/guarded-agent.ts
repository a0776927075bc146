import { type AgentOptions, type ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as TlsAgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { Attempts } from '../attempts.ts';
import { explain, type ResetDetails } from '../explained-error.ts';
import { GuardCore } from '../guard-core.ts';
import { generatedKey, hasKey, isIdempotent } from '../methods.ts';
import type { GuardOptions } from '../options.ts';
import { keepAliveHint } from '../origin/hint.ts';
import type { OpenSocket } from './connection.ts';
import { GuardedStream } from './guarded-stream.ts';
import { Pool } from './pool.ts';

export interface GuardedAgentOptions
  extends GuardOptions,
    AgentOptions,
    Omit<TlsAgentOptions, keyof AgentOptions> {
  /** Knowledge, budgets and statistics shared with other transports. Default: the agent's own. */
  core?: GuardCore;
}

/** What `node:http` hands to `addRequest`. */
type RequestOptions = Record<string, unknown> & {
  host?: string;
  port?: number | string;
  socketPath?: string;
  servername?: string;
};

type Create = (options: object, done: (error: Error | null, socket?: Duplex) => void) => Duplex | undefined;

/**
 * An agent for `node:http` that keeps connections alive, does not use those that the server is
 * about to close, and sends a request again when it cannot have been executed or may be executed twice.
 *
 *     http.request({ agent: new GuardedAgent(), … })
 *
 * Takes the options of `https.Agent` besides those of the guard; `keepAlive` is always on.
 */
export class GuardedAgent extends HttpAgent {
  readonly core: GuardCore;
  readonly #secure: HttpsAgent;
  readonly #pools = new Map<string, Pool>();

  constructor(options: GuardedAgentOptions = {}) {
    const { core, ...rest } = options;
    super({ ...rest, keepAlive: true });
    this.core = core ?? new GuardCore(options);
    this.#secure = new HttpsAgent({ ...(rest as TlsAgentOptions), keepAlive: true });
    // Of http.Agent's own accounting nothing is used; its fields show the pools.
    for (const [field, read] of [
      ['sockets', (pool: Pool) => pool.busy],
      ['freeSockets', (pool: Pool) => pool.free],
    ] as const)
      Object.defineProperty(this, field, {
        configurable: true,
        enumerable: true,
        get: () => this.#list(read),
      });
  }

  /** Called by `node:http` for every request; not for callers. */
  addRequest(request: ClientRequest, given: RequestOptions): void {
    const agentOptions = (this as unknown as { options: RequestOptions }).options;
    // Already the request's own copy (node:http, ClientRequest), and of a shape that is slow to copy once more.
    const options: RequestOptions = Object.assign(given, agentOptions);
    const secure = request.protocol === 'https:';
    if (options.socketPath) options.path = options.socketPath;
    if (secure) options.servername ??= serverName(options, request);
    const namer = secure ? this.#secure : this;
    const name = `${request.protocol}${namer.getName(options as never)}`;

    const { core } = this;
    if (core.options.generateKey && !request.headersSent && !isIdempotent(request.method)) {
      if (!hasKey(request.getHeaderNames())) request.setHeader('Idempotency-Key', generatedKey());
    }
    const origin = core.origin(originOf(request.protocol, options));
    const attempts = new Attempts(core, origin, request.method, hasKey(request.getHeaderNames()));
    const pool = this.#pool(name);
    const open: OpenSocket = (done) =>
      this.#create(secure, { ...options, _agentKey: name, encoding: null }, done);
    const stream = new GuardedStream(attempts, {
      acquire: (fresh, done) => pool.acquire({ origin, repeatable: attempts.repeatable, fresh, open, done }),
      release: (connection) => pool.release(connection),
      discard: (connection) => pool.discard(connection),
      reusing: () => {
        request.reusedSocket = true;
      },
      headSeen: () => responseTo(request) !== null,
      broken(details) {
        const response = responseTo(request);
        if (response !== null) explainAbort(response, details);
      },
    });
    stream.once('free', () => {
      stream.complete(keepAliveHint(responseTo(request)?.headers['keep-alive']));
    });
    stream.once('agentRemove', () => stream.takenOver());
    (request as unknown as { onSocket(socket: Duplex): void }).onSocket(stream);
  }

  override destroy(): void {
    for (const pool of this.#pools.values()) pool.destroy();
    this.#secure.destroy();
  }

  #pool(name: string): Pool {
    const known = this.#pools.get(name);
    if (known) return known;
    // A service that talks to ever new hosts must not keep an empty pool for each.
    for (const [other, pool] of this.#pools) if (pool.size + pool.waiting === 0) this.#pools.delete(other);
    const pool: Pool = new Pool(this.core, {
      maxSockets: this.maxSockets,
      maxFreeSockets: this.maxFreeSockets,
      makeRoom: () => this.#makeRoom(),
      changed: () => {
        if (this.maxTotalSockets === Number.POSITIVE_INFINITY) return;
        for (const other of this.#pools.values()) if (other !== pool) other.serve();
      },
    });
    this.#pools.set(name, pool);
    return pool;
  }

  #makeRoom(): boolean {
    if (this.maxTotalSockets === Number.POSITIVE_INFINITY) return true;
    const pools = [...this.#pools.values()];
    const total = pools.reduce((sum, pool) => sum + pool.size, 0);
    return total < this.maxTotalSockets || pools.some((pool) => pool.retireOldest());
  }

  #create(secure: boolean, options: object, done: (error: Error | null, socket?: Duplex) => void) {
    const own = (this as unknown as { createConnection: Create }).createConnection;
    const inherited = (HttpAgent.prototype as unknown as { createConnection: Create }).createConnection;
    // An own createConnection (a tunnel, a test) is used for both; else each protocol has Node's.
    if (own !== inherited || !secure) return own.call(this, options, done);
    return (this.#secure as unknown as { createConnection: Create }).createConnection(options, done);
  }

  #list<T>(read: (pool: Pool) => T[]): Record<string, T[]> {
    const lists = [...this.#pools].map(([name, pool]) => [name, read(pool)] as const);
    return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
  }
}

/** The same for `node:https`, and for clients that take one agent per protocol. */
export class GuardedHttpsAgent extends GuardedAgent {
  // What node:https checks and takes the port from.
  readonly protocol = 'https:';
  readonly defaultPort = 443;
}

/** What `node:http` is reading, once it has its head. */
const responseTo = (request: ClientRequest) => (request as unknown as { res: IncomingMessage | null }).res;

/**
 * `node:http` makes the error of a response that is cut short ("aborted") itself, and hands it to `_destroy`. The response
 * gets the explanation too: got and axios make errors of their own out of its event `aborted`, and name it there.
 */
function explainAbort(response: IncomingMessage, details: () => ResetDetails): void {
  if (response.complete) return;
  const destroy = response._destroy;
  response._destroy = (error, callback) => {
    if (error !== null) {
      const told = details();
      explain(error, told);
      explain(response, told);
    }
    destroy.call(response, error, callback);
  };
}

/** As `node:https` works out the name for SNI: from the Host header, without its port; an address has none. */
function serverName(options: RequestOptions, request: ClientRequest): string {
  const header = request.getHeader('host');
  const host = typeof header === 'string' ? header : (options.host ?? '');
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.split(':', 1)[0]!;
  return /^[\d.]+$|:/.test(name) ? '' : name;
}

function originOf(protocol: string, { host, port, socketPath }: RequestOptions): string {
  if (socketPath) return `unix:${socketPath}`;
  return `${protocol}//${host?.includes(':') ? `[${host}]` : (host ?? 'localhost')}:${port}`;
}
