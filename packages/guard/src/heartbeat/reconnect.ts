import { setTimeout as sleep } from 'node:timers/promises';
import { type Duration, milliseconds } from '../duration.ts';
import { UsageError } from '../usage-error.ts';

export interface ReconnectOptions {
  /** Longest pause before the first attempt; it doubles with every failure. Default: 1 s. */
  base?: Duration;
  /** Longest pause at all. Default: 30 s. */
  max?: Duration;
  /** Attempts before giving up. Default: Infinity. */
  attempts?: number;
  /** Ends it at any moment, with its reason as the error. Default: none. */
  signal?: AbortSignal;
  /** Told after each failure: how often it failed, why, and how long the pause is, in milliseconds. */
  onFailure?: (failure: { attempt: number; error: unknown; pauseMs: number }) => void;
}

/**
 * Connects again, after a pause with full jitter: anywhere between nothing and the longest pause, so that the
 * clients of a server that died do not come back as one. Nothing does this by itself; call it where a
 * connection is lost.
 *
 * @param connect makes one attempt; the signal is the caller's own, or one that never fires.
 * @throws the error of the last attempt, the reason of the signal, or a UsageError for an option out of range.
 */
export async function reconnect<T>(
  connect: (attempt: number, signal: AbortSignal) => PromiseLike<T>,
  options: ReconnectOptions = {},
): Promise<T> {
  const base = milliseconds(options.base ?? '1s', 'base');
  const max = milliseconds(options.max ?? '30s', 'max');
  const { attempts = Number.POSITIVE_INFINITY, signal = new AbortController().signal, onFailure } = options;
  if (!(attempts >= 1)) throw new UsageError(`attempts is ${attempts}: give 1 or more`);
  let pauseMs = Math.random() * Math.min(max, base);
  for (let attempt = 1; ; attempt++) {
    await pause(pauseMs, signal);
    try {
      return await connect(attempt, signal);
    } catch (error) {
      if (attempt >= attempts || signal.aborted) throw error;
      pauseMs = Math.random() * Math.min(max, base * 2 ** attempt);
      onFailure?.({ attempt, error, pauseMs });
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}
