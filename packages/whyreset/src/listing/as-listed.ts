import type { TextInfo } from '../wire/reader.ts';
import { restoreNames } from './list-names.ts';

const HOURS_OF_DAY = 24;

/** `01:52:53.700828` from a moment near 1970 that stands for a time without a date; hours go on past midnight. */
function withoutDate(iso: string): string {
  const parts = /^1970-01-(\d\d)T(\d\d):(.*)Z$/.exec(iso);
  if (parts === null) return iso;
  const hours = (Number(parts[1]) - 1) * HOURS_OF_DAY + Number(parts[2]);
  return `${String(hours).padStart(2, '0')}:${parts[3]}`;
}

/** An entry of the result, as far as a text changes it. */
interface Listed {
  input: number;
  time: string;
  vantages?: { input: number; clock: unknown }[];
}

/**
 * An entry of the result as its texts have it: hosts and ports under their names, no date that a text does not give,
 * and no difference of clocks that is nothing but the missing date.
 *
 * @param texts of all inputs, in order; undefined for a capture
 */
export function asListed<T extends Listed>(entry: T, texts: readonly (TextInfo | undefined)[]): T {
  if (texts.every((text) => text === undefined)) return entry;
  const isDateless = (input: number) => (texts[input]?.clock ?? 'absolute') !== 'absolute';
  const dateless = isDateless(entry.input);
  const own = dateless ? { ...entry, time: withoutDate(entry.time) } : entry;
  const vantages = own.vantages?.map((vantage) =>
    dateless || isDateless(vantage.input) ? { ...vantage, clock: null } : vantage,
  );
  const told = vantages === undefined ? own : { ...own, vantages };
  return texts.reduce((value, text) => (text === undefined ? value : restoreNames(value, text.names)), told);
}
