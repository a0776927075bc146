/** What `npm run demo:guard` shows fits a terminal of 80 columns, with and without colour. */
import { Ansis } from 'ansis';
import { describe, expect, it } from 'vitest';
import { type Column, quote, render } from '../../scripts/demo-guard/table.ts';

const column = (way: Column['way'], errors: number, explained: number, duplicates: number): Column => ({
  way,
  counts: { sent: 1234567, errors, explained, example: null },
  duplicates,
});
const columns = [column('undici', 61, 0, 0), column('retrying', 0, 0, 12), column('guarded', 11, 11, 0)];
// biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for is the escape character
const plainOf = (text: string) => text.replaceAll(/\x1b\[[\d;]*m/g, '');

describe('the demo', () => {
  it('says the same with and without colour, in 80 columns', () => {
    const plain = render(columns, new Ansis(0));
    const coloured = render(columns, new Ansis(3));
    expect(plain).not.toContain('\x1b');
    expect(coloured).toContain('\x1b');
    expect(plainOf(coloured)).toBe(plain);
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(plain).toMatchInlineSnapshot(`
      "                                       undici undici, retrying   with the guard
        orders sent                       1,234,567        1,234,567        1,234,567
        errors, and no idea why                  61                0                0
        errors that say what is so                0                0               11
        orders executed twice                     0               12                0"
    `);
  });

  it('breaks a long sentence between words', () => {
    const text = quote('the guard says', 'word '.repeat(60).trim(), new Ansis(0));
    const lines = text.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.slice(1).flatMap((line) => line.trim().split(' '))).toHaveLength(60);
  });
});
