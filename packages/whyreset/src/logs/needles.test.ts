import { expect, it } from 'vitest';
import { eachCandidate } from './candidates.ts';
import { needlesOf } from './needles.ts';
import { wordings } from './recognise.ts';

it.each([
  [/\bsocket hang up\b/, ['socket hang up']],
  [/\bread ECONNRESET\b|\bfetch failed\b/, ['read econnreset', 'fetch failed']],
  [/\b(?:ETIMEDOUT|ESOCKETTIMEDOUT)\b/, ['etimedout', 'esockettimedout']],
  [/\bcolou?rs? of resets?/, [' of reset']],
  [/closed[^\n]{0,30}unexpectedly/, ['unexpectedly']],
  [/a|bcdefg/, null],
  [/\d{3} (?:abc|defgh)?/, null],
])('%s needs %j', (regexp, needles) => {
  expect(needlesOf(regexp)).toEqual(needles);
});

it('loses no example of any wording', () => {
  for (const { id, needles, examples } of wordings)
    for (const text of needles === null ? [] : examples)
      expect(
        needles!.some((needle) => text.toLowerCase().includes(needle)),
        `${id}: ${text}`,
      ).toBe(true);
});

it('finds the lines of a text that may hold a wording, whatever script they are in', () => {
  const lines = [
    'all is well',
    'read ECONNRESET',
    'İ all is well',
    'socket hang up',
    '远程主机强迫关闭了一个现有的连接。',
    'GET / 200',
  ];
  const found: string[] = [];
  const text = lines.join('\n');
  eachCandidate(text, (from, to) => found.push(text.slice(from, to)));
  expect(found).toEqual([lines[1], lines[3], lines[4]]);
});
