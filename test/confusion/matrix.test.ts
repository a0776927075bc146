import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { factsOf } from '../../packages/whyreset/src/verdict/facts.ts';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { askCause } from '../helpers/ask-cause.ts';
import { catalogue, examples } from '../helpers/examples.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const golden = fileURLToPath(new URL('matrix.golden.md', import.meta.url));

/**
 * One line an example: the verdict, then the causes that anything speaks for, by strength. A new cause adds lines
 * and changes only those that it has something to say about.
 */
function sparse(): string {
  const rows = examples.map(({ name, cause, text }) => {
    const subject = timelineToSubject(text);
    const facts = factsOf(subject);
    const supporting = catalogue.flatMap((each) => {
      const answer = askCause(each, facts);
      return answer.answer === 'supported' ? [`${each.taxonomy} ${answer.strength}`] : [];
    });
    const { family, taxonomy, certainty, general } = judge(subject).verdict;
    const within = general === null ? '' : ` (${general.taxonomy} ${general.certainty})`;
    const named = taxonomy === null ? 'undetermined' : `${taxonomy} ${certainty}${within}`;
    return `- ${cause.taxonomy} ${name}: **${family ?? 'none'}, ${named}**; ${supporting.join(', ') || 'no support'}`;
  });
  return [
    '# Every example against every cause',
    '',
    'One line an example of the catalogue: the verdict, then every cause that something speaks for, and how strongly.',
    'Written by `UPDATE_GOLDEN=1 npx vitest run test/confusion`; read the difference before you commit it.',
    '',
    ...rows,
    '',
  ].join('\n');
}

test('no cause claims more of the examples than was agreed', () => {
  const now = sparse();
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, now);
  expect(now).toBe(readFileSync(golden, 'utf8'));
});
