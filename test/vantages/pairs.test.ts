import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { diagnose, NotACaptureError } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';
import { readNote } from '../helpers/note.ts';

/** Recordings that both ends made of the same run: together they must tell what really happened, once. */
const folder = join(root, 'test/captures');

interface Note {
  story: string;
  file: string;
  pair?: string;
  expect: { sender: string; taxonomy: string[] };
}

const schema = JSON.parse(readFileSync(join(root, 'packages/whyreset/schema/result.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);

const noteOf = (story: string) => readNote(join(folder, `${story}.md`)) as unknown as Note;

const pairs = readdirSync(folder)
  .filter((name) => name.endsWith('.md') && name !== 'README.md')
  .map((name) => noteOf(name.replace(/\.md$/, '')))
  .filter((note) => note.pair !== undefined)
  .map((note) => ({ ...note, other: noteOf(note.pair!) }));

describe.each(pairs)('$story with $pair', ({ file, other, expect: truth }) => {
  const inputs = [file, other.file].map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(join(folder, name))),
  }));
  const result = diagnose(inputs);
  const { resets, summary, findings } = result;
  // Each note names who ended what was in its own view; a box that both were in view of comes first.
  const senders = [truth.sender, other.expect.sender];
  const sender = senders.includes('middlebox') ? 'middlebox' : truth.sender;

  it('is one connection, told once', () => {
    expect(summary).toMatchObject({ connections: 1, resets: 1 });
    expect(resets).toHaveLength(1);
    expect(findings.reduce((sum, { count }) => sum + count, 0)).toBe(1);
  });

  it('keeps to the schema', () => {
    validate(JSON.parse(JSON.stringify(result)));
    expect(validate.errors).toBeNull();
  });

  it('is told as it was', () => {
    const [entry] = resets;
    expect(entry!.verdict.sender).toBe(sender);
    // A box that is known to have made it may have had several reasons: then the true one is in the list.
    const { verdict, alternatives } = entry!;
    const told =
      verdict.taxonomy === null ? alternatives.map(({ taxonomy }) => taxonomy) : [verdict.taxonomy];
    const right = new Set([...truth.taxonomy, ...other.expect.taxonomy]);
    expect(told.filter((taxonomy) => right.has(taxonomy))).not.toEqual([]);
  });

  it('knows who stands where', () => {
    const [own, far] = resets[0]!.vantages!;
    expect(far).toMatchObject({ relation: 'same', hops: 1 });
    // The client's captures bear its name or none.
    expect(inputs[far!.input]!.name.includes('-server')).toBe(far!.nearer === 'server');
    expect(inputs[own!.input]!.name.includes('-server')).toBe(far!.nearer === 'client');
    // One machine recorded both, so the clocks are the same.
    expect(Math.abs(far!.clock!.offset)).toBeLessThanOrEqual(far!.clock!.error);
  });
});

describe('inputs made to break the parsers', () => {
  const corpus = join(root, 'test/fuzz/corpus');
  const twin = new Uint8Array(readFileSync(join(folder, pairs[0]!.file)));

  it.each(readdirSync(corpus).filter((name) => name.endsWith('.bin')))('%s, beside a twin', (name) => {
    const bytes = new Uint8Array(readFileSync(join(corpus, name)));
    for (const other of [bytes, twin]) {
      try {
        const result = diagnose([
          { name, bytes },
          { name: 'other', bytes: other },
        ]);
        validate(JSON.parse(JSON.stringify(result)));
        expect(validate.errors).toBeNull();
      } catch (error) {
        expect(error).toBeInstanceOf(NotACaptureError);
      }
    }
  });
});
