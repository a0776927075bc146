import { GuardedAgent, type GuardedAgentOptions } from '../agent/guarded-agent.ts';

export interface GotOptions {
  agent: { http: GuardedAgent; https: GuardedAgent };
  /** got's own retries are off: the agent retries what may be retried, under the request. */
  retry: { limit: 0 };
}

/** Options for `got.extend(…)` (got 11 and later): a guarded agent, and no second layer of retries above it. */
export function gotOptions(options: GuardedAgentOptions = {}): GotOptions {
  const agent = new GuardedAgent(options);
  return { agent: { http: agent, https: agent }, retry: { limit: 0 } };
}
