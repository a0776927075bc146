import type { Certainty, ResetEntry } from '../verdict/result.ts';

/**
 * One connection of a result in the few numbers that a table, a filter and a
 * chart need: a page of 50,000 connections opens at once when the rest of
 * each is read only where it is looked at.
 */
export interface PageRow {
  /** Milliseconds since 1970, or since the midnight or the first packet of a packet list without a date. */
  time: number;
  packet: number;
  /** Index into `inputs`. */
  input: number;
  /** `ip:port`. */
  originator: string;
  responder: string;
  family: string | null;
  cause: string | null;
  certainty: Certainty;
  benign: boolean;
  reset: boolean;
  /** Numbers that the family compares, in SI units, by name. */
  measures: Readonly<Record<string, number>>;
}

const CERTAINTIES: readonly Certainty[] = ['proven', 'likely', 'possible', 'undetermined'];

/** A row as it stands in a file: texts that repeat are indexes into `texts`. */
export type PackedRow = [
  time: number,
  packet: number,
  input: number,
  originator: string,
  responder: number,
  family: number,
  cause: number,
  flags: number,
  measures: number,
  ...values: number[],
];

/** The rows of a result with the texts they share. */
export interface PackedRows {
  texts: string[];
  rows: PackedRow[];
}

/** A time of the result as a number: ISO 8601, or the time of day or span that a packet list gives. */
export function millisecondsOf(time: string): number {
  const span = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(time);
  if (span === null) return Date.parse(time);
  return ((Number(span[1]) * 60 + Number(span[2])) * 60 + Number(span[3])) * 1000;
}

export function rowOf(entry: ResetEntry): PageRow {
  const { verdict, connection } = entry;
  return {
    time: millisecondsOf(entry.time),
    packet: entry.packet,
    input: entry.input,
    originator: connection.originator,
    responder: connection.responder,
    family: verdict.family,
    cause: verdict.cause,
    certainty: verdict.certainty,
    benign: verdict.benign,
    reset: entry.reset,
    measures: entry.measures ?? {},
  };
}

/** Packs rows one by one, as they are read. */
export class RowPacker {
  private readonly packed: PackedRows = { texts: [], rows: [] };
  private readonly index = new Map<string, number>();

  private text(text: string): number {
    let at = this.index.get(text);
    if (at === undefined) {
      at = this.packed.texts.push(text) - 1;
      this.index.set(text, at);
    }
    return at;
  }

  add(entry: ResetEntry): void {
    const row = rowOf(entry);
    const flags = CERTAINTIES.indexOf(row.certainty) | (row.benign ? 4 : 0) | (row.reset ? 8 : 0);
    this.packed.rows.push([
      row.time,
      row.packet,
      row.input,
      row.originator,
      this.text(row.responder),
      row.family === null ? -1 : this.text(row.family),
      row.cause === null ? -1 : this.text(row.cause),
      flags,
      this.text(Object.keys(row.measures).join(' ')),
      ...Object.values(row.measures),
    ]);
  }

  result(): PackedRows {
    return this.packed;
  }
}

export function unpackRows({ texts, rows }: PackedRows): PageRow[] {
  return rows.map(
    ([time, packet, input, originator, responder, family, cause, flags, names, ...values]): PageRow => ({
      time,
      packet,
      input,
      originator,
      responder: texts[responder]!,
      family: texts[family] ?? null,
      cause: texts[cause] ?? null,
      certainty: CERTAINTIES[flags & 3]!,
      benign: (flags & 4) !== 0,
      reset: (flags & 8) !== 0,
      measures: Object.fromEntries(
        texts[names]!.split(' ').flatMap((name, i) => (name === '' ? [] : [[name, values[i]!]])),
      ),
    }),
  );
}
