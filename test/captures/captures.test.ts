import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, type ResetEntry } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';
import { readNote } from '../helpers/note.ts';

/**
 * The recorded truth against the verdict. What a note expects comes from how the
 * capture was made, never from a diagnosis. An honest `undetermined` that lists
 * the true cause passes; a confident wrong answer never does.
 */
const folder = join(root, 'test/captures');

interface Note {
  story: string;
  file: string;
  expect: {
    sender: string;
    taxonomy: string[];
    benign: boolean;
    reset: boolean;
    certainty: string[];
  };
  /** Where connections of one file have different fates: the sick ones. */
  connections?: { originator: string; sender: string; taxonomy: string[] }[];
}

const notes = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => readNote(join(folder, name)) as unknown as Note);

const entriesOf = (note: Note) => diagnose(new Uint8Array(readFileSync(join(folder, note.file)))).resets;

/** The verdict names one of the causes, or honestly lists one among those it cannot tell apart. */
function names(entry: ResetEntry, taxonomy: readonly string[]): boolean {
  if (entry.verdict.taxonomy !== null) return taxonomy.includes(entry.verdict.taxonomy);
  return entry.alternatives.some((alternative) => taxonomy.includes(alternative.taxonomy));
}

/** A wrong answer that a reader would act on. */
const confident = (entry: ResetEntry) =>
  entry.verdict.certainty === 'proven' || entry.verdict.certainty === 'likely';

describe.each(notes)('$story', (note) => {
  const { taxonomy, sender, reset, benign } = note.expect;

  it('is told as it was', () => {
    const entries = entriesOf(note);
    if (taxonomy.length === 0) {
      expect(entries.filter((entry) => !entry.verdict.benign && confident(entry))).toEqual([]);
      return;
    }
    const told = entries.filter((entry) => names(entry, taxonomy));
    expect(
      told.map((entry) => entry.verdict.taxonomy ?? '?'),
      `of ${entries.map((e) => e.verdict.taxonomy)}`,
    ).not.toEqual([]);
    expect(told.some((entry) => entry.reset === reset)).toBe(true);
    expect(told.some((entry) => entry.verdict.benign === benign)).toBe(true);
    expect(told.some((entry) => entry.verdict.sender === sender)).toBe(true);
  });

  it('is told connection by connection', () => {
    if (note.connections === undefined) return;
    const entries = entriesOf(note);
    const told = note.connections.map(({ originator, taxonomy: wanted, sender: by }) => {
      const entry = entries.find((e) => e.connection.originator === originator);
      const right = entry !== undefined && names(entry, wanted) && entry.verdict.sender === by;
      return right
        ? 'right'
        : `${originator} ${wanted}: ${entry?.verdict.taxonomy} by ${entry?.verdict.sender}`;
    });
    expect(told.filter((line) => line !== 'right')).toEqual([]);
    const sick = new Set(note.connections.map((connection) => connection.originator));
    expect(entries.filter((e) => !e.verdict.benign && !sick.has(e.connection.originator))).toEqual([]);
  });

  it('is never proven to be something else', () => {
    const allowed = new Set([
      ...taxonomy,
      ...(note.connections ?? []).flatMap((connection) => connection.taxonomy),
    ]);
    const wrong = entriesOf(note).filter(
      (entry) => entry.verdict.certainty === 'proven' && !allowed.has(entry.verdict.taxonomy ?? ''),
    );
    expect(wrong.map((entry) => `${entry.connection.originator} ${entry.verdict.taxonomy}`)).toEqual([]);
  });

  it('blames no box for what an endpoint did', () => {
    if (sender === 'middlebox') return;
    const blamed = entriesOf(note).filter((entry) => entry.verdict.sender === 'middlebox');
    expect(blamed.map((entry) => `${entry.connection.originator} ${entry.verdict.taxonomy}`)).toEqual([]);
  });
});
