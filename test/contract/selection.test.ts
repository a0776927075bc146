import { afterAll, beforeAll, expect, test } from 'vitest';
import { selectors } from '../../packages/whyreset/src/connection/selection/index.ts';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { examples } from '../helpers/examples.ts';
import { captureToSubjects } from '../helpers/subject.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

/** Which selectors would take each connection of the timeline that carries no mark. */
let selected: string[][] = [];

const [first] = selectors;
const originals = selectors.map(({ selects }) => selects);

// The first selector is asked about every connection without a mark; here it answers for all.
beforeAll(() => {
  first!.selects = (row) => {
    const names = selectors.filter((_, i) => originals[i]!(row)).map(({ name }) => name);
    selected.push(names);
    return names.length > 0;
  };
});
afterAll(() => {
  first!.selects = originals[0]!;
});

/** Troubles of the catalogue that show without a RST, where its own examples end in one. */
const WITHOUT_RESET = [
  {
    cause: 'client-gave-up',
    text: String.raw`# closed after ten seconds without an answer
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < .
+10.02 > F.
+10.04 < .`,
  },
];

const timelines = [
  ...examples.flatMap(({ cause, kind, text }) => (kind === 'match' ? [{ cause: cause.id, text }] : [])),
  ...WITHOUT_RESET,
];

/** For each selector the causes with an example that it selects. */
function reliances(): Map<string, string[]> {
  const relying = new Map<string, Set<string>>();
  for (const { cause, text } of timelines) {
    selected = [];
    captureToSubjects(timelineToPcap(text));
    for (const name of selected.flat()) relying.set(name, (relying.get(name) ?? new Set()).add(cause));
  }
  return new Map([...relying].map(([name, causes]) => [name, [...causes].sort()]));
}

test('each selector names exactly the causes whose examples it selects', () => {
  const measured = reliances();
  for (const { name, causes } of selectors) expect([name, measured.get(name) ?? []]).toEqual([name, causes]);
});

test.each(WITHOUT_RESET)('$cause is among the answers without a RST', ({ cause, text }) => {
  const answers = captureToSubjects(timelineToPcap(text)).map(judge);
  expect(
    answers.flatMap((one) => [one.cause?.id, ...one.alternatives.map((other) => other.cause)]),
  ).toContain(cause);
});
