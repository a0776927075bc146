import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain } from '../../packages/whyreset/src/index.ts';
import { root } from '../helpers/cli.ts';

const folder = join(root, 'test/captures/lab');

/** What the textbook programs in four languages print, as the lab recorded it; `explain` has to know their words. */
const words = readdirSync(folder)
  .filter((id) => id.startsWith('textbook-'))
  .flatMap((id) =>
    readFileSync(join(folder, id, 'error.txt'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('client '))
      .map((line) => ({ id, text: line.replace(/^client [^:]*: /, '').replace(/ \[[^\]]*\]$/, '') })),
  );

/** The same hundred POSTs, too long a run to keep: what each language said of a lost one. */
const LOST = [
  'socket hang up',
  'Post "http://10.77.2.2:8080/orders": EOF',
  'java.io.IOException: HTTP/1.1 header parser received no bytes <- java.io.EOFException: EOF reached while reading',
  'RemoteDisconnected: Remote end closed connection without response',
];

const told = (text: string) => {
  const found = explain(text);
  return found !== null && 'ended' in found ? found : null;
};

describe('the words of the textbook programs', () => {
  it.each(words)('$id: $text', ({ text }) => {
    const said = told(text);
    expect(said).not.toBeNull();
    if (/refused/i.test(text)) expect(said!.title).toMatch(/refused/i);
    else if (/reset/i.test(text)) expect(said!.ended).toBe('rst');
  });

  it.each(LOST)('a POST that was lost: %s', (text) => {
    expect(told(text)?.ended).toBe('fin');
  });
});
