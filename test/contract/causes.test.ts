import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Cause, Citation, KnownFacts } from '../../packages/whyreset/src/causes/define.ts';
import type { Subject } from '../../packages/whyreset/src/evidence/define.ts';
import { factsOf } from '../../packages/whyreset/src/verdict/facts.ts';
import { judge } from '../../packages/whyreset/src/verdict/judge.ts';
import { askCause } from '../helpers/ask-cause.ts';
import { catalogue, examples } from '../helpers/examples.ts';
import { captureToSubjects, timelineToSubject } from '../helpers/subject.ts';
import { timelineToPcap } from '../helpers/timeline.ts';

const folder = fileURLToPath(new URL('../../packages/whyreset/src/causes/', import.meta.url));
const byId = new Map(catalogue.map((cause) => [cause.id, cause]));

const namesOf = ({ requires, mayUse }: Cause): readonly unknown[] => [...requires, ...mayUse];

/** Facts that refuse what a cause did not declare. */
function declared(subject: Subject, cause: Cause): KnownFacts {
  return new Proxy(factsOf(subject), {
    get(facts, name) {
      if (!namesOf(cause).includes(name))
        throw new Error(`${cause.id} reads ${String(name)}, which it does not list as required or usable`);
      return facts[name as keyof KnownFacts];
    },
  });
}

/** A sentence for people: says something, with every number filled in, and ends without a stop. */
function expectSentence(text: string): void {
  expect(text).toMatch(/^\S.*[^\s.]$/s);
  expect(text).not.toMatch(
    /undefined|NaN|Infinity|\bnull\b|\[object|-1 (s|ms|bytes?)\b|-\d+(\.\d+)? (s|ms|µs|bytes?)\b/,
  );
}

function expectCitation({ fact, says, packets }: Citation, subject: Subject, cause: Cause): void {
  expectSentence(says);
  expect(namesOf(cause)).toContain(fact);
  expect(packets.length, says).toBeGreaterThan(0);
  const { timeline, icmp, originator, responder } = subject.connection;
  const present = new Set([...timeline, ...icmp, originator.fin, responder.fin].map((p) => p?.number ?? 0));
  expect(
    packets.filter((number) => !present.has(number)),
    says,
  ).toEqual([]);
}

/** Looks at a connection as the verdict would, and checks whatever the cause says about it. */
function examine(cause: Cause, subject: Subject) {
  const facts = declared(subject, cause);
  const answer = askCause(cause, facts);
  if (answer.answer === 'supported') {
    expect(answer.because.length).toBeGreaterThan(0);
    for (const citation of answer.because) expectCitation(citation, subject, cause);
    for (const line of cause.advice(facts)) expectSentence(line.do);
    const headline = cause.headline(facts);
    if (headline !== null) expectSentence(headline);
  }
  if (answer.answer === 'contradicted' || answer.answer === 'doubted')
    expectCitation(answer.because, subject, cause);
  return answer;
}

test('every file of the folder that declares a cause is in the catalogue under its own name', () => {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => /^export default defineCause/m.test(readFileSync(folder + name, 'utf8')))
    .map((name) => name.slice(0, -3))
    .sort();
  expect(catalogue.map((cause) => cause.id)).toEqual(files);
});

test('no two causes share a place in the taxonomy', () => {
  const places = catalogue.map((cause) => cause.taxonomy);
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
});

describe.each(catalogue.map((cause) => [cause.id, cause] as const))('%s', (_id, cause) => {
  test('is told completely', () => {
    expect(cause.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(cause.taxonomy).toMatch(/^[HPDIB]\d{1,2}[A-Z]?$/);
    expect(cause.title).toMatch(/^[A-Z].{10,}[^.]$/);
    expect(cause.references.length).toBeGreaterThan(0);
    const sentences = cause.explain.split(/(?<=[.!?])\s+/);
    expect(sentences.length).toBeGreaterThanOrEqual(3);
    expect(sentences.length).toBeLessThanOrEqual(8);
    expect(cause.explain).toMatch(/\.$/);
    for (const reason of cause.kernelReasons) expect(reason).toMatch(/^SK_RST_REASON_[A-Z0-9_]+$/);
    expect(namesOf(cause).length).toBeGreaterThan(0);
    expect(new Set(namesOf(cause)).size).toBe(namesOf(cause).length);
    expect(cause.baseRate.source.length).toBeGreaterThan(0);
    expect(cause.examples.match.length).toBeGreaterThan(0);
    expect(cause.examples.miss.length).toBeGreaterThan(0);
  });

  test('refines only causes that exist', () => {
    for (const id of cause.refines) {
      expect(id).not.toBe(cause.id);
      expect([...byId.keys()]).toContain(id);
    }
  });

  test.each(cause.examples.match.map((text, index) => [index + 1, text] as const))(
    'is the verdict on its matching example %i',
    (_index, text) => {
      const subject = timelineToSubject(text);
      expect(examine(cause, subject).answer).toBe('supported');
      const { verdict, alternatives } = judge(subject);
      if (verdict.certainty === 'undetermined') {
        // Listed among causes that leave the same packets.
        const listed = alternatives.map((other) => other.cause);
        expect(listed).toContain(cause.id);
        expect(listed.length).toBeGreaterThan(1);
      } else if (verdict.certainty === 'possible' && verdict.cause !== cause.id) {
        expect(alternatives.map((other) => other.cause)).toContain(cause.id);
      } else {
        expect(verdict).toMatchObject({ cause: cause.id, benign: cause.benign });
      }
    },
  );

  test.each(cause.examples.miss.map((text, index) => [index + 1, text] as const))(
    'does not claim its non-matching example %i',
    (_index, text) => {
      expect(examine(cause, timelineToSubject(text)).answer).not.toBe('supported');
    },
  );

  test('keeps its word on the examples of all others', () => {
    for (const { text } of examples) examine(cause, timelineToSubject(text));
  });
});

/** Connections of which too little was seen to name anything. */
const FRAGMENTS = {
  'a lone SYN': '+0 > S',
  'a handshake and nothing else': '+0 > S\n+0.02 < S.\n+0.02 > .',
  'nothing but a bare RST': '+0 < R rawseq 5',
  'nothing but an active RST': '+0 > R. rawseq 5 rawack 9',
  'the middle of a stream': '+0 > P. len 5\n+0.02 < P. len 5\n+0.03 < R.',
  'one side only': '+0 > S\n+0.02 > .\n+0.02 > P. len 5\n+0.2 > P. len 5\n+0.3 > R.',
  'the other side only': '+0 < S.\n+0.02 < .\n+0.03 < P. len 5\n+0.03 < F.\n+0.3 < R',
  'two FINs': '+0 > F.\n+0.02 < F.\n+0.02 > .',
  'payload in the RST': '+0 > S\n+0.02 < S.\n+0.02 > .\n+0.03 < R. "go away"',
  'a SYN again and again': '+0 > S\n+1 > S seq 0\n+3 > S seq 0\n+7 > S seq 0',
};

test.each(Object.entries(FRAGMENTS))('%s: nobody throws, and nothing is proven', (_name, text) => {
  const subjects = captureToSubjects(timelineToPcap(text), 'every');
  expect(subjects).not.toEqual([]);
  for (const subject of subjects) {
    for (const cause of catalogue) examine(cause, subject);
    expect(judge(subject).verdict.certainty).not.toBe('proven');
  }
});
