import { fullJitter } from '../jitter.ts';
import { type GuardOptions, resolveOptions } from '../options.ts';
import { explainedHere } from './explained-here.ts';
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
      const { config, response } = (explainedHere(error) ?? {}) as AxiosFailure;
      if (response !== undefined || config === undefined) return false;
      return safeToRepeat(error, (config.method ?? 'get').toUpperCase(), Object.keys(config.headers ?? {}));
    },
    retryDelay: (count) => fullJitter(count, baseDelayMs, maxDelayMs, Math.random()),
  };
}

/** The part of an axios instance that is used. */
export interface AxiosInstance {
  interceptors: {
    response: { use(onFulfilled: null, onRejected: (error: unknown) => unknown): unknown };
  };
}

/**
 * Has the errors of an axios instance with a guarded agent carry `whyreset` themselves, not their `cause` alone:
 * `guard.axios.explain(axios.create({ httpAgent, httpsAgent }))`.
 */
export function explainAxios<A extends AxiosInstance>(instance: A): A {
  instance.interceptors.response.use(null, (error) => Promise.reject(explainedHere(error)));
  return instance;
}
