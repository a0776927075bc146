import { explain, type ResetDetails } from './explained-error.ts';
import type { GuardCore } from './guard-core.ts';
import { agentOptions } from './undici/agent-options.ts';
import { type InterceptorOptions, interceptorOver } from './undici/interceptor.ts';
import type { Dispatch } from './undici/types.ts';
import { UsageError } from './usage-error.ts';

/** What is used of an undici dispatcher. */
export interface ComposableDispatcher {
  dispatch: Dispatch;
  compose(...interceptors: unknown[]): unknown;
  close(): Promise<void>;
}

export interface GuardedFetchOptions extends InterceptorOptions {
  /**
   * The dispatcher that the guard is composed onto, of any undici from 6 to 8. Default: an Agent of the undici inside
   * Node with {@link agentOptions}; or, when the global dispatcher is no plain Agent (a proxy's, a mock), that one.
   */
  dispatcher?: ComposableDispatcher;
  /** The fetch to call. Default: Node's own. */
  fetch?: typeof globalThis.fetch;
}

export interface GuardedFetch {
  (...args: Parameters<typeof globalThis.fetch>): Promise<Response>;
  readonly core: GuardCore;
}

/** A `fetch` whose requests are guarded. Errors are fetch's own (`TypeError: fetch failed`), with `whyreset` on them. */
export function guardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const guard = interceptorOver(options, options.dispatcher !== undefined);
  let dispatcher: unknown = null;
  const guarded = async (...[input, init]: Parameters<typeof globalThis.fetch>) => {
    dispatcher ??= (options.dispatcher ?? builtInDispatcher()).compose(guard);
    try {
      return await (options.fetch ?? globalThis.fetch)(input, { ...init, dispatcher } as RequestInit);
    } catch (error) {
      const details = (error as { cause?: { whyreset?: ResetDetails } })?.cause?.whyreset;
      throw details === undefined ? error : explain(error as Error, details);
    }
  };
  return Object.assign(guarded, { core: guard.core });
}

function builtInDispatcher(): ComposableDispatcher {
  // Node loads its undici when one of its globals is first touched; only then there is a global dispatcher.
  void globalThis.Headers;
  const found = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')] as
    | ComposableDispatcher
    | undefined;
  if (typeof found?.compose !== 'function')
    throw new UsageError(
      'guardedFetch: this Node shows no dispatcher of its own; give one: guardedFetch({ dispatcher: new Agent(guard.agentOptions) }) with Agent from undici',
    );
  if (found.constructor.name !== 'Agent') return found;
  return new (found.constructor as new (options: object) => ComposableDispatcher)(agentOptions);
}
