import { UsageError } from './usage-error.ts';

/** Milliseconds as a number, or a number with its unit: `'250ms'`, `'25s'`, `'1.5m'`, `'1h'`. */
export type Duration = number | string;

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * A duration in milliseconds.
 *
 * @param name of the option, for the sentence of the error.
 * @throws UsageError on anything else than a finite, not negative duration.
 */
export function milliseconds(duration: Duration, name: string): number {
  if (typeof duration === 'number' && Number.isFinite(duration) && duration >= 0) return duration;
  const match = typeof duration === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)\s*$/.exec(duration) : null;
  if (match) return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  throw new UsageError(
    `${name} is ${JSON.stringify(duration)}: give milliseconds as a number, or a text such as '250ms', '25s' or '2m'`,
  );
}

/** For people: the largest unit that leaves no long fraction, as in `1.5 s`. */
export function describeDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${Number((ms / 1000).toFixed(1))} s` : `${Number((ms / 60_000).toFixed(1))} min`;
}
