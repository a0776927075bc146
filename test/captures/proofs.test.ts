import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import maker from '../../packages/whyreset/src/evidence/sender/maker.ts';
import { diagnose, type ResetEntry } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';
import { readNote } from '../helpers/note.ts';
import { captureToSubjects } from '../helpers/subject.ts';

/**
 * Runs of honest networks, and constructed packets, that broke a rule which says "proven" (docs/decisions/0016). A
 * note says who made what, from how it was made; `causes` are those that leave the same packets.
 */
const folder = join(root, 'test/captures/proofs');

interface Note {
  story: string;
  file: string;
  /** The client's capture of the same run. */
  pair?: string;
  expect: {
    senders: string[];
    /** No box was there. */
    notBox: boolean;
    /** What is certain of the TCP that held the connection; null when it made the RST, or no RST ended it. */
    outsideStack: 'proven' | null;
    causes: string[];
  };
}

const notes = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => readNote(join(folder, name)) as unknown as Note);

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(folder, name)));

const problems = (inputs: readonly string[]): ResetEntry[] =>
  diagnose(inputs.map((name) => ({ name, bytes: bytesOf(name) }))).resets.filter(
    ({ verdict }) => !verdict.benign,
  );

const listed = ({ verdict, alternatives }: ResetEntry) =>
  [verdict.taxonomy, ...alternatives.map(({ taxonomy }) => taxonomy)].filter((name) => name !== null);

describe.each(notes)('$story', ({ file, pair, expect: truth }) => {
  // A RST that the server's capture does not hold leaves nothing to judge by there; both together do.
  const inputs = pair === undefined ? [[file]] : [[file], [`${pair}.pcap`, file]];

  it.each(inputs.map((names) => [names.join(' with '), names] as const))('%s: the sender', (_, names) => {
    for (const { verdict } of problems(names)) {
      expect(truth.senders).toContain(verdict.sender);
      if (truth.notBox) expect(verdict.sender).not.toBe('middlebox');
    }
  });

  it.each(inputs.map((names) => [names.join(' with '), names] as const))(
    '%s: no proven cause of a box',
    (_, names) => {
      for (const { verdict } of problems(names))
        if (verdict.certainty === 'proven') expect(['D4', 'I3', 'I10']).toContain(verdict.taxonomy);
    },
  );

  it('lists a cause that the packets allow', () => {
    const entries = problems([file]);
    for (const entry of entries)
      expect(listed(entry).filter((name) => truth.causes.includes(name))).not.toEqual([]);
    expect(entries.length).toBeGreaterThan(0);
  });

  it('tells what is certain of the TCP that held the connection', () => {
    for (const subject of captureToSubjects(bytesOf(file))) {
      const made = maker.of(subject);
      if (!made.known) continue;
      if (truth.outsideStack === 'proven') expect(made.madeOutsideStack).toBe('proven');
      else expect(made.madeOutsideStack).not.toBe('proven');
    }
  });
});
