/** Handlers one above the other, as far as they show the next one. */
const MOST_LAYERS = 8;

/**
 * Whether retries of undici 6 (RetryAgent) stand above this handler: they would multiply with the guard's, and in that
 * line nothing can tell them that an error is final. Told by the options that every RetryHandler carries, through
 * handlers that show the one above; where nothing shows, none is assumed.
 */
export function retriesAbove(handler: object): boolean {
  let layer: unknown = handler;
  for (let depth = 0; depth < MOST_LAYERS && typeof layer === 'object' && layer !== null; depth++) {
    const { retryOpts, handler: above } = layer as { retryOpts?: { retry?: unknown }; handler?: unknown };
    if (typeof retryOpts?.retry === 'function') return true;
    layer = above;
  }
  return false;
}
