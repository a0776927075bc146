import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectionTable } from './connections.ts';
import { renderCause } from './explanation.ts';
import { renderMarkdown } from './markdown.ts';
import { connections } from './testing/connections.ts';
import { aCause, anErrorText } from './testing/explanations.ts';
import { results } from './testing/results.ts';
import { renderText } from './text.ts';
import { renderErrorText } from './text-explanation.ts';

/** Compares with `golden/<name>`; UPDATE_GOLDEN=1 writes it instead. */
function golden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(text, `golden/${name}; UPDATE_GOLDEN=1 records it anew`).toBe(readFileSync(file, 'utf8'));
}

const plain = { width: 80, colour: false, explain: false };
const text = { width: 80, colour: false, format: 'text' } as const;
const markdown = { ...text, format: 'markdown' } as const;
const explanationOf = (cause: string) => (cause === 'no-listener' ? 'The kernel\nrefused the SYN.' : null);

describe('golden reports', () => {
  for (const [name, result] of Object.entries(results)) {
    for (const width of [80, 140]) {
      it(`${name}, ${width} columns`, () => {
        golden(`${name}-${width}.txt`, renderText(result, { ...plain, width }));
        golden(`${name}-${width}-colour.txt`, renderText(result, { ...plain, width, colour: true }));
      });
    }
  }
  it('explained, in ASCII, narrow', () => {
    golden(
      'many-100-explain.txt',
      renderText(results.many, { ...plain, width: 100, explain: true, explanationOf }),
    );
    golden('many-80-ascii.txt', renderText(results.many, { ...plain, ascii: true }));
    golden('many-60.txt', renderText(results.many, { ...plain, width: 60 }));
  });
});

describe('golden Markdown', () => {
  it.each(['many', 'harmless', 'empty'] as const)('golden: %s', (name) => {
    golden(`${name}.md`, renderMarkdown(results[name], { explain: false }));
  });
  it('golden: explained', () => {
    golden(
      'many-explain.md',
      renderMarkdown(results.many, { explain: true, explanationOf: () => 'Because.' }),
    );
  });
});

describe('golden tables of connections', () => {
  it.each([80, 140])('golden, %i columns', (width) => {
    golden(`connections-${width}.txt`, [...connectionTable(connections, { width, colour: false })].join(''));
  });
});

describe('golden explanations', () => {
  it('golden: a cause', () => {
    golden('cause-80.txt', renderCause(aCause, text));
    golden('cause-80-colour.txt', renderCause(aCause, { ...text, colour: true }));
    golden('cause.md', renderCause(aCause, markdown));
  });
  it('golden: an error text', () => {
    golden('error-text-80.txt', renderErrorText(anErrorText, text));
    golden('error-text.md', renderErrorText(anErrorText, markdown));
  });
});
