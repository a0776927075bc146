import { thousands } from '../evidence/packets.ts';
import type { Example, Finding, ResetEntry, Result } from '../verdict/result.ts';
import { ladderLines } from './ladder.ts';
import { beside, hanging, indent, joined, rule, stack } from './layout.ts';
import type { Pen } from './pen.ts';
import { rolesText } from './roles-text.ts';
import {
  adviceSection,
  alternativesSection,
  evidenceSection,
  memberSection,
  nextLines,
  objectionSection,
  section,
  severalMembers,
} from './sections.ts';
import { vantageTexts } from './vantage-text.ts';
import { clockTime, extentOf, moment, tagsOf } from './words.ts';
import { columns, wrap } from './wrap.ts';

/** What a finding is drawn with besides the pen. */
export interface FindingContext {
  inputs: Result['inputs'];
  explain: boolean;
  /** The catalogue's own words on a cause; null when it has none. */
  explanationOf(cause: string): string | null;
}

/** From here on, evidence and exclusions stand side by side. */
const TWO_COLUMNS = 120;
const MARGIN = 2;
/** Longer lines of prose are hard to find back from. */
const PROSE = 100;
/** Without `--explain` a finding fits on one screen. */
const FEW = 3;

/** Which packet decided, in which input (when there are several), and when. */
function decisive(entry: ResetEntry, inputs: Result['inputs'], pen: Pen): string[] {
  const input = inputs.length > 1 ? ` of ${inputs[entry.input]?.name ?? `input ${entry.input}`}` : '';
  return [pen.safe(`#${entry.packet}${input}`), pen.safe(moment(entry.time))];
}

/** Both ends, the decisive packet and its time; state and history on request. */
function connectionLines(entry: ResetEntry, { inputs, explain }: FindingContext, pen: Pen): string[] {
  const { paint, glyphs, safe } = pen;
  const { originator, responder, state, history } = entry.connection;
  const client = `client ${safe(originator)}`;
  const server = `${glyphs.arrow} server ${safe(responder)}`;
  const ends =
    columns(`${client} ${server}`) <= pen.width
      ? [`${client} ${server}`]
      : [...wrap(client, pen.width), ...hanging('  ', server, pen.width)];
  const seen = history === '' ? 'no history' : `history ${safe(history)}`;
  const [packet, time] = decisive(entry, inputs, pen);
  const zeek = explain ? [`state ${state}`, seen] : [];
  const about = [`${entry.reset ? 'RST' : 'ends with'} ${packet}`, time!, ...zeek];
  const roles = rolesText(entry);
  return [
    ...ends.map(paint.strong),
    ...(roles === null ? [] : wrap(safe(roles), Math.min(pen.width, PROSE)).map(paint.dim)),
    ...joined(about, ` ${glyphs.dot} `, pen.width).map(paint.dim),
    ...vantageTexts(entry, inputs).flatMap((text) => wrap(safe(text), pen.width)),
  ];
}

/** What was ruled out, what speaks against others, what remains: side by side with the evidence on a wide page. */
function reasons(entry: ResetEntry, context: FindingContext, pen: Pen): string[][] {
  const { inputs, explain } = context;
  const rest = (p: Pen) => [
    objectionSection('Ruled out', entry.ruledOut, p),
    objectionSection('Speaks against', entry.doubted, p),
    alternativesSection(entry, p),
  ];
  if (!explain) return [evidenceSection(entry, inputs, FEW, pen)];
  const all = Number.POSITIVE_INFINITY;
  if (pen.width < TWO_COLUMNS) return [evidenceSection(entry, inputs, all, pen), ...rest(pen)];
  const half = Math.floor((pen.width - 4) / 2);
  const narrow = { ...pen, width: half };
  const right = stack(rest(narrow));
  if (right.length === 0) return [evidenceSection(entry, inputs, all, pen)];
  return [beside(evidenceSection(entry, inputs, all, narrow), right, half + 4)];
}

/** One connection in full. */
function exampleBlocks(example: Example, context: FindingContext, pen: Pen): string[][] {
  const { entry } = example;
  return [connectionLines(entry, context, pen), ladderLines(example, pen), ...reasons(entry, context, pen)];
}

/** The other examples of a finding, enough to look them up. */
function otherExamples(finding: Finding, context: FindingContext, pen: Pen): string[] {
  const { glyphs } = pen;
  const lines = finding.examples.slice(1).flatMap(({ entry }) => {
    const { originator, responder } = entry.connection;
    const ends = `${pen.safe(originator)} ${glyphs.arrow} ${pen.safe(responder)}`;
    const [packet] = decisive(entry, context.inputs, pen);
    const when = pen.safe(clockTime(entry.time, finding.first));
    return joined([ends, packet!, when], ` ${glyphs.dot} `, pen.width - 2);
  });
  return section('Other examples', lines, pen);
}

/** A problem: the answer, the first example, what to do. @param number null where it is the only one, whose headline stands above */
export function problemLines(
  finding: Finding,
  number: number | null,
  context: FindingContext,
  whole: Pen,
): string[] {
  const pen = { ...whole, width: whole.width - MARGIN };
  const { paint } = pen;
  const { explain } = context;
  const prose = Math.min(pen.width, PROSE);
  const [first, ...others] = finding.examples;
  const { cause } = finding.verdict;
  const explanation = explain && cause !== null ? context.explanationOf(cause) : null;
  const most = explain ? Number.POSITIVE_INFINITY : FEW;
  const extent = extentOf(finding);
  const blocks = [
    number === null ? [] : wrap(pen.safe(finding.headline), prose).map(paint.strong),
    explain && extent !== null ? wrap(pen.safe(extent), pen.width) : [],
    explanation === null ? [] : wrap(pen.safe(explanation.replace(/\s+/g, ' ')), prose),
    ...(first === undefined ? [] : exampleBlocks(first, context, pen)),
    severalMembers(finding) ? memberSection(finding.members, most, pen) : [],
    adviceSection(finding.advice, pen),
    nextLines(finding.next, pen),
    ...(explain ? others.flatMap((example) => exampleBlocks(example, context, pen)) : []),
    explain ? [] : otherExamples(finding, context, pen),
    explanation === null ? more(cause, explain, pen) : [],
  ];
  if (number === null) return indent(stack(blocks), MARGIN);
  const style = finding.verdict.certainty === 'proven' ? paint.bad : paint.warn;
  const heading = rule(`${number}. ${pen.safe(finding.title)}`, tagsOf(finding.verdict), style, whole);
  return [...heading, '', ...indent(stack(blocks), MARGIN)];
}

function more(cause: string | null, explain: boolean, pen: Pen): string[] {
  const hints = [
    ...(explain ? [] : ['--explain (all evidence, what was ruled out)']),
    ...(cause === null ? [] : [`whyreset explain ${pen.safe(cause)}`]),
  ];
  return hints.length === 0
    ? []
    : joined(hints, ` ${pen.glyphs.dot} `, pen.width - 6).map((line, i) =>
        pen.paint.dim(i === 0 ? `More: ${line}` : `      ${line}`),
      );
}

/** A harmless ending: two or three lines, the ladder only on request. */
export function benignLines(finding: Finding, context: FindingContext, whole: Pen): string[] {
  const { paint } = whole;
  const inner = { ...whole, width: whole.width - 4 };
  const head = `${thousands(finding.count)} × ${finding.members[0]?.title ?? finding.title} (${tagsOf(finding.verdict)})`;
  const lines = [
    ...hanging('  ', whole.safe(head), whole.width, paint.good),
    ...indent(wrap(whole.safe(finding.headline), inner.width), 4),
  ];
  if (!context.explain) return lines;
  const shown = finding.examples.slice(0, 1).flatMap((example) => exampleBlocks(example, context, inner));
  return [...lines, '', ...indent(stack(shown), 4)];
}
