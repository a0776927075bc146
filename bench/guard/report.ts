import type { Cell } from './measure.ts';
import { perMillion } from './measure.ts';

/** A figure of the table, and what was measured. */
export interface Reached {
  measure: string;
  target: string;
  reached: string;
  /** Null: not measured here. */
  ok: boolean | null;
}

/** A section of the report. */
export interface Section {
  title: string;
  text: string;
  reached: Reached[];
}

export const number = (value: number, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, at) => (at < 2 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Errors, duplicates and connections together: any of them alone can be gamed. */
export function cellTable(cells: readonly Cell[]): string {
  return table(
    [
      'path',
      'client',
      'requests',
      'failed',
      'failed per million',
      'duplicates',
      'connections',
      'per request',
    ],
    cells.map(({ place, contender, load, counts }) => [
      place,
      contender,
      number(load.requests),
      number(load.errors),
      number(perMillion(load.errors, load.requests)),
      number(counts.duplicates),
      number(counts.connections),
      number(counts.connections / load.requests, 2),
    ]),
  );
}

export const verdict = (ok: boolean | null) => (ok === null ? 'not measured' : ok ? 'reached' : '**missed**');

export const notHere = (measure: string, target: string): Reached => ({
  measure,
  target,
  reached: 'needs network namespaces',
  ok: null,
});
