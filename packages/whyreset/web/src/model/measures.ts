import type { PageRow } from '../../../src/report/page-rows.ts';

/** The number that gives a finding away, over all its connections. */
export interface Pattern {
  name: string;
  title: string;
  values: number[];
}

/** Measures that a chart shows, the most telling first. */
const TITLES: readonly (readonly [name: string, title: string])[] = [
  ['idle', 'How long each connection had been idle when it ended'],
  ['wait', 'How long each request had waited for an answer'],
  ['quiet', 'How long after the last answer each connection was reset'],
  ['elapsed', 'How long after the handshake each connection ended'],
  ['late', 'How long after the close each connection was used again'],
];

/** Null where fewer than two connections have a common measure: one bar shows nothing. */
export function patternOf(rows: readonly PageRow[]): Pattern | null {
  for (const [name, title] of TITLES) {
    const values = rows.flatMap(({ measures }) => (measures[name] === undefined ? [] : [measures[name]]));
    if (values.length >= 2) return { name, title, values };
  }
  return null;
}
