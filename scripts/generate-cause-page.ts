/** What a cause's page shows beyond the words of `explain`: how to make it happen, and what it looks like. */
import type { Cause } from '../packages/whyreset/src/causes/define.ts';
import { diagnose } from '../packages/whyreset/src/index.ts';
import { narrate } from '../packages/whyreset/src/lab/narrate.ts';
import type { Scenario } from '../packages/whyreset/src/lab/scenario.ts';
import { scenarios } from '../packages/whyreset/src/lab/scenarios/index.ts';
import { ladderLines } from '../packages/whyreset/src/report/ladder.ts';
import { penOf } from '../packages/whyreset/src/report/pen.ts';
import { timelineToPcap } from '../test/helpers/timeline.ts';

const pen = penOf({ width: 78, colour: false });

function reproduction({ id, title, shows, steps, expect }: Scenario): string {
  const lines = steps.map((step, index) => `${index + 1}. ${narrate(step)}`);
  const seen =
    expect.error === null
      ? 'The client program sees no error of the socket.'
      : `The client program sees \`${expect.error.code.replaceAll('|', '` or `')}\`.`;
  return `### \`whyreset lab ${id}\`\n\n${title}. ${shows}\n\n${lines.join('\n')}\n\n${seen}`;
}

/** All scenarios that make the cause happen; the one it names comes first. */
export function reproduce(cause: Cause): string {
  const making = scenarios.filter(
    ({ id, expect: { truth } }) =>
      id === cause.scenario ||
      [truth.client, truth.both, truth.server].some(({ causes }) => causes[0] === cause.id),
  );
  if (making.length === 0) return '';
  making.sort((a, b) => Number(b.id === cause.scenario) - Number(a.id === cause.scenario));
  return `\n## Reproduce it\n\n${making.map(reproduction).join('\n\n')}\n`;
}

/** The first example of the catalogue as `diagnose` draws it, with the facts it rests on. */
export function recognise(cause: Cause): string {
  for (const text of cause.examples.match) {
    const { findings } = diagnose(timelineToPcap(text));
    const example = findings
      .flatMap((finding) => finding.examples)
      .find(({ entry }) => entry.verdict.cause === cause.id);
    if (example === undefined) continue;
    const where = /^# (.*)/.exec(text)?.[1];
    const facts = example.entry.evidence.map(
      ({ says, packets }) => `- ${packets.map((n) => `#${n}`).join(' ')} ${says}`,
    );
    const drawn = ladderLines(example, pen).map((line) => line.trimEnd());
    return `\n## Recognise it\n\n${where === undefined ? '' : `${where[0]!.toUpperCase()}${where.slice(1)}:\n\n`}\`\`\`text\n${drawn.join('\n')}\n\`\`\`\n\n${facts.join('\n')}\n`;
  }
  return '';
}
