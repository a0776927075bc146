import type { Example, Finding, ResetEntry, Result } from '../verdict/result.ts';
import { capital } from '../verdict/sentence.ts';
import { placeOf } from './findings-table.ts';
import { ladderLines } from './ladder.ts';
import { beside, hanging, indent, joined, rule, stack } from './layout.ts';
import type { Pen } from './pen.ts';
import { rolesText } from './roles-text.ts';
import {
  adviceSection,
  causesSection,
  type Detail,
  evidenceSection,
  makerSection,
  nextLines,
  objectionSection,
  section,
} from './sections.ts';
import { nameOf, vantageTexts } from './vantage-text.ts';
import {
  clockTime,
  extentOf,
  generalText,
  isDisputed,
  makerText,
  moment,
  rivalsText,
  surenessOf,
} from './words.ts';
import { columns, wrap } from './wrap.ts';

/** What a finding is drawn with besides the pen. */
export interface FindingContext {
  inputs: Result['inputs'];
  explain: boolean;
  /** Lines that a finding takes at most unless it is explained; its ladder is folded to keep to it. */
  screen: number;
  /** The catalogue's own words on a cause; null when it has none. */
  explanationOf(cause: string): string | null;
}

/** From here on, evidence and exclusions stand side by side. */
const TWO_COLUMNS = 120;
const MARGIN = 2;
/** Longer lines of prose are hard to find back from. */
const PROSE = 100;
/** The ladder is folded to so many lines before the advice is cut short; fewer show no exchange. */
const FAIR_LADDER = 12;
const LEAST_LADDER = 7;
/** Details that leave room for what else there is, tried in this order; `least` and `terse` come after. */
const ROOMY: ReadonlySet<Detail> = new Set(['full', 'short']);

const prose = (text: string, pen: Pen) => wrap(pen.safe(text), Math.min(pen.width, PROSE));

/** The packet, in which input where there are several. */
function packetName(entry: ResetEntry, inputs: Result['inputs']): string {
  const input = inputs.length > 1 ? ` of ${nameOf(inputs, entry.input)}` : '';
  return `#${entry.packet}${input}`;
}

function endsLines({ connection: { originator, responder } }: ResetEntry, pen: Pen): string[] {
  const client = `client ${pen.safe(originator)}`;
  const server = `${pen.glyphs.arrow} server ${pen.safe(responder)}`;
  return columns(`${client} ${server}`) <= pen.width
    ? [`${client} ${server}`]
    : [...wrap(client, pen.width), ...hanging('  ', server, pen.width)];
}

/** Both ends; the packet that decides, who made it, when; state and history on request. */
function connectionLines(
  entry: ResetEntry,
  context: FindingContext,
  pen: Pen,
  detail: Detail = 'full',
): string[] {
  const { paint, glyphs, safe } = pen;
  const { inputs, explain } = context;
  const { state, history } = entry.connection;
  const maker = makerText(entry);
  const packet = `${entry.reset ? 'RST' : 'no RST; ends with'} ${packetName(entry, inputs)}`;
  const about = [
    maker === null ? packet : `${packet}, ${maker}`,
    moment(entry.time),
    ...(explain ? [`state ${state}`, history === '' ? 'no history' : `history ${history}`] : []),
  ];
  const general = generalText(entry);
  const rivals = isDisputed(entry) && !explain && detail !== 'terse' ? rivalsText(entry) : null;
  const roles = rolesText(entry);
  return [
    ...endsLines(entry, pen).map(paint.strong),
    ...joined(about.map(safe), ` ${glyphs.dot} `, pen.width).map(paint.dim),
    ...(general === null ? [] : prose(general, pen)),
    ...(rivals === null ? [] : prose(`It may also have been made by ${rivals}.`, pen)),
    ...(roles === null ? [] : prose(roles, pen).map(paint.dim)),
    ...vantageTexts(entry, inputs).flatMap((text) => wrap(safe(capital(text)), pen.width)),
  ];
}

/** Evidence; when explained also what was ruled out and what speaks against, side by side on a wide page. */
function reasons(
  entry: ResetEntry,
  { inputs, explain }: FindingContext,
  pen: Pen,
  detail: Detail,
): string[][] {
  if (!explain) return [evidenceSection(entry, inputs, detail, pen)];
  const rest = (p: Pen) => [
    makerSection(entry, inputs, p),
    objectionSection('Ruled out', entry.ruledOut, p),
    objectionSection('Speaks against', entry.doubted, p),
  ];
  if (pen.width < TWO_COLUMNS) return [evidenceSection(entry, inputs, null, pen), ...rest(pen)];
  const half = Math.floor((pen.width - 4) / 2);
  const narrow = { ...pen, width: half };
  const right = stack(rest(narrow));
  if (right.length === 0) return [evidenceSection(entry, inputs, null, pen)];
  return [beside(evidenceSection(entry, inputs, null, narrow), right, half + 4)];
}

/** One connection in full. */
function exampleBlocks(example: Example, context: FindingContext, pen: Pen): string[][] {
  const { entry } = example;
  return [
    connectionLines(entry, context, pen),
    ladderLines(example, pen),
    ...reasons(entry, context, pen, 'full'),
  ];
}

/** The other examples of a finding, enough to look them up. */
function otherExamples(finding: Finding, { inputs }: FindingContext, pen: Pen): string[] {
  const [, ...others] = finding.examples;
  if (others.length === 0) return [];
  const texts = others.map(({ entry }) => {
    const when = clockTime(entry.time, finding.first);
    return pen.safe(`${packetName(entry, inputs)} (${entry.connection.originator}, ${when})`);
  });
  const [first, ...rest] = texts;
  return joined([`Other examples: ${first}`, ...rest], ', ', pen.width).map(pen.paint.dim);
}

/**
 * A problem: the answer, the first example, what to do.
 *
 * @param number null where it is the only one, whose headline stands above
 * @param used lines of the screen that stand above it
 */
export function problemLines(
  finding: Finding,
  number: number | null,
  context: FindingContext,
  whole: Pen,
  used: number,
): string[] {
  const { paint } = whole;
  const pen = { ...whole, width: whole.width - MARGIN };
  const { explain } = context;
  const [first, ...others] = finding.examples;
  const cause = finding.verdict.cause ?? finding.members[0]?.cause ?? null;
  const explanation = explain && cause !== null ? context.explanationOf(cause) : null;
  const dot = ` ${pen.glyphs.dot} `;
  const above = (detail: Detail) => [
    number === null ? [] : prose(finding.headline, pen),
    number === null ? [] : joined(extentOf(finding).map(pen.safe), dot, pen.width).map(paint.dim),
    causesSection(finding, explain, detail, pen),
    explanation === null ? [] : aboutCause(cause!, explanation, pen),
  ];
  const below = (detail: Detail) => [
    ...(explain ? others.flatMap((example) => exampleBlocks(example, context, pen)) : []),
    adviceSection(finding.advice, detail, pen),
    nextLines(finding.next, explain, pen),
    explain || !ROOMY.has(detail) ? [] : otherExamples(finding, context, pen),
    more(cause, explain, number, pen),
  ];
  const heading = number === null ? [] : [...headingOf(finding, number, whole), ''];
  if (first === undefined)
    return [...heading, ...indent(stack([...above('full'), ...below('full')]), MARGIN)];
  const connection = (detail: Detail) => connectionLines(first.entry, context, pen, detail);
  const why = (detail: Detail) => reasons(first.entry, context, pen, detail);
  const roomBeside = (detail: Detail) =>
    context.screen -
    used -
    heading.length -
    stack([...above(detail), connection(detail), ...why(detail), ...below(detail)]).length -
    1;
  const heights = { whole: ladderLines(first, pen).length, folded: ladderLines(first, pen, 0).length };
  const detail = explain ? 'full' : detailFor(roomBeside, heights);
  const room = explain ? Number.POSITIVE_INFINITY : Math.max(LEAST_LADDER, roomBeside(detail));
  const ladder = ladderLines(first, pen, room);
  return [
    ...heading,
    ...indent(
      stack([...above(detail), connection(detail), ladder, ...why(detail), ...below(detail)]),
      MARGIN,
    ),
  ];
}

/** The catalogue's explanation, which holds for its cause alone. */
function aboutCause(cause: string, explanation: string, pen: Pen): string[] {
  const lines = wrap(pen.safe(explanation.replace(/\s+/g, ' ')), Math.min(pen.width, PROSE) - 2);
  return section(`About ${pen.safe(cause)}`, lines, pen);
}

/**
 * The most detail that leaves room for the ladder.
 *
 * @param whole lines of the ladder, and when all is `folded` that may be
 */
function detailFor(
  roomBeside: (detail: Detail) => number,
  { whole, folded }: { whole: number; folded: number },
): Detail {
  const fits = (detail: Detail, fair: number) =>
    roomBeside(detail) >= Math.max(folded, Math.min(fair, whole));
  for (const detail of ROOMY) if (fits(detail, FAIR_LADDER)) return detail;
  return fits('least', LEAST_LADDER) ? 'least' : 'terse';
}

/** Names the place alone: what happened there is said by the headline below it. */
function headingOf(finding: Finding, number: number, pen: Pen): string[] {
  const style = finding.verdict.certainty === 'proven' ? pen.paint.bad : pen.paint.warn;
  const place = placeOf(finding);
  return rule(
    pen.safe(`${number}. ${place === '' ? finding.title : place}`),
    surenessOf(finding),
    style,
    pen,
  );
}

function more(cause: string | null, explain: boolean, number: number | null, pen: Pen): string[] {
  const hints = [
    ...(explain || number !== null ? [] : ['--explain (all evidence)']),
    ...(cause === null ? [] : [`whyreset explain ${pen.safe(cause)}`]),
  ];
  return joined(hints, ` ${pen.glyphs.dot} `, pen.width - 6).map((line, i) =>
    pen.paint.dim(i === 0 ? `More: ${line}` : `      ${line}`),
  );
}

/** A harmless ending: two or three lines, the connection in full only on request. */
export function benignLines(finding: Finding, context: FindingContext, whole: Pen): string[] {
  const { paint, glyphs } = whole;
  const inner = { ...whole, width: whole.width - 4 };
  const [first] = finding.examples;
  const where = [
    placeOf(finding),
    ...(first === undefined ? [] : [packetName(first.entry, context.inputs)]),
    ...(finding.verdict.cause === null ? [] : [`whyreset explain ${finding.verdict.cause}`]),
  ];
  const lines = [
    ...hanging(`  ${glyphs.bullet} `, whole.safe(finding.headline), Math.min(whole.width, PROSE), paint.good),
    ...indent(joined(where.map(whole.safe), ` ${glyphs.dot} `, inner.width), 4).map(paint.dim),
  ];
  if (!context.explain) return lines;
  const shown = finding.examples.slice(0, 1).flatMap((example) => exampleBlocks(example, context, inner));
  return [...lines, '', ...indent(stack(shown), 4)];
}
