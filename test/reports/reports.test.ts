import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainText } from '../../packages/whyreset/src/explain/explain-text.ts';
import type { TextExplanation } from '../../packages/whyreset/src/explain/explanation.ts';
import { root } from '../helpers/cli.ts';

interface Expected {
  recognised?: boolean;
  /** How the text may say that it ended; `timeout`, `silence`, `stream` … stand for neither a FIN nor a RST. */
  endedOneOf?: string[];
  /** The true cause is one of these letters. */
  causesAnyOf?: string[];
  rankAtMost?: number;
  /** What the next steps must speak of. */
  nextMatches?: string;
  /** Words before which "not a capture" stands: a log says it, packets would not. */
  nextStep?: string;
  host?: string;
  port?: number;
}

interface Report {
  name: string;
  text: string;
  expect: Expected;
}

/** Names of the public set for what the catalogue calls otherwise. */
const ALSO: Record<string, string> = { ACL: 'H13', WRONGPORT: 'P4', TLSPOLICY: 'P3' };
const ENDED: Record<string, readonly string[]> = {
  fin: ['fin'],
  rst: ['rst'],
  unclear: ['unclear'],
  neither: ['neither'],
  timeout: ['neither'],
  silence: ['neither'],
  stream: ['neither'],
  h2: ['neither'],
  local: ['neither', 'unclear'],
};

function reports(set: string): Report[] {
  const folder = join(root, 'test/reports', set);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      name,
      text: readFileSync(join(folder, name.replace('.json', '.txt')), 'utf8'),
      expect: JSON.parse(readFileSync(join(folder, name), 'utf8')).expect as Expected,
    }));
}

const rankOf = (said: TextExplanation, { causesAnyOf = [] }: Expected): number => {
  const wanted = causesAnyOf.map((letter) => ALSO[letter] ?? letter);
  const at = said.families.findIndex(({ cause }) => wanted.includes(cause));
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
};
const endsRight = (said: TextExplanation, { endedOneOf }: Expected): boolean =>
  endedOneOf === undefined || endedOneOf.some((name) => ENDED[name]?.includes(said.ended));

/**
 * `public`: what people pasted, shortened. `documented`: written from documentation and issues before any wording was.
 * `gathered`: from public threads, when the wordings were there: at first sight 41 of 46 were recognised and the true
 * cause was among the first three in 34.
 */
const SETS = ['public', 'documented', 'gathered'];

for (const set of SETS)
  describe(`reports: ${set}`, () => {
    it.each(reports(set).map((report) => [report.name, report] as const))(
      '%s',
      (_, { text, expect: wanted }) => {
        const said = explainText(text);
        expect(said, 'recognised').not.toBeNull();
        expect(endsRight(said!, wanted), `ended: ${said!.ended}`).toBe(true);
        if (wanted.causesAnyOf !== undefined)
          expect(
            rankOf(said!, wanted),
            said!.families.map(({ cause }) => cause).join(' '),
          ).toBeLessThanOrEqual(wanted.rankAtMost ?? 5);
        if (wanted.nextMatches !== undefined)
          expect(said!.next.join('\n')).toMatch(new RegExp(wanted.nextMatches));
        if (wanted.nextStep?.startsWith('not a capture')) expect(said!.next.length).toBeGreaterThan(0);
        if (wanted.host !== undefined)
          expect(said!.features).toMatchObject({ host: wanted.host, port: wanted.port });
      },
    );
  });

it('the true cause is among the first three of most reports', () => {
  const all = SETS.flatMap(reports).filter(({ expect: { causesAnyOf } }) => causesAnyOf);
  const right = all.filter(({ text, expect: wanted }) => rankOf(explainText(text)!, wanted) <= 3);
  expect(right.length / all.length).toBeGreaterThanOrEqual(0.9);
});
