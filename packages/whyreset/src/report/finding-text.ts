import { thousands } from '../evidence/packets.ts';
import type { Example, Finding, ResetEntry, Result } from '../verdict/result.ts';
import { ladderLines } from './ladder.ts';
import { beside, hanging, indent, joined, rule, stack } from './layout.ts';
import type { Pen } from './pen.ts';
import {
  adviceSection,
  alternativesSection,
  evidenceSection,
  nextLines,
  ruledOutSection,
  section,
} from './sections.ts';
import { vantageTexts } from './vantage-text.ts';
import { capital, clockTime, extentOf, moment, stopped } from './words.ts';
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

/** The rule that begins a finding: its number, title, letter and certainty. */
function heading(finding: Finding, number: number | null, pen: Pen): string[] {
  const { certainty, taxonomy } = finding.verdict;
  const style = certainty === 'proven' || certainty === 'likely' ? pen.paint.bad : pen.paint.warn;
  const tags = [taxonomy, certainty].filter((part) => part !== null).join(` ${pen.glyphs.dot} `);
  return rule(`${number === null ? '' : `${number}. `}${pen.safe(capital(finding.title))}`, tags, style, pen);
}

/** Where and when, for more than one connection, and what they share. */
function extent(finding: Finding, pen: Pen): string[] {
  const lines = [extentOf(finding) ?? '', finding.story ?? ''].filter((text) => text !== '');
  return lines.flatMap((text) => wrap(capital(pen.safe(text)), pen.width));
}

/** Which packet decided, in which input (when there are several), and when. */
function decisive(entry: ResetEntry, inputs: Result['inputs'], pen: Pen): string[] {
  const input = inputs.length > 1 ? ` of ${inputs[entry.input]?.name ?? `input ${entry.input}`}` : '';
  return [pen.safe(`#${entry.packet}${input}`), pen.safe(moment(entry.time))];
}

/** Both ends, then state, history, the decisive packet and its time. */
function connectionLines(entry: ResetEntry, inputs: Result['inputs'], pen: Pen): string[] {
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
  const about = [`state ${state}`, seen, `${entry.reset ? 'RST' : 'ends with'} ${packet}`, time!];
  return [
    ...ends.map(paint.strong),
    ...joined(about, ` ${glyphs.dot} `, pen.width).map(paint.dim),
    ...vantageTexts(entry, inputs).flatMap((text) => wrap(safe(text), pen.width)),
  ];
}

/** One connection told in full. */
function exampleBlocks(example: Example, context: FindingContext, pen: Pen): string[][] {
  const { entry } = example;
  const head = [connectionLines(entry, context.inputs, pen), ladderLines(example, pen)];
  if (pen.width < TWO_COLUMNS) {
    return [
      ...head,
      evidenceSection(entry, context.inputs, pen),
      ruledOutSection(entry, pen),
      alternativesSection(entry, pen),
      nextLines(entry, pen),
      adviceSection(entry, pen),
    ];
  }
  const half = Math.floor((pen.width - 4) / 2);
  const narrow = { ...pen, width: half };
  const right = stack([ruledOutSection(entry, narrow), alternativesSection(entry, narrow)]);
  const reasons =
    right.length === 0
      ? evidenceSection(entry, context.inputs, pen)
      : beside(evidenceSection(entry, context.inputs, narrow), right, half + 4);
  return [...head, reasons, nextLines(entry, pen), adviceSection(entry, pen)];
}

/** The other examples of a group, enough to look them up. */
function otherExamples(finding: Finding, context: FindingContext, pen: Pen): string[] {
  const { glyphs } = pen;
  const lines = finding.examples.slice(1).flatMap(({ entry }) => {
    const { originator, responder } = entry.connection;
    const ends = `${pen.safe(originator)} ${glyphs.arrow} ${pen.safe(responder)}`;
    const [packet] = decisive(entry, context.inputs, pen);
    const when = pen.safe(clockTime(entry.time, finding.first));
    return joined([ends, packet!, when], ` ${glyphs.dot} `, pen.width - 2);
  });
  return section('The same again', lines, pen);
}

/** A problem: rule, sentence, extent, the first example in full, the others in brief. */
export function problemLines(
  finding: Finding,
  number: number | null,
  context: FindingContext,
  whole: Pen,
): string[] {
  const pen = { ...whole, width: whole.width - MARGIN };
  const { paint } = pen;
  const prose = Math.min(pen.width, PROSE);
  const [first, ...others] = finding.examples;
  const explanation = context.explain && finding.cause !== null ? context.explanationOf(finding.cause) : null;
  const blocks = [
    wrap(stopped(pen.safe(finding.sentence)), prose).map(paint.strong),
    extent(finding, pen),
    explanation === null ? [] : wrap(pen.safe(explanation.replace(/\s+/g, ' ')), prose),
    ...(first === undefined ? [] : exampleBlocks(first, context, pen)),
    ...(context.explain ? others.flatMap((example) => exampleBlocks(example, context, pen)) : []),
    context.explain ? [] : otherExamples(finding, context, pen),
    finding.cause === null || explanation !== null ? [] : [more(finding.cause, pen)],
  ];
  return [...heading(finding, number, whole), '', ...indent(stack(blocks), MARGIN)];
}

const more = (cause: string, pen: Pen) => pen.paint.dim(`More: whyreset explain ${pen.safe(cause)}`);

/** A harmless ending: two or three lines, the ladder only on request. */
export function benignLines(finding: Finding, context: FindingContext, whole: Pen): string[] {
  const { paint } = whole;
  const inner = { ...whole, width: whole.width - 4 };
  const { taxonomy, certainty } = finding.verdict;
  const tags = [taxonomy, certainty].filter((part) => part !== null).join(', ');
  const head = `${thousands(finding.count)} × ${finding.title} (${tags})`;
  const lines = [
    ...hanging('  ', whole.safe(head), whole.width, paint.good),
    ...indent(wrap(stopped(whole.safe(finding.sentence)), inner.width), 4),
  ];
  if (!context.explain) return lines;
  const told = finding.examples.slice(0, 1).flatMap((example) => exampleBlocks(example, context, inner));
  return [...lines, '', ...indent(stack(told), 4)];
}
