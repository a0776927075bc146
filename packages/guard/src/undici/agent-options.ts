/**
 * Options for an undici Agent under a guard, which watches idle connections itself: undici's own rule gives up every
 * connection 2 s before the server's hint, so that a hint of 2 s leaves nothing to reuse, and any without hint after
 * 4 s (undici, lib/dispatcher/client.js). Here a connection outlives the hint by a second, so that the server’s close
 * is seen and learned from.
 */
export const agentOptions = {
  keepAliveTimeout: 60_000,
  keepAliveTimeoutThreshold: -1000,
} as const;
