import type { DecisionEvent } from './attempts.ts';
import type { BudgetOptions } from './budget.ts';
import type { KernelBackend } from './ffi/index.ts';
import { refuseMisspelt } from './misspelt.ts';
import { UsageError } from './usage-error.ts';

/** What a guard may be told. Times are in milliseconds. Every option has a default that suits a service's own calls. */
export interface GuardOptions {
  /**
   * Attempts that one request may take, the first included. Default 4. Source: three retries is what axios-retry,
   * AWS SDKs and Polly allow; the budget is what limits them under load.
   */
  maxAttempts?: number;
  /** First upper bound of the full-jitter back-off, ms. Default 100. Source: AWS SDK v3 (@smithy/core 3.41). */
  baseDelayMs?: number;
  /** Largest upper bound of the back-off, ms. Default 20,000. Source: AWS SDK v3. */
  maxDelayMs?: number;
  /**
   * Time for all attempts and the waits between them, ms; when it has passed, the request fails. Default null: none,
   * the caller’s own timeouts and AbortSignal hold.
   */
  deadlineMs?: number | null;
  /**
   * Statuses after which a request that may be repeated is repeated, provided that the answer has `Retry-After`.
   * Default [429, 503] (RFC 6585 §4, RFC 9110 §15.6.4). 421, 425 and an unsolicited 408 need no mention: they prove
   * that nothing was executed.
   */
  retryStatuses?: readonly number[];
  /** Longest `Retry-After` that is waited for, ms; a longer one makes the answer final. Default 30,000 (undici’s cap). */
  maxRetryAfterMs?: number;
  /**
   * The retry budget of each origin. Default { perRequest: 0.2, floorPerSecond: 10, ttlMs: 10,000 }: Finagle’s
   * numbers, also Linkerd’s, tower’s and reqwest’s.
   */
  budget?: Partial<BudgetOptions>;
  /**
   * Whether a peer may execute a request that reached it after it had closed its own direction, and reset the
   * connection then. Default false: such a peer could not answer, and RFC 9112 §9.6 forbids it. A peer that takes what
   * comes after its FIN is seen to do so before anything is repeated, and is treated so from then on. `true` gives up
   * the proofs P1, P2 and P5.
   */
  peerMayProcessAfterHalfClose?: boolean;
  /**
   * Idle age at which the origin closes, ms, when you know it. Default null: learned, and read from `Keep-Alive`.
   */
  idleTimeoutMs?: number | null;
  /**
   * A round trip to the origin that the path never undercuts, ms: distance and a fibre’s 100 km per ms of round trip, or a
   * long measurement. A close that comes within half of it after a request cannot have been caused by the request
   * (grade P2). Default null: the kernel’s smallest measurement; where the kernel cannot be asked, none, and P2
   * is never claimed. 0 switches P2 off.
   */
  minRttMs?: number | null;
  /**
   * Least margin under every idle limit, ms, beside the measured round trip and event-loop delay; a twenty-fifth of
   * the limit where that is more. Default 10: the coarseness of servers’ timers (Node and nginx: 1 ms) and of two
   * loaded schedulers.
   */
  marginMs?: number;
  /**
   * Once in this time, ms, one request that may be repeated tries a connection older than the known limit, so that a
   * raised timeout is noticed, and an idle connection is left open to show when the origin closes it. Default 60,000.
   */
  probeIntervalMs?: number;
  /**
   * Bytes of a streamed body that are kept until the response begins, so that they can be sent again. Default
   * 1,048,576. 0: streams are never sent twice. Buffers and strings are the caller’s own memory and always replay.
   */
  maxReplayBytes?: number;
  /**
   * Gives every request that is not idempotent an `Idempotency-Key` (a UUID, the same over all its attempts), which
   * makes it repeatable. Default false: only for servers that honour it
   * (draft-ietf-httpapi-idempotency-key-header-07).
   */
  generateKey?: boolean;
  /** How the kernel is asked about a socket. Default 'auto': koffi when installed, then `node:ffi` (Node 26). */
  kernel?: KernelBackend | 'auto';
  /** Origins that are remembered; the least recently used is forgotten. Default 1,000. */
  maxOrigins?: number;
  /** Called with every decision: for logs and tests. Default none. Errors thrown by it reach the request. */
  onDecision?: ((event: DecisionEvent) => void) | null;
  /**
   * Told once each, in one line: what a missing kernel view costs (also at `guard.kernel.missing`), and that
   * `guard.agentOptions` were forgotten. Default null: the first is not said, the second is a process warning.
   */
  warn?: ((line: string) => void) | null;
}

export type ResolvedOptions = { [K in keyof GuardOptions]-?: Exclude<GuardOptions[K], undefined> } & {
  budget: BudgetOptions;
};

const DEFAULTS: ResolvedOptions = {
  maxAttempts: 4,
  baseDelayMs: 100,
  maxDelayMs: 20_000,
  deadlineMs: null,
  retryStatuses: [429, 503],
  maxRetryAfterMs: 30_000,
  budget: { perRequest: 0.2, floorPerSecond: 10, ttlMs: 10_000 },
  peerMayProcessAfterHalfClose: false,
  idleTimeoutMs: null,
  minRttMs: null,
  marginMs: 10,
  probeIntervalMs: 60_000,
  maxReplayBytes: 1_048_576,
  generateKey: false,
  kernel: 'auto',
  maxOrigins: 1000,
  onDecision: null,
  warn: null,
};

/** Options with their defaults. Throws {@link UsageError} (`WHYRESET_BAD_OPTION`) for a number out of its range, or a misspelt name. */
export function resolveOptions(options: GuardOptions): ResolvedOptions {
  refuseMisspelt('guard', options, Object.keys(DEFAULTS));
  refuseMisspelt('guard: budget', options.budget ?? {}, Object.keys(DEFAULTS.budget));
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: ResolvedOptions = {
    ...DEFAULTS,
    ...given,
    budget: { ...DEFAULTS.budget, ...options.budget },
  };
  atLeast('maxAttempts', resolved.maxAttempts, 1);
  atLeast('maxOrigins', resolved.maxOrigins, 1);
  for (const name of [
    'baseDelayMs',
    'maxDelayMs',
    'maxRetryAfterMs',
    'marginMs',
    'probeIntervalMs',
    'maxReplayBytes',
  ] as const)
    atLeast(name, resolved[name], 0);
  for (const name of ['deadlineMs', 'idleTimeoutMs', 'minRttMs'] as const)
    if (resolved[name] !== null) atLeast(name, resolved[name], 0);
  atLeast('budget.perRequest', resolved.budget.perRequest, 0);
  atLeast('budget.floorPerSecond', resolved.budget.floorPerSecond, 0);
  atLeast('budget.ttlMs', resolved.budget.ttlMs, 1);
  if (!['auto', 'koffi', 'node:ffi', 'none'].includes(resolved.kernel))
    throw new UsageError(
      `guard: kernel must be 'auto', 'koffi', 'node:ffi' or 'none', not ${String(resolved.kernel)}`,
    );
  return resolved;
}

function atLeast(name: string, value: unknown, least: number): void {
  if (typeof value !== 'number' || Number.isNaN(value) || value < least)
    throw new UsageError(`guard: ${name} must be a number of at least ${least}, not ${String(value)}`);
}
