import { type AgentOptions, type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions as TlsAgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import { GuardCore } from '../guard-core.ts';
import type { GuardOptions } from '../options.ts';
import { type AddRequest, AgentGuard, type RequestOptions } from './agent-guard.ts';

export interface GuardedAgentOptions
  extends GuardOptions,
    AgentOptions,
    Omit<TlsAgentOptions, keyof AgentOptions> {
  /** Knowledge, budgets and statistics shared with other transports. Default: the agent's own. */
  core?: GuardCore;
}

const addRequest = (HttpAgent.prototype as unknown as { addRequest: AddRequest }).addRequest;

/**
 * An `http.Agent` that keeps connections alive, does not use those that the server is about to close, and sends a
 * request again when it cannot have been executed or may be executed twice.
 *
 *     http.request({ agent: new GuardedAgent(), … })
 *
 * Takes the options of `http.Agent` besides those of the guard; `keepAlive` is on unless it is switched off. A request that is
 * sent again emits `socket` again.
 */
export class GuardedAgent extends HttpAgent {
  readonly core: GuardCore;
  readonly #guard: AgentGuard;
  readonly #given: GuardedAgentOptions;
  #secure: GuardedHttpsAgent | null = null;

  constructor(options: GuardedAgentOptions = {}) {
    const { core, ...rest } = options;
    super({ ...rest, keepAlive: rest.keepAlive ?? true });
    this.core = core ?? new GuardCore(options);
    this.#given = rest;
    this.#guard = new AgentGuard(this, this.core, addRequest.bind(this));
  }

  /** Called by `node:http` for every request; not for callers. */
  addRequest(request: ClientRequest, ...given: Parameters<typeof optionsOf>): void {
    if (request.protocol !== 'https:') this.#guard.addRequest(request, optionsOf(...given));
    else {
      this.#secure ??= new GuardedHttpsAgent({ ...this.#given, core: this.core });
      this.#secure.addRequest(request, ...given);
    }
  }

  override keepSocketAlive(socket: Socket): boolean {
    return this.#guard.keepSocketAlive(socket);
  }

  override destroy(): void {
    this.#secure?.destroy();
    super.destroy();
  }
}

/** The same for `node:https`, with the sessions that `https.Agent` caches. */
export class GuardedHttpsAgent extends HttpsAgent {
  readonly core: GuardCore;
  readonly #guard: AgentGuard;

  constructor(options: GuardedAgentOptions = {}) {
    const { core, ...rest } = options;
    super({ ...(rest as TlsAgentOptions), keepAlive: rest.keepAlive ?? true });
    this.core = core ?? new GuardCore(options);
    this.#guard = new AgentGuard(this, this.core, addRequest.bind(this));
  }

  /** Called by `node:https` for every request; not for callers. */
  addRequest(request: ClientRequest, ...given: Parameters<typeof optionsOf>): void {
    this.#guard.addRequest(request, optionsOf(...given));
  }

  override keepSocketAlive(socket: Socket): boolean {
    return this.#guard.keepSocketAlive(socket);
  }
}

/** `addRequest` once took host, port and local address one by one, and `http.Agent` still does. */
function optionsOf(
  options: RequestOptions | string,
  port?: number | string,
  localAddress?: string,
): RequestOptions {
  return typeof options === 'string' ? { host: options, port, localAddress } : options;
}
