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

/**
 * An entry of the result as the text has it: hosts and ports under their names, and no date that it does not give.
 *
 * @param text of the input that the entry is from; undefined for a capture
 */
export function asListed<T extends { time: string }>(entry: T, text: TextInfo | undefined): T {
  if (text === undefined) return entry;
  const dated = text.clock === 'absolute' ? entry : { ...entry, time: withoutDate(entry.time) };
  return restoreNames(dated, text.names);
}
