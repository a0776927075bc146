import diagnostics from 'node:diagnostics_channel';

const seen = new WeakSet<object>();
let subscribed = false;

/** To be called before anything is dispatched. */
export function noteConnectErrors(): void {
  if (subscribed) return;
  subscribed = true;
  diagnostics.subscribe('undici:client:connectError', (message) => {
    const { error } = message as { error?: unknown };
    if (typeof error === 'object' && error !== null) seen.add(error);
  });
}

/**
 * Whether a request failed because no connection came about: undici published the error, or no name was found by an
 * interceptor that looks names up itself. An error out of a mock, or of another interceptor, says nothing of the network.
 */
export const isConnectError = (error: Error): boolean =>
  seen.has(error) || (error as NodeJS.ErrnoException).syscall === 'getaddrinfo';
