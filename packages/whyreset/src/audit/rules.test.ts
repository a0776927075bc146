import { describe, expect, it } from 'vitest';
import { audit, findProduct } from './audit.ts';
import type { Example } from './rule.ts';
import { rules } from './rules/index.ts';

const run = ({ files, behind }: Example) =>
  audit(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    { behind: behind ?? null },
  );

describe.each(rules)('$id', (rule) => {
  it.each(rule.bad)('finds: $title', (example) => {
    const found = run(example).findings.filter((finding) => finding.rule === rule.id);
    expect(found).not.toEqual([]);
    for (const { positions, message, edits } of found) {
      expect(positions).not.toEqual([]);
      for (const { file, line, column } of positions) {
        expect(example.files[file]!.split('\n').length).toBeGreaterThanOrEqual(line);
        expect(column).toBeGreaterThan(0);
      }
      expect(message).not.toMatch(/undefined|NaN|null/);
      for (const { text } of edits) expect(text).not.toMatch(/undefined|NaN|Infinity/);
    }
  });

  it.each(rule.good)('is quiet: $title', (example) => {
    expect(run(example).findings).toEqual([]);
  });

  it('says why, and where that is written', () => {
    expect(rule.title).toMatch(/\.$/);
    expect(rule.why.length).toBeGreaterThan(80);
    expect(rule.sources).not.toEqual([]);
  });
});

it('knows every product that an example stands behind', () => {
  for (const { bad, good } of rules)
    for (const { behind } of [...bad, ...good]) if (behind) expect(findProduct(behind)).not.toBeNull();
});
