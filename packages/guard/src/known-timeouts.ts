/** `@whyreset/guard/timeouts`: the known timeouts of servers, clients and boxes on a path; needs nothing of Node. */
export { type MatchOptions, matchTimeouts, type TimeoutMatch } from './match-timeouts.ts';
export {
  type AtExpiry,
  type KnownTimeout,
  type TimeoutKind,
  type TimeoutSide,
  timeouts,
} from './timeouts.ts';
