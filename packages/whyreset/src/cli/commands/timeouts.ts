import { type KnownTimeout, matchTimeouts, timeouts } from '@whyreset/guard/timeouts';
import { renderTimeouts, type TimeoutLine } from '../../report/timeouts.ts';
import { OK, PROBLEMS } from '../exit.ts';
import { terminal } from '../terminal.ts';

export interface TimeoutsCommandOptions {
  format: 'text' | 'json' | 'markdown';
}

/** A short timeout further off than this part of itself is another one. */
const NEAR = 0.25;

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** `350`, `5s`, `1.5h` as seconds; null for what is no duration. */
function secondsOf(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d)?$/i.exec(text);
  return match === null ? null : Number(match[1]) * UNITS[(match[2] ?? 's').toLowerCase()]!;
}

/** Every word stands in the product, the setting or the id. */
function isAbout({ product, configurableAs, id }: KnownTimeout, words: readonly string[]): boolean {
  const text = `${product} ${configurableAs ?? ''} ${id}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function find(what: string): TimeoutLine[] {
  const seconds = secondsOf(what);
  if (seconds !== null)
    return matchTimeouts(seconds)
      .filter(
        ({ timeout, offBy, rule }) =>
          rule === 'after-expiry' || Math.abs(offBy) <= NEAR * timeout.defaultSeconds!,
      )
      .map(({ timeout, rule, offBy }) => ({
        timeout,
        match: rule === 'at-expiry' ? { offBy } : { outlasted: true },
      }));
  const words = what
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return timeouts.filter((timeout) => isAbout(timeout, words)).map((timeout) => ({ timeout }));
}

/** `whyreset timeouts`: the known timeouts, of a product, or near a duration. */
export async function timeoutsCommand(
  what: readonly string[],
  { format }: TimeoutsCommandOptions,
): Promise<number> {
  const asked = what.join(' ').trim();
  const lines = find(asked);
  if (lines.length === 0) {
    process.stderr.write(
      `whyreset: no known timeout ${secondsOf(asked) === null ? `of '${asked}'` : `near ${asked}`}; "whyreset timeouts" lists all.\n`,
    );
    return PROBLEMS;
  }
  process.stdout.write(renderTimeouts(lines, { ...terminal(), format }));
  return OK;
}
