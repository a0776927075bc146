import { describe, expect, it } from 'vitest';
import { packetRefs } from './sections.ts';
import { clip, wrap } from './wrap.ts';

describe('wrap', () => {
  it('breaks between words', () => {
    expect(wrap('the server sent a FIN', 10)).toEqual(['the server', 'sent a FIN']);
  });
  it('keeps a number with its unit', () => {
    expect(wrap('after about 60.0 s of silence', 16)).toEqual(['after about', '60.0 s of', 'silence']);
    expect(wrap('waits (300 ms, twice)', 11)).toEqual(['waits', '(300 ms,', 'twice)']);
  });
  it('does not take a word that begins like a unit for one', () => {
    expect(wrap('has 3 servers', 5)).toEqual(['has 3', 'serve', 'rs']);
  });
  it('cuts a word that is too wide, between graphemes, by columns', () => {
    expect(wrap('漢字漢字', 5)).toEqual(['漢字', '漢字']);
    expect(wrap('e\u0301e\u0301e\u0301', 2)).toEqual(['e\u0301e\u0301', 'e\u0301']);
  });
  it('gives one empty line for nothing', () => {
    expect(wrap('  ', 10)).toEqual(['']);
  });
});

it('clip says that something was cut off', () => {
  expect(clip('ShADadtTcC', 6, '…')).toBe('ShADa…');
  expect(clip('ShADad', 6, '…')).toBe('ShADad');
});

it('packetRefs counts what it does not show', () => {
  expect(packetRefs([], 16)).toBe('');
  expect(packetRefs([1, 2, 3], 16)).toBe('#1 #2 #3');
  expect(packetRefs([100, 200, 300, 400], 14)).toBe('#100 #200 +2');
});
