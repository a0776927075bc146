import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { factsOf } from '../../packages/whyreset/src/verdict/facts.ts';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { catalogue, examples } from '../helpers/examples.ts';
import { timelineToSubject } from '../helpers/subject.ts';

const golden = fileURLToPath(new URL('matrix.golden.md', import.meta.url));

/** A Markdown table padded as the formatter pads it. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head!, line(widths.map((width) => '-'.repeat(width))), ...body];
}

function matrix(): string {
  const rows = examples.map(({ name, cause, text }) => {
    const subject = timelineToSubject(text);
    const facts = factsOf(subject);
    const cells = catalogue.map((column) => {
      const answer = column.examine(facts);
      return answer.answer === 'supported' ? answer.strength : '·';
    });
    const { verdict } = judge(subject);
    const named = verdict.taxonomy === null ? 'undetermined' : `${verdict.taxonomy} ${verdict.certainty}`;
    return [`${cause.taxonomy} ${name}`, named, ...cells];
  });
  const places = catalogue.map((cause) => cause.taxonomy);
  return [
    '# Every example against every cause',
    '',
    'Rows: the example timelines of the catalogue. Columns: what each cause says to them, and first the verdict.',
    'Written by `UPDATE_GOLDEN=1 npx vitest run test/confusion`; read the difference before you commit it.',
    '',
    ...table([['example', 'verdict', ...places], ...rows]),
    '',
  ].join('\n');
}

test('no cause claims more of the examples than was agreed', () => {
  const now = matrix();
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(golden, now);
  expect(now).toBe(readFileSync(golden, 'utf8'));
});
