import { thousands } from '../evidence/packets.ts';
import type { Example, Finding, Result } from '../verdict/result.ts';
import { readLines, unreadable } from './input-text.ts';
import { ladderLines } from './ladder.ts';
import { stack } from './layout.ts';
import { lineRefs } from './line-refs.ts';
import { code, fenced, inline } from './markdown-escape.ts';
import { penOf } from './pen.ts';
import { foreignPlace, vantageTexts } from './vantage-text.ts';
import { capital, extentOf, headline, moment, parted, resetsLine, stopped } from './words.ts';

export interface MarkdownOptions {
  /** Every example in full, harmless endings too, and the catalogue's explanation. */
  explain: boolean;
  /** The catalogue's words on a cause, for `explain`. */
  explanationOf?: (cause: string) => string | null;
}

/** Code fences scroll sideways, so a ladder may be wider than a terminal. */
const LADDER_WIDTH = 100;

/** The report as GitHub-flavoured Markdown, for issues and pull requests; ends with a line break. */
export function renderMarkdown(result: Result, options: MarkdownOptions): string {
  const { problems, benign } = parted(result.findings);
  const lines = stack([
    ...overview(result),
    ...problems.map((finding) => problem(finding, result, options)),
    harmless(benign, result, options),
    warnings(result),
  ]);
  return `${lines.join('\n')}\n`;
}

function overview(result: Result): string[][] {
  const { subject, kinds } = headline(result);
  const resets = resetsLine(result.summary);
  const title = kinds.length === 0 ? subject : `${subject}: ${kinds.join('; ')}`;
  return [
    [`# ${inline(title)}`],
    resets === null ? [] : [resets],
    readLines(result).map((line) => `- ${inline(line)}`),
  ];
}

function tags({ verdict }: Finding): string {
  return [verdict.taxonomy, verdict.certainty].filter((part) => part !== null).join(', ');
}

function problem(finding: Finding, result: Result, options: MarkdownOptions): string[] {
  const { explain } = options;
  const told = explain ? finding.examples : finding.examples.slice(0, 1);
  const explanation =
    explain && finding.cause !== null ? (options.explanationOf?.(finding.cause) ?? null) : null;
  const extent = extentOf(finding);
  return stack([
    [`## ${inline(capital(finding.title))} (${tags(finding)})`],
    [`**${inline(stopped(finding.sentence))}**`],
    extent === null ? [] : [inline(stopped(extent))],
    finding.story === null ? [] : [inline(capital(stopped(finding.story)))],
    explanation === null ? [] : [inline(explanation.replace(/\s+/g, ' '))],
    ...told.flatMap((example) => exampleBlocks(example, result)),
    finding.cause === null ? [] : [`More: ${code(`whyreset explain ${finding.cause}`)}`],
  ]);
}

const refs = (packets: readonly number[]): string =>
  packets.length === 0 ? '' : ` (${packets.map((n) => code(`#${n}`)).join(' ')})`;

/** A heading and its lines, which are Markdown already. */
function listOf(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines.map((line) => `- ${line}`)];
}

function exampleBlocks(example: Example, { inputs }: Result): string[][] {
  const { entry } = example;
  const { originator, responder, state, history } = entry.connection;
  const ladder = ladderLines(example, penOf({ width: LADDER_WIDTH, colour: false }));
  const input = inputs.length > 1 ? ` of ${inline(inputs[entry.input]?.name ?? '')}` : '';
  const packet = `${entry.reset ? 'RST' : 'ends with'} ${code(`#${entry.packet}`)}${input}`;
  const seen = [`state ${code(state)}`, history === '' ? 'no history' : `history ${code(history)}`, packet];
  const advice = entry.advice.map(({ who, do: what }) => `**${who}**: ${inline(what)}`);
  const causes = (rows: readonly { cause: string; because: string }[]) =>
    rows.map(({ cause, because }) => `${code(cause)}: ${inline(because)}`);
  return [
    [
      `client ${code(originator)} → server ${code(responder)}: ${seen.join(', ')}, ${inline(moment(entry.time))}`,
    ],
    vantageTexts(entry, inputs).map((text) => `- ${inline(capital(text))}`),
    ladder.length === 0 ? [] : fenced(ladder, 'text'),
    listOf(
      'Evidence',
      entry.evidence.map((line) => {
        const said = line.says + foreignPlace(line, inputs) + lineRefs(line);
        return `${inline(said)}${refs(line.packets)}`;
      }),
    ),
    listOf('Ruled out', causes(entry.ruledOut)),
    listOf(
      entry.verdict.cause === null ? 'It may be any of these' : 'Possible as well',
      causes(entry.alternatives),
    ),
    entry.next === null ? [] : [`**To settle it:** ${inline(entry.next)}`],
    listOf('What to do', advice),
  ];
}

function harmless(benign: readonly Finding[], result: Result, { explain }: MarkdownOptions): string[] {
  if (benign.length === 0) return [];
  const lines = benign.map(
    (finding) =>
      `- ${thousands(finding.count)} × ${inline(finding.title)} (${tags(finding)}): ${inline(stopped(finding.sentence))}`,
  );
  const told = explain ? benign.flatMap((f) => f.examples.slice(0, 1)) : [];
  return stack([['## Harmless'], lines, ...told.flatMap((example) => exampleBlocks(example, result))]);
}

function warnings(result: Result): string[] {
  const lines = unreadable(result).map(({ name, text }) => `- ${code(name)}: ${inline(text)}`);
  return lines.length === 0 ? [] : ['## Not readable', '', ...lines];
}
