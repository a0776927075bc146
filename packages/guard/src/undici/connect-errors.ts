import diagnostics from 'node:diagnostics_channel';

const seen = new WeakSet<object>();
let subscribed = false;

/** To be called before the first request: from here on, errors of connections that did not come about are known. */
export function watchConnectErrors(): void {
  if (subscribed) return;
  subscribed = true;
  diagnostics.subscribe('undici:client:connectError', (message) => {
    const { error } = message as { error?: unknown };
    if (typeof error === 'object' && error !== null) seen.add(error);
  });
}

/**
 * Whether undici met this error when it opened a connection. One that another layer made up (MockAgent, an interceptor)
 * looks the same, and does not say that nothing was written.
 */
export const isConnectError = (error: Error): boolean => seen.has(error);
