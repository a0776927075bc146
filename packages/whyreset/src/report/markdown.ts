import { thousands } from '../evidence/packets.ts';
import type { Example, Finding, Result } from '../verdict/result.ts';
import { capital, stopped } from '../verdict/sentence.ts';
import { readLines, unreadable } from './input-text.ts';
import { ladderLines } from './ladder.ts';
import { stack } from './layout.ts';
import { lineRefs } from './line-refs.ts';
import { code, fenced, inline } from './markdown-escape.ts';
import { penOf } from './pen.ts';
import { rolesText } from './roles-text.ts';
import { foreignPlace, vantageTexts } from './vantage-text.ts';
import { extentOf, headline, memberText, moment, parted, resetsLine, tagsOf } from './words.ts';

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
  const { subject } = headline(result);
  const resets = resetsLine(result.summary);
  const { problems } = parted(result.findings);
  const title = problems.length === 1 ? problems[0]!.headline : subject;
  return [
    [`# ${inline(title)}`],
    resets === null ? [] : [resets],
    readLines(result).map((line) => `- ${inline(line)}`),
  ];
}

function problem(finding: Finding, result: Result, options: MarkdownOptions): string[] {
  const { explain } = options;
  const { cause } = finding.verdict;
  const shown = explain ? finding.examples : finding.examples.slice(0, 1);
  const explanation = explain && cause !== null ? (options.explanationOf?.(cause) ?? null) : null;
  const extent = extentOf(finding);
  const advice = finding.advice.map(({ who, do: what }) => `**${who}**: ${inline(what)}`);
  const members = finding.members.map((member) => `${member.taxonomy} ${inline(memberText(member))}`);
  return stack([
    [`## ${inline(capital(finding.title))} (${tagsOf(finding.verdict)})`],
    [`**${inline(finding.headline)}**`],
    extent === null ? [] : [inline(stopped(extent))],
    explanation === null ? [] : [inline(explanation.replace(/\s+/g, ' '))],
    ...shown.flatMap((example) => exampleBlocks(example, result, explain)),
    members.length < 2 ? [] : listOf('Possible causes, most likely first', members),
    listOf('What to do', advice),
    finding.next === null ? [] : [`**To settle it:** ${inline(finding.next.text)}`],
    cause === null ? [] : [`More: ${code(`whyreset explain ${cause}`)}`],
  ]);
}

const refs = (packets: readonly number[]): string =>
  packets.length === 0 ? '' : ` (${packets.map((n) => code(`#${n}`)).join(' ')})`;

/** A heading and its lines, which are Markdown already. */
function listOf(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines.map((line) => `- ${line}`)];
}

function exampleBlocks(example: Example, { inputs }: Result, explain: boolean): string[][] {
  const { entry } = example;
  const { originator, responder, state, history } = entry.connection;
  const roles = rolesText(entry);
  const ladder = ladderLines(example, penOf({ width: LADDER_WIDTH, colour: false }));
  const input = inputs.length > 1 ? ` of ${inline(inputs[entry.input]?.name ?? '')}` : '';
  const packet = `${entry.reset ? 'RST' : 'ends with'} ${code(`#${entry.packet}`)}${input}`;
  const seen = [`state ${code(state)}`, history === '' ? 'no history' : `history ${code(history)}`, packet];
  const causes = (rows: readonly { cause: string; because: string }[]) =>
    rows.map(({ cause, because }) => `${code(cause)}: ${inline(because)}`);
  return [
    [
      `client ${code(originator)} → server ${code(responder)}: ${seen.join(', ')}, ${inline(moment(entry.time))}`,
    ],
    roles === null ? [] : [inline(roles)],
    vantageTexts(entry, inputs).map((text) => `- ${inline(capital(text))}`),
    ladder.length === 0 ? [] : fenced(ladder, 'text'),
    listOf(
      'Evidence',
      entry.evidence.map((line) => {
        const said = line.says + foreignPlace(line, inputs) + lineRefs(line);
        return `${inline(said)}${refs(line.packets)}`;
      }),
    ),
    explain ? listOf('Ruled out', causes(entry.ruledOut)) : [],
    explain ? listOf('Speaks against', causes(entry.doubted)) : [],
    explain ? listOf('Other possible causes', causes(entry.alternatives)) : [],
  ];
}

function harmless(benign: readonly Finding[], result: Result, { explain }: MarkdownOptions): string[] {
  if (benign.length === 0) return [];
  const lines = benign.map(
    (finding) =>
      `- ${thousands(finding.count)} × ${inline(finding.members[0]?.title ?? finding.title)} (${tagsOf(finding.verdict)}): ${inline(finding.headline)}`,
  );
  const shown = explain ? benign.flatMap((f) => f.examples.slice(0, 1)) : [];
  return stack([
    ['## Harmless'],
    lines,
    ...shown.flatMap((example) => exampleBlocks(example, result, explain)),
  ]);
}

function warnings(result: Result): string[] {
  const lines = unreadable(result).map(({ name, text }) => `- ${code(name)}: ${inline(text)}`);
  return lines.length === 0 ? [] : ['## Not readable', '', ...lines];
}
