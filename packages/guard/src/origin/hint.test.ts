import { expect, it } from 'vitest';
import { keepAliveHint, retryAfter } from './hint.ts';

it.each([
  ['timeout=5', 5000],
  ['timeout=5, max=100', 5000],
  ['max=100, timeout=5', 5000],
  ['max=100,TIMEOUT = "7"', 7000],
  ['timeout=0', 0],
  ['max=100', null],
  ['xtimeout=5', null],
  ['timeout=-5', null],
  ['', null],
  [null, null],
])('Keep-Alive: %s promises %s ms', (value, ms) => expect(keepAliveHint(value)).toBe(ms));

it('reads a Keep-Alive that came twice', () => expect(keepAliveHint(['max=3', 'timeout=2'])).toBe(2000));

const now = Date.parse('Sat, 21 Nov 2026 12:00:00 GMT');
it.each([
  ['3', 3000],
  [' 0 ', 0],
  ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['2027', 2_027_000],
  ['-1', null],
  ['soon', null],
  ['1e9999', null],
  [null, null],
])('Retry-After: %s asks for %s ms', (value, ms) => expect(retryAfter(value, now)).toBe(ms));
