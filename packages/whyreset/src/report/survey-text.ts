import type { TextExplanation } from '../explain/explanation.ts';
import type { Survey, SurveyedGroup } from '../explain/survey/survey.ts';
import { capital, stopped } from '../verdict/sentence.ts';
import { inert } from './json.ts';
import { hanging, indent, page, stack } from './layout.ts';
import { inline } from './markdown-escape.ts';
import { type Pen, type PenOptions, penOf } from './pen.ts';
import { wrap } from './wrap.ts';

export interface SurveyOptions extends PenOptions {
  format: 'text' | 'json' | 'ndjson' | 'markdown';
}

/** Groups that are told in full; the others have a line each. */
const IN_FULL = 5;
const LINES_FOR_OTHERS = 20;
const BARS = '▁▂▃▄▅▆▇█';
const DIGITS = '12345678';

const thousands = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
const moment = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
const CERTAINTY: Record<TextExplanation['certainty'], string> = {
  named: 'The log names it',
  likely: 'Likely',
  possible: 'Possible',
};

/** A kind that says why leads where it is at least this share of the most frequent one. */
const TELLING_SHARE = 0.1;

/** The kind that a reader should see first: the most frequent that is not harmless, or one beside it that says why. */
export function leadingGroup({ groups }: Survey): SurveyedGroup | undefined {
  const harmful = groups.filter(({ explanation }) => !explanation.harmless);
  const [most] = harmful;
  const named = harmful.find(
    ({ explanation, count }) => explanation.certainty === 'named' && count >= TELLING_SHARE * most!.count,
  );
  return named ?? most ?? groups[0];
}

function headLines(survey: Survey): string[] {
  const leading = leadingGroup(survey);
  const { endings, groups, inputs } = survey;
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, 0);
  const size =
    bytes >= 1e6
      ? `${thousands(Math.round(bytes / 1e6))} MB`
      : `${thousands(Math.max(1, Math.round(bytes / 1000)))} kB`;
  const where = inputs.length === 1 ? inputs[0]!.name : `${inputs.length} files`;
  const counted = `${thousands(endings)} endings of ${groups.length === 1 ? 'one kind' : `${groups.length} kinds`} in ${where} (${size})`;
  if (leading === undefined) return [`No ending of a connection is known in ${where} (${size}).`];
  const { explanation } = leading;
  const answer = `${capital(explanation.headline)}. ${CERTAINTY[explanation.certainty]}: ${thousands(leading.count)} of ${counted}.`;
  return explanation.question === null
    ? [answer]
    : [answer, `What would settle it: ${explanation.question.ask}`];
}

const heading = (group: SurveyedGroup): string =>
  [
    `${thousands(group.count)} × ${group.title}`,
    group.program,
    ...(group.peer === null ? [] : [group.peer]),
    ...(group.by === null ? [] : [`ended by the ${group.by}`]),
  ].join(' · ');

function facts(group: SurveyedGroup, survey: Survey): [string, string][] {
  const { explanation, first, last, interval } = group;
  const rows: [string, string][] = [
    ['words', group.words],
    ['why', `${explanation.headline}. ${CERTAINTY[explanation.certainty]}`],
  ];
  if (first !== null && last !== null)
    rows.push([
      'when',
      first === last ? moment(first) : `${moment(first)} to ${moment(last)}${perMinute(group)}`,
    ]);
  if (interval !== null)
    rows.push([
      'interval',
      `every ${interval.seconds.toFixed(interval.seconds < 100 ? 1 : 0)} s${interval.says === null ? '' : `: ${interval.says}`}`,
    ]);
  for (const { group: at, share } of group.companions) {
    const other = survey.groups[at]!;
    rows.push([
      'together',
      `in ${Math.round(share * 100)} % of its seconds: ${other.title} (${other.program}${other.peer === null ? '' : `, ${other.peer}`})`,
    ]);
  }
  if (survey.inputs.length > 1)
    rows.push(['in', group.inputs.map((input) => survey.inputs[input]!.name).join(', ')]);
  for (const step of explanation.next.slice(0, 1)) rows.push(['next', step]);
  return rows;
}

const perMinute = ({ strip, cell }: SurveyedGroup): string =>
  strip.length < 2
    ? ''
    : `, at most ${thousands(Math.max(...strip))} in ${cell === 1 ? 'a minute' : `${cell} minutes`}`;

function bars({ strip }: SurveyedGroup, ascii: boolean): string {
  if (strip.length < 2) return '';
  const most = Math.max(...strip);
  const scale = ascii ? DIGITS : BARS;
  return strip
    .map((count) => (count === 0 ? (ascii ? '.' : ' ') : scale[Math.ceil((count / most) * 8) - 1]!))
    .join('');
}

function groupLines(group: SurveyedGroup, survey: Survey, pen: Pen, ascii: boolean): string[] {
  const strip = bars(group, ascii);
  const rows = facts(group, survey).flatMap(([term, text]) =>
    hanging(`${term.padEnd(9)}`, pen.safe(stopped(text)), pen.width - 2),
  );
  return [
    ...wrap(pen.safe(heading(group)), pen.width).map(pen.paint.strong),
    ...indent([...(strip === '' ? [] : [`per min. ${pen.paint.accent(strip)}`]), ...rows], 2),
  ];
}

function asText(survey: Survey, options: SurveyOptions): string {
  const pen = penOf(options);
  const [answer, ...rest] = headLines(survey);
  const width = { ...pen, width: Math.min(pen.width, 110) };
  const others = survey.groups.slice(IN_FULL);
  return page(
    stack([
      [
        ...wrap(pen.safe(answer!), width.width).map(pen.paint.strong),
        ...rest.flatMap((line) => wrap(pen.safe(line), width.width)),
      ],
      ...survey.groups
        .slice(0, IN_FULL)
        .map((group) => groupLines(group, survey, width, options.ascii === true)),
      others
        .slice(0, LINES_FOR_OTHERS)
        .flatMap((group) => hanging('', pen.safe(heading(group)), width.width)),
      others.length > LINES_FOR_OTHERS
        ? [`and ${others.length - LINES_FOR_OTHERS} kinds more (--format json lists all)`]
        : [],
    ]),
  );
}

function asMarkdown(survey: Survey): string {
  const [answer, ...rest] = headLines(survey).map(inline);
  const parts = survey.groups
    .slice(0, IN_FULL)
    .map((group) =>
      [
        `## ${inline(heading(group))}`,
        '',
        ...facts(group, survey).map(([term, text]) => `- ${term}: ${inline(text)}`),
      ].join('\n'),
    );
  return `${[`# ${answer}`, ...rest, ...parts].join('\n\n')}\n`;
}

/** What a log tells, for people or programs. */
export function renderSurvey(survey: Survey, options: SurveyOptions): string {
  if (options.format === 'json') return `${inert(JSON.stringify(survey, null, 2))}\n`;
  if (options.format === 'ndjson') {
    const { groups, ...rest } = survey;
    return [...groups.map((group) => ({ group })), rest]
      .map((line) => `${inert(JSON.stringify(line))}\n`)
      .join('');
  }
  return options.format === 'markdown' ? asMarkdown(survey) : asText(survey, options);
}

/** One ending of a log that is followed, in one line. */
export function renderEnding(
  { title, program, peer, count }: { title: string; program: string; peer: string | null; count: number },
  time: number | null,
): string {
  const when = time === null ? '' : `${moment(time)} `;
  return `${when}${title} (${program}${peer === null ? '' : `, ${peer}`})${count > 1 ? `, ${thousands(count)} so far` : ''}`;
}
