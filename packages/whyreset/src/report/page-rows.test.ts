import { describe, expect, it } from 'vitest';
import { millisecondsOf, RowPacker, rowOf, unpackRows } from './page-rows.ts';
import { results } from './testing/results.ts';

describe('rows of a page', () => {
  it('come back from a file as they went in', () => {
    for (const { resets } of Object.values(results)) {
      const packer = new RowPacker();
      for (const entry of resets) packer.add(entry);
      const file = JSON.parse(JSON.stringify(packer.result()));
      expect(unpackRows(file)).toEqual(resets.map(rowOf));
    }
  });

  it('have a time as a number, with or without a date', () => {
    expect(millisecondsOf('2026-11-21T01:43:06.373323Z')).toBe(Date.parse('2026-11-21T01:43:06.373Z'));
    expect(millisecondsOf('12:00:00.000100')).toBeCloseTo(43_200_000.1, 3);
    expect(millisecondsOf('27:00:01')).toBe(97_201_000);
  });
});
