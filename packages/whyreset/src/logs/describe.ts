import type { Ended } from './classes.ts';
import type { TextExplanation } from './explain-text.ts';
import type { Verified } from './pattern.ts';

const endings: Record<Ended, string> = {
  fin: 'A FIN ended the connection (an orderly close), not a reset.',
  rst: 'A RST ended the connection.',
  neither: 'Neither a FIN nor a RST ended it.',
  unclear: 'The text does not say whether a FIN or a RST ended it.',
};

const marks: Record<Verified, string> = {
  measured: 'This wording was provoked on a real connection and compared with what ended it.',
  documented: 'What this wording stands for was read in documentation or source.',
  remembered: 'What this wording stands for is not verified by us.',
};

/** The explanation as plain paragraphs, without colours and without line breaks inside a paragraph. */
export function describeExplanation(explanation: TextExplanation): string[] {
  const {
    program,
    title,
    ended,
    class: group,
    meaning,
    recognised,
    rulesOut,
    families,
    caveats,
    next,
  } = explanation;
  const list = (head: string, items: readonly string[]) =>
    items.length === 0 ? [] : [head, ...items.map((item) => `- ${item}`)];
  return [
    `${program}: ${title} (${group}). ${endings[ended]}`,
    `Recognised: ${recognised}`,
    meaning,
    ...list('Ruled out:', rulesOut),
    ...list(
      'Likely, in this order:',
      families.map(({ cause, why }) => `${cause}: ${why}.`),
    ),
    ...list('Mind:', caveats),
    marks[explanation.verified],
    ...list(
      'Also in this text:',
      explanation.alsoSeen.map((other) => `${other.program}, ${other.class}: ${other.recognised}`),
    ),
    'Next: start the capture, let the error happen, stop the capture with Ctrl-C, then diagnose it:',
    ...next.map((command) => `  ${command}`),
  ];
}
