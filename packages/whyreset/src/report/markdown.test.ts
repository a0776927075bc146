import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../wire/printable.ts';
import { renderMarkdown } from './markdown.ts';
import { code, fenced, inline } from './markdown-escape.ts';
import { hostileText } from './testing/hostile.ts';
import { hostile } from './testing/results.ts';

describe('renderMarkdown', () => {
  it('lets no markup, mention or control character of a capture through', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = renderMarkdown(hostile(text), { explain: true });
        for (const line of page.split('\n')) expect(printable(line)).toBe(line);
        // Outside of code, a tag can only be the empty comment that keeps mentions from forming.
        const prose = page
          .replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, '')
          .replace(/(?<!\\)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
        expect(prose.replaceAll('<!-- -->', ' ')).not.toMatch(/[<>]|[@#][\p{L}\d]|https?:\/\//u);
      }),
      { numRuns: 100 },
    );
  });
});

describe('escapes', () => {
  it.each([
    ['<b>&', '&lt;b&gt;&amp;'],
    ['a|b', 'a\\|b'],
    ['`x` *y* [z](u)', '\\`x\\` \\*y\\* \\[z\\](u)'],
    ['_em_ but tcp_abort_on_overflow', '\\_em\\_ but tcp_abort_on_overflow'],
    ['@torvalds #12', '@<!-- -->torvalds #<!-- -->12'],
    ['http://evil.example', 'http:<!-- -->//evil.example'],
    ['1. no list', '1\\. no list'],
    ['- no list', '\\- no list'],
    ['\u001b[2J', '\\\\x1b\\[2J'],
  ])('%j', (text, expected) => {
    expect(inline(text)).toBe(expected);
  });
  it('code spans hold backticks', () => {
    expect(code('a')).toBe('`a`');
    expect(code('a``b')).toBe('```a``b```');
    expect(code('`')).toBe('`` ` ``');
  });
  it('a fence is longer than what it holds', () => {
    expect(fenced(['```'], 'text')).toEqual(['````text', '```', '````']);
  });
});
