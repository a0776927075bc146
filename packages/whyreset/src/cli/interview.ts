import { createInterface } from 'node:readline/promises';
import { explainText } from '../explain/explain-text.ts';
import type { TextExplanation } from '../explain/explanation.ts';
import { questions } from '../explain/question-list.ts';
import type { Mark } from '../logs/observation.ts';
import { capital } from '../verdict/sentence.ts';
import { UsageError } from './exit.ts';

/** More questions than this, and nobody answers. */
const MOST = 5;

/** Answers by the id of their question, as options give them. */
export type Answers = Readonly<Record<string, string | undefined>>;

/** What the answers say, and which questions they answer. */
export function beside(answers: Answers): { known: Mark[]; asked: Set<string> } {
  const given = questions.flatMap(({ id, answers: choices }) => {
    const answer = choices.find((choice) => choice.id === answers[id]);
    return answer === undefined ? [] : [{ id, marks: answer.marks }];
  });
  return { known: given.flatMap(({ marks }) => marks), asked: new Set(given.map(({ id }) => id)) };
}

/** A list to choose from by number; null for an empty answer: not known. */
export type Choose = (question: string, choices: readonly string[]) => Promise<number | null>;

/** Chooses on the terminal; questions go to standard error, so that the result alone is on standard output. */
export function onTerminal(): { choose: Choose; close(): void } {
  if (process.stdin.isTTY !== true)
    throw new UsageError(
      'Questions need a terminal; give the answers as options instead (--idle yes, --size large …).',
    );
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const choose: Choose = async (question, choices) => {
    const list = choices.map((choice, at) => `  ${at + 1}  ${choice}`).join('\n');
    for (;;) {
      const given = (await terminal.question(`\n${question}\n${list}\n  Enter: not known > `)).trim();
      if (given === '') return null;
      const number = Number(given);
      if (Number.isInteger(number) && number >= 1 && number <= choices.length) return number - 1;
    }
  };
  return { choose, close: () => terminal.close() };
}

/**
 * Puts the questions that move the list most, each after the answers before it.
 *
 * @param show called with what the list has become after each answer
 */
export async function interview(
  text: string,
  answers: Answers,
  choose: Choose,
  show: (line: string) => void,
): Promise<TextExplanation | null> {
  const { known, asked } = beside(answers);
  for (let count = 0; count < MOST; count++) {
    const now = explainText(text, { known, asked });
    const question = questions.find(({ id }) => id === now?.question?.id);
    if (now === null || question === undefined) return now;
    show(leaders(now));
    const at = await choose(
      question.ask,
      question.answers.map(({ says }) => capital(says)),
    );
    asked.add(question.id);
    if (at !== null) known.push(...question.answers[at]!.marks);
  }
  return explainText(text, { known, asked });
}

const leaders = ({ families }: TextExplanation): string =>
  families
    .slice(0, 3)
    .map(({ cause, why }, at) => `  ${at === 0 ? 'now first ' : 'then      '}${cause.padEnd(4)} ${why}`)
    .join('\n');
