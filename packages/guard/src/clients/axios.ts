import { fullJitter } from '../jitter.ts';
import { type GuardOptions, resolveOptions } from '../options.ts';
import { safeToRepeat } from './safe-to-repeat.ts';

/** The part of an AxiosError that is read. */
interface AxiosFailure {
  config?: { method?: string; headers?: object };
  response?: { status: number; headers?: Record<string, unknown> };
}

export interface AxiosRetryOptions {
  retries: number;
  retryCondition(error: unknown): boolean;
  retryDelay(count: number): number;
}

/**
 * Options for `axiosRetry(axios, …)`, whose defaults repeat a POST after every network error: these repeat only what
 * reached no connection, or may be executed twice. With a guarded `httpAgent` and `httpsAgent` they
 * stay out of its way: what the agent gave up is not tried again.
 */
export function axiosOptions(options: GuardOptions = {}): AxiosRetryOptions {
  const { maxAttempts, baseDelayMs, maxDelayMs } = resolveOptions(options);
  return {
    retries: maxAttempts - 1,
    retryCondition(error) {
      const { config, response } = (error ?? {}) as AxiosFailure;
      if (response !== undefined || config === undefined) return false;
      return safeToRepeat(error, (config.method ?? 'get').toUpperCase(), Object.keys(config.headers ?? {}));
    },
    retryDelay: (count) => fullJitter(count, baseDelayMs, maxDelayMs, Math.random()),
  };
}
