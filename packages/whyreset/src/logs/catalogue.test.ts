import { describe, expect, it } from 'vitest';
import { findCause } from '../causes/find.ts';
import { type ClassId, classes } from './classes.ts';
import { explainText } from './explain-text.ts';
import { patterns } from './patterns/index.ts';

const examples = patterns.flatMap((pattern) => pattern.examples.map((text) => ({ pattern, text })));

/** What a wrapper around the wording may make of its class; anything else is a contradiction. */
const mayBecome: Partial<Record<ClassId, ClassId[]>> = {
  'RST-READ': ['RST-MID', 'RST-TLS'],
  EOF: ['EOF-MID', 'TLS-EOF'],
};

describe('the catalogue of error texts', () => {
  it.each(examples.map(({ pattern, text }) => [pattern.id, text.slice(0, 70), text, pattern] as const))(
    '%s: %s',
    (_id, _head, text, pattern) => {
      const explanation = explainText(text);
      expect([pattern.class, ...(mayBecome[pattern.class] ?? [])]).toContain(explanation?.class);
      expect(explanation?.ended).toBe(pattern.ended ?? classes[explanation!.class].ended);
    },
  );

  it('recognises each example also as one escaped JSON log line', () => {
    for (const { text } of examples) {
      const line = JSON.stringify({ level: 'error', msg: text });
      expect(explainText(line)?.class, line).toBe(explainText(text)?.class);
    }
  });

  it('names each pattern once and lets every pattern be found by its own examples', () => {
    expect(new Set(patterns.map(({ id }) => id)).size).toBe(patterns.length);
    for (const { pattern, text } of examples) {
      expect(text.search(pattern.regexp), `${pattern.id}: ${text}`).toBeGreaterThanOrEqual(0);
    }
  });

  it('has an example of every class', () => {
    const seen = new Set(examples.map(({ text }) => explainText(text)?.class));
    expect(Object.keys(classes).filter((id) => !seen.has(id as ClassId))).toEqual([]);
  });

  it('knows the main classes in the words of each major program', () => {
    const main: ClassId[] = ['REFUSED', 'RST-READ', 'EOF', 'EOF-MID', 'TIMEOUT'];
    for (const program of ['Node.js', 'Go', 'Java', 'Python', 'curl', 'nginx']) {
      const own = new Set(
        patterns.filter((pattern) => pattern.program === program).map((pattern) => pattern.class),
      );
      expect(
        main.filter((id) => !own.has(id)),
        program,
      ).toEqual([]);
    }
  });

  it('uses causes that the catalogue has, and gives every class or pattern some', () => {
    for (const [id, { families }] of [
      ...Object.entries(classes),
      ...patterns.map((p) => [p.id, p] as const),
    ]) {
      for (const { cause, why } of families ?? []) {
        expect(findCause(cause)?.taxonomy, id).toBe(cause);
        expect(why, id).not.toMatch(/\.$/);
      }
    }
    for (const { text } of examples) expect(explainText(text)?.families.length, text).toBeGreaterThan(0);
  });
});
