/** `@whyreset/guard`: the known timeouts of servers, clients and boxes on a path. */

export { GuardedAgent, type GuardedAgentOptions } from './agent/guarded-agent.ts';
export { type MatchOptions, matchTimeouts, type TimeoutMatch } from './match-timeouts.ts';
export {
  type AtExpiry,
  type KnownTimeout,
  type TimeoutKind,
  type TimeoutSide,
  timeouts,
} from './timeouts.ts';
