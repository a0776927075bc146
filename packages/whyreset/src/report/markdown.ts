import { thousands } from '../evidence/packets.ts';
import type { EvidenceLine, Example, Finding, Result } from '../verdict/result.ts';
import { capital, stopped } from '../verdict/sentence.ts';
import { placeOf } from './findings-table.ts';
import { readLines, remarksOf } from './input-text.ts';
import { ladderLines } from './ladder.ts';
import { stack } from './layout.ts';
import { lineRefs } from './line-refs.ts';
import { code, fenced, inline } from './markdown-escape.ts';
import { penOf } from './pen.ts';
import { rolesText } from './roles-text.ts';
import { bySide } from './sections.ts';
import { foreignPlace, nameOf, vantageTexts } from './vantage-text.ts';
import {
  extentOf,
  generalText,
  headline,
  isOpen,
  makerText,
  memberSureness,
  moment,
  parted,
  rivalsText,
  summaryText,
  surenessOf,
} from './words.ts';

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
    ...problems.map((finding, i) => problem(finding, problems.length > 1 ? i + 1 : null, result, options)),
    harmless(benign, result, options),
    warnings(result),
  ]);
  return `${lines.join('\n')}\n`;
}

function overview(result: Result): string[][] {
  const { subject } = headline(result);
  const summary = summaryText(result.summary);
  const { problems } = parted(result.findings);
  const title = problems.length === 1 ? problems[0]!.headline : subject;
  return [
    [`# ${inline(title)}`],
    problems.length > 1 ? contents(problems) : [],
    summary === null ? [] : [stopped(summary)],
    readLines(result).map((line) => `- ${inline(line)}`),
  ];
}

/** The findings as a table: GFM's needs its head. */
function contents(problems: readonly Finding[]): string[] {
  const rows = problems.map((finding, i) => {
    const { count, total } = finding;
    const extent = total === null ? thousands(count) : `${thousands(count)} of ${thousands(total)}`;
    const cells = [`${i + 1}`, extent, inline(placeOf(finding)), inline(finding.title), surenessOf(finding)];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| # | connections | where | what | how sure |', '|---:|---:|---|---|---|', ...rows];
}

function problem(
  finding: Finding,
  number: number | null,
  result: Result,
  options: MarkdownOptions,
): string[] {
  const { explain } = options;
  const cause = finding.verdict.cause ?? finding.members[0]?.cause ?? null;
  const shown = explain ? finding.examples : finding.examples.slice(0, 1);
  const explanation = explain && cause !== null ? (options.explanationOf?.(cause) ?? null) : null;
  const advice = bySide(finding.advice).map(({ who, do: what }) => `**${who}**: ${inline(what)}`);
  const { next } = finding;
  return stack([
    number === null
      ? []
      : [`## ${number}. ${inline(placeOf(finding) || finding.title)} (${surenessOf(finding)})`],
    number === null ? [] : [`**${inline(finding.headline)}**`],
    extentOf(finding).map((part) => `- ${inline(part)}`),
    causes(finding, explain),
    explanation === null ? [] : [`### About ${code(cause!)}`, '', inline(explanation.replace(/\s+/g, ' '))],
    ...shown.flatMap((example) => exampleBlocks(example, result, explain)),
    listOf('What to do', advice),
    next === null ? [] : [`**To settle it:** ${inline(next.text)}`],
    next === null || next.command === null ? [] : fenced([next.command], 'sh'),
    cause === null ? [] : [`More: ${code(`whyreset explain ${cause}`)}`],
  ]);
}

function causes(finding: Finding, all: boolean): string[] {
  const open = isOpen(finding);
  const listed = finding.members.filter((member) => open || all || memberSureness(member) !== '');
  if (listed.length < 2) return [];
  const lines = listed.map((member) => {
    const sure = memberSureness(member);
    return `${inline(member.title)} (${code(member.cause)})${sure === '' || open ? '' : `: ${sure}`}`;
  });
  if (!open) return listOf('Causes', lines);
  return ['### Possible causes, most likely first', '', ...lines.map((line, i) => `${i + 1}. ${line}`)];
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
  const ladder = ladderLines(example, penOf({ width: LADDER_WIDTH, colour: false }));
  const input = inputs.length > 1 ? ` of ${inline(nameOf(inputs, entry.input))}` : '';
  const maker = makerText(entry);
  const packet = `${entry.reset ? 'RST' : 'no RST; ends with'} ${code(`#${entry.packet}`)}${input}`;
  const about = [
    maker === null ? packet : `${packet}, ${maker}`,
    inline(moment(entry.time)),
    ...(explain ? [`state ${code(state)}`, history === '' ? 'no history' : `history ${code(history)}`] : []),
  ];
  const general = generalText(entry);
  const rivals = rivalsText(entry);
  const roles = rolesText(entry);
  const notes = [
    ...(general === null ? [] : [general]),
    ...(rivals === null ? [] : [`It may also have been made by ${rivals}.`]),
    ...(roles === null ? [] : [roles]),
    ...vantageTexts(entry, inputs),
  ];
  const objections = (rows: readonly { cause: string; because: string }[]) =>
    rows.map(({ cause, because }) => `${code(cause)}: ${inline(because)}`);
  const lines = (evidence: readonly EvidenceLine[]) =>
    evidence.map((line) => {
      const said = line.says + foreignPlace(line, inputs) + lineRefs(line);
      return `${inline(said)}${refs(line.packets)}`;
    });
  return [
    [`client ${code(originator)} → server ${code(responder)}: ${about.join(', ')}`],
    notes.map((text) => `- ${inline(capital(text))}`),
    ladder.length === 0 ? [] : fenced(ladder, 'text'),
    listOf('Evidence', lines(entry.evidence)),
    explain ? listOf('Who made the RST', lines(entry.maker?.because ?? [])) : [],
    explain ? listOf('Ruled out', objections(entry.ruledOut)) : [],
    explain ? listOf('Speaks against', objections(entry.doubted)) : [],
    explain ? listOf('What speaks for the other causes', objections(entry.alternatives)) : [],
  ];
}

function harmless(benign: readonly Finding[], result: Result, { explain }: MarkdownOptions): string[] {
  if (benign.length === 0) return [];
  const lines = benign.map((finding) => {
    const { cause } = finding.verdict;
    const more = cause === null ? '' : `; ${code(`whyreset explain ${cause}`)}`;
    return `- ${inline(finding.headline)} (${inline(placeOf(finding))}${more})`;
  });
  const shown = explain ? benign : [];
  return stack([
    ['## Harmless'],
    lines,
    ...shown.flatMap((f) => f.examples.slice(0, 1).flatMap((e) => exampleBlocks(e, result, explain))),
  ]);
}

function warnings(result: Result): string[] {
  const { unreadable, limits } = remarksOf(result);
  const listed = (title: string, remarks: typeof limits) =>
    remarks.length === 0
      ? []
      : [title, '', ...remarks.map(({ name, text }) => `- ${code(name)}: ${inline(text)}`)];
  const lost = listed('## Not readable', unreadable);
  const left = listed('## Not in the text', limits);
  return [...lost, ...(lost.length > 0 && left.length > 0 ? [''] : []), ...left];
}
