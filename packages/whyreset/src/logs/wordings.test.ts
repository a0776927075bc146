import { describe, expect, it } from 'vitest';
import { mayHold } from './candidates.ts';
import { contexts } from './contexts/index.ts';
import { type EndingId, endings } from './endings.ts';
import { readable } from './normalise.ts';
import { observe } from './observe.ts';
import { recognise, wordings } from './recognise.ts';
import { products } from './wordings/index.ts';

const examples = wordings.flatMap((wording) => wording.examples.map((text) => ({ wording, text })));

/** What a wrapper around the wording may make of its ending; anything else is a contradiction. */
const mayBecome: Partial<Record<EndingId, EndingId[]>> = {
  'RST-READ': ['RST-MID', 'RST-TLS'],
  EOF: ['EOF-MID', 'TLS-EOF'],
  TIMEOUT: ['TLS-TIMEOUT', 'TIMEOUT-CONNECT'],
};

describe('the wordings', () => {
  it.each(examples.map(({ wording, text }) => [wording.id, text.slice(0, 70), text, wording] as const))(
    '%s: %s',
    (_id, _head, text, wording) => {
      const found = recognise(readable(text));
      // A more precise wording may win; what it says must then be the same, or more.
      expect(found, text).not.toBeNull();
      const allowed = [wording.class, ...(mayBecome[wording.class] ?? [])];
      if (wording.strength === 'exact' || wording.strength === 'decisive')
        expect(allowed, `${found!.winner.wording.id} wins`).toContain(found!.ending);
    },
  );

  it('name each wording once and let each be found by its own examples', () => {
    expect(new Set(wordings.map(({ id }) => id)).size).toBe(wordings.length);
    for (const { wording, text } of examples)
      expect([...readable(text).matchAll(wording.regexp)].length, `${wording.id}: ${text}`).toBeGreaterThan(
        0,
      );
  });

  it('say where they come from', () => {
    for (const { program, source } of products) expect(source.length, program).toBeGreaterThan(8);
  });

  it('are found as one escaped JSON log line as well', () => {
    for (const { text } of examples) {
      const line = readable(JSON.stringify({ level: 'error', msg: text }));
      expect(recognise(line)?.ending, line).toBe(recognise(readable(text))?.ending);
    }
  });

  it.each(
    examples
      .filter(({ wording }) => wording.strength !== 'guess')
      .map(({ wording, text }) => [wording.id, text] as const),
  )('no healthy-looking line is passed over that %s would recognise', (_, text) =>
    expect(mayHold(text)).toBe(true),
  );

  it('cover every ending', () => {
    const seen = new Set(wordings.flatMap(({ class: id }) => [id, ...(mayBecome[id] ?? [])]));
    expect(Object.keys(endings).filter((id) => !seen.has(id as EndingId))).toEqual([]);
  });

  it('know the main endings in the words of each major program', () => {
    const main: EndingId[] = ['REFUSED', 'RST-READ', 'EOF', 'EOF-MID', 'TIMEOUT'];
    for (const program of ['Node.js', 'Go', 'Java', 'Python', 'curl', 'nginx']) {
      const own = new Set(wordings.filter((each) => each.program === program).map((each) => each.class));
      expect(
        main.filter((id) => !own.has(id)),
        program,
      ).toEqual([]);
    }
  });

  it('come back from a text that begins every wording again and again', () => {
    for (const { examples: texts } of wordings) {
      const start = texts[0]!.slice(0, Math.ceil(texts[0]!.length * 0.8));
      // Nothing to assert but that it comes back: a backtracking catastrophe would outlast the test's limit.
      recognise(start.repeat(Math.ceil(3_000 / start.length)));
    }
  }, 120_000);
});

describe('the contexts', () => {
  it.each(contexts.flat().map((context) => [context.example, context] as const))('%s', (example, context) => {
    expect(context.regexp.test(example)).toBe(true);
    const text = `Error: read ECONNRESET\n${example}`;
    const { observation } = observe(recognise(text)!, text);
    for (const mark of context.marks)
      expect([...observation.mentioned, ...observation.shown]).toContain(mark);
  });
});
