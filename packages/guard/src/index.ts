/** `@whyreset/guard`: connection resets kept from a service’s users. */
export { GuardedAgent, type GuardedAgentOptions, GuardedHttpsAgent } from './agent/guarded-agent.ts';
export type { DecisionEvent, Stop } from './attempts.ts';
export type { BudgetOptions } from './budget.ts';
export {
  type AttemptEnd,
  type Decision,
  type DecisionPolicy,
  decide,
  type FailedAttempt,
  type Grade,
  type ProtocolSignal,
} from './decide.ts';
export { DeadlineError, isExplained, type ResetCode, type ResetDetails } from './explained-error.ts';
export type { OriginSnapshot } from './export/metrics.ts';
export type { Meter } from './export/open-telemetry.ts';
export { type GuardedFetch, type GuardedFetchOptions, guardedFetch } from './fetch.ts';
export type { Kernel, KernelBackend } from './ffi/index.ts';
export { guard } from './guard.ts';
export { GuardCore } from './guard-core.ts';
export * from './heartbeat/index.ts';
export * from './known-timeouts.ts';
export type { GuardOptions } from './options.ts';
export type { GuardInterceptor, InterceptorOptions } from './undici/interceptor.ts';
export { UsageError } from './usage-error.ts';
