/** `@whyreset/guard`: connection resets kept from a service’s users. */
export { GuardedAgent, type GuardedAgentOptions } from './agent/guarded-agent.ts';
export * from './known-timeouts.ts';
