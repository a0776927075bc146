import type { TextExplanation } from '../explain/explanation.ts';
import { capital, stopped } from '../verdict/sentence.ts';
import { type Block, blocksAsMarkdown, blocksAsText } from './document.ts';
import type { ExplanationOptions } from './explanation.ts';
import { inert } from './json.ts';
import { page } from './layout.ts';
import { inline } from './markdown-escape.ts';
import { type Pen, penOf } from './pen.ts';
import { wrap } from './wrap.ts';

const ENDED: Record<TextExplanation['ended'], string> = {
  fin: 'a FIN: the other side closed in order, there was no reset',
  rst: 'a RST',
  neither: 'neither a FIN nor a RST',
  unclear: 'a FIN or a RST, the text does not say which',
};

const VERIFIED: Record<TextExplanation['verified'], string> = {
  measured: 'measured: this wording was provoked on real connections',
  documented: 'read in the documentation or source of the program',
  remembered: 'not verified: from memory of the program’s wording',
};

const CERTAINTY: Record<TextExplanation['certainty'], string> = {
  named: 'The text names it',
  likely: 'Likely',
  possible: 'Possible',
};

const CAPTURE = 'Or capture while the error happens, stop with Ctrl-C, then diagnose';

/** The answer and the question that is open: what a reader needs if he reads nothing else. */
function head({ headline, certainty, question }: TextExplanation): string[] {
  const answer = `${capital(headline)}. ${CERTAINTY[certainty]}.`;
  return question === null ? [answer] : [answer, `What would settle it: ${question.ask}`];
}

function blocksOf(explanation: TextExplanation): Block[] {
  const { families, alsoSeen, numbers, next, capture } = explanation;
  return [
    { kind: 'list', title: 'Look next', items: next.map(stopped) },
    {
      kind: 'terms',
      title: families.length > 1 ? 'Possible causes, most likely first' : 'Cause',
      rows: families.map(({ cause, why, because }) => ({
        term: cause,
        text: because.length === 0 ? why : `${why} (${because.join('; ')})`,
      })),
    },
    {
      kind: 'labels',
      title: 'What the text says',
      rows: [
        { term: 'words', text: `${explanation.recognised} (${explanation.program})` },
        { term: 'ending', text: `${capital(explanation.title)}. ${explanation.meaning}` },
        { term: 'ended by', text: ENDED[explanation.ended] },
        ...numbers.map(({ says, source }) => ({ term: 'number', text: `${says} (${source})` })),
        { term: 'basis', text: VERIFIED[explanation.verified] },
      ],
    },
    { kind: 'list', title: 'Ruled out', items: explanation.rulesOut },
    { kind: 'list', title: 'Note', items: explanation.caveats },
    {
      kind: 'terms',
      title: 'Also in this text',
      rows: alsoSeen.map((other) => ({ term: other.class, text: `${other.recognised} (${other.program})` })),
    },
    { kind: 'commands', title: CAPTURE, lines: capture },
  ];
}

/** What an error text tells, for a page that draws it itself. */
export function blocksOfErrorText(explanation: TextExplanation): Block[] {
  return [...head(explanation).map((text): Block => ({ kind: 'prose', text })), ...blocksOf(explanation)];
}

function asText(explanation: TextExplanation, pen: Pen): string {
  const [answer, ...question] = head(explanation);
  const width = Math.min(pen.width, 100);
  return page([
    ...wrap(pen.safe(answer!), width).map(pen.paint.strong),
    ...question.flatMap((line) => wrap(pen.safe(line), width)),
    '',
    ...blocksAsText(blocksOf(explanation), { ...pen, width: Math.min(pen.width, 110) }),
  ]);
}

/** What an error text tells. */
export function renderErrorText(explanation: TextExplanation, options: ExplanationOptions): string {
  if (options.format === 'json') return `${inert(JSON.stringify(explanation, null, 2))}\n`;
  if (options.format === 'text') return asText(explanation, penOf(options));
  const [answer, ...question] = head(explanation).map(inline);
  return `# ${answer}\n\n${question.map((line) => `${line}\n\n`).join('')}${blocksAsMarkdown(blocksOf(explanation), 2).join('\n')}\n`;
}
