import type { Agent as HttpsAgent } from 'node:https';
import { GuardedAgent, type GuardedAgentOptions, GuardedHttpsAgent } from '../agent/guarded-agent.ts';
import { explainedHere } from './explained-here.ts';

export interface GotOptions {
  agent: { http: GuardedAgent; https: HttpsAgent };
  /** got's own retries are off: the agent retries what may be retried, under the request. */
  retry: { limit: 0 };
  /** Puts the explanation on the error that got makes of the agent's. */
  hooks: { beforeError: [<E extends Error>(error: E) => E] };
}

/** Options for `got.extend(…)` (got 11 and later): a guarded agent, and no second layer of retries above it. */
export function gotOptions(options: GuardedAgentOptions = {}): GotOptions {
  const http = new GuardedAgent(options);
  const https = new GuardedHttpsAgent({ ...options, core: http.core });
  return {
    agent: { http, https },
    retry: { limit: 0 },
    hooks: { beforeError: [explainedHere] },
  };
}
