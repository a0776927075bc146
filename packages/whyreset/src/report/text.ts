import type { Finding, Result } from '../verdict/result.ts';
import { benignLines, type FindingContext, problemLines } from './finding-text.ts';
import { findingsTable } from './findings-table.ts';
import { isBroken, readLines, warningLines } from './input-text.ts';
import { joined, page, rule, stack } from './layout.ts';
import { type Pen, penOf } from './pen.ts';
import { extentOf, headline, parted, summaryText } from './words.ts';
import { wrap } from './wrap.ts';

/** Longer lines of prose are hard to find back from. */
const PROSE = 100;

export interface TextOptions {
  /** Columns of the terminal; at least 44 are used and at most 160. */
  width: number;
  /** Colours and bold, as ANSI sequences. */
  colour: boolean;
  /** Every example in full, the ladders of harmless endings too, and the catalogue's explanation. */
  explain: boolean;
  /** Nothing but ASCII characters. */
  ascii?: boolean;
  /** The catalogue's words on a cause, for `explain`. */
  explanationOf?: (cause: string) => string | null;
}

/** Lines that a finding is folded to: of a terminal of 40, the prompt takes one. */
const SCREEN = 39;

/** The report for a terminal; ends with a line break. No line is wider than `width`, none ends in a blank. */
export function renderText(result: Result, options: TextOptions): string {
  const pen = penOf(options);
  const context: FindingContext = {
    inputs: result.inputs,
    explain: options.explain,
    screen: SCREEN,
    explanationOf: options.explanationOf ?? (() => null),
  };
  const { problems, benign } = parted(result.findings);
  const single = problems.length === 1;
  const head = [...headlineLines(result, problems, pen), ...aboutLines(result, problems, pen)];
  const tail = [harmless(benign, context, pen), warningLines(result, pen)];
  const used = single ? stack([head, ...tail]).length + 1 : 0;
  const lines = stack([
    head,
    ...problems.map((f, i) => problemLines(f, single ? null : i + 1, context, pen, used)),
    single || problems.length === 0 || options.explain ? [] : [pen.paint.dim(MORE)],
    ...tail,
  ]);
  return page(lines);
}

const MORE = 'More: --explain (all evidence, what was ruled out, what speaks for the other causes)';

function harmless(benign: readonly Finding[], context: FindingContext, pen: Pen): string[] {
  if (benign.length === 0) return [];
  const lines = benign.map((finding) => benignLines(finding, context, pen));
  const body = context.explain ? stack(lines) : lines.flat();
  return [...rule('Harmless', '', pen.paint.good, pen), '', ...body];
}

/** The answer: the headline of the only finding, or a table of all. */
function headlineLines(result: Result, problems: readonly Finding[], pen: Pen): string[] {
  const { paint } = pen;
  const { subject } = headline(result);
  const [only] = problems;
  if (only === undefined) return wrap(subject, pen.width).map(paint.good);
  if (problems.length === 1) return wrap(pen.safe(only.headline), Math.min(pen.width, PROSE)).map(paint.bad);
  const counted = wrap(`${subject}, ${problems.length} findings`, pen.width).map(paint.bad);
  return [...counted, '', ...findingsTable(problems, pen), ''];
}

/** What was read, how many resets it holds, and whether something was not read. */
function aboutLines(result: Result, problems: readonly Finding[], pen: Pen): string[] {
  const summary = summaryText(result.summary);
  const read = readLines(result);
  const [only] = problems;
  const numbers = [...(summary === null ? [] : [summary]), ...(problems.length === 1 ? extentOf(only!) : [])];
  const dot = ` ${pen.glyphs.dot} `;
  const join = (parts: readonly string[]) => joined(parts.map(pen.safe), dot, pen.width);
  const about = read.length === 1 ? join([...read, ...numbers]) : [...read.map(pen.safe), ...join(numbers)];
  return [
    ...about.flatMap((line) => wrap(line, pen.width)).map(pen.paint.dim),
    ...(isBroken(result)
      ? wrap('Part of the input could not be read: see the end.', pen.width).map(pen.paint.warn)
      : []),
  ];
}
