import diagnostics from 'node:diagnostics_channel';

let told: ((origin: string) => void) | null = null;
let subscribed = false;

/**
 * The origin of a dispatcher whose requests name none, as `pool.request({ path })` does not: undici publishes it with
 * every request that it creates, within `dispatch` when a connection is free.
 */
export class OwnOrigin {
  /** Of the last request; null before the first. A BalancedPool has several. */
  key: string | null = null;

  /** Calls `dispatch`, and `created` with the origin of the request that it creates. */
  during<T>(dispatch: () => T, created: (key: string) => void): T {
    if (!subscribed) {
      subscribed = true;
      diagnostics.subscribe('undici:request:create', (message) => {
        const { origin } = (message as { request: { origin?: unknown } }).request;
        if (origin != null) told?.(originKey(String(origin)));
      });
    }
    const outer = told;
    told = (key) => {
      this.key = key;
      created(key);
    };
    try {
      return dispatch();
    } finally {
      told = outer;
    }
  }
}

/** Of most origins nothing has to be changed: no path, no default port, nothing in capitals. */
const PLAIN = /^https?:\/\/[a-z0-9.[\]:_-]*[^/]$/;
const DEFAULT_PORT = /:(?:80|443)$/;

/** One key for all the ways in which an origin can be given. */
export function originKey(origin: string | URL): string {
  if (typeof origin !== 'string') return origin.origin;
  if (PLAIN.test(origin) && !DEFAULT_PORT.test(origin)) return origin;
  try {
    const { origin: key } = new URL(origin);
    return key === 'null' ? origin : key;
  } catch {
    return origin;
  }
}
