import type { Finding, Result } from '../verdict/result.ts';
import { benignLines, type FindingContext, problemLines } from './finding-text.ts';
import { inputLines, warningLines } from './input-text.ts';
import { hanging, page, rule, stack } from './layout.ts';
import { type Pen, penOf } from './pen.ts';
import { headline, parted, resetsLine } from './words.ts';
import { padLeft, wrap } from './wrap.ts';

/** Longer lines of prose are hard to find back from. */
const PROSE = 100;

export interface TextOptions {
  /** Columns of the terminal; at least 48 are used and at most 160. */
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

/** The report for a terminal; ends with a line break. No line is wider than `width`, none ends in a blank. */
export function renderText(result: Result, options: TextOptions): string {
  const pen = penOf(options);
  const context: FindingContext = {
    inputs: result.inputs,
    explain: options.explain,
    explanationOf: options.explanationOf ?? (() => null),
  };
  const { problems, benign } = parted(result.findings);
  const lines = stack([
    [...headlineLines(result, problems, pen), ...aboutLines(result, pen)],
    ...problems.map((f, i) => problemLines(f, problems.length > 1 ? i + 1 : null, context, pen)),
    harmless(benign, context, pen),
    warningLines(result, pen),
  ]);
  return page(lines);
}

function harmless(benign: readonly Finding[], context: FindingContext, pen: Pen): string[] {
  if (benign.length === 0) return [];
  const lines = stack(benign.map((finding) => benignLines(finding, context, pen)));
  return [...rule('Harmless', '', pen.paint.good, pen), '', ...lines];
}

/** The answer: the headline of the only finding, or a list of all. */
function headlineLines(result: Result, problems: readonly Finding[], pen: Pen): string[] {
  const { paint } = pen;
  const { subject } = headline(result);
  const [only] = problems;
  if (only === undefined) return wrap(subject, pen.width).map(paint.good);
  if (problems.length === 1) return wrap(pen.safe(only.headline), Math.min(pen.width, PROSE)).map(paint.bad);
  return [paint.bad(`${subject}, ${problems.length} findings`), '', ...contents(problems, pen), ''];
}

/** One row a finding, in the order of the report: how many connections, and the answer. */
function contents(problems: readonly Finding[], pen: Pen): string[] {
  const numbers = problems.map((_, i) => `${i + 1}.`);
  const column = Math.max(...numbers.map((text) => text.length));
  return problems.flatMap((finding, i) =>
    hanging(`  ${padLeft(numbers[i]!, column)} `, pen.safe(finding.headline), pen.width),
  );
}

/** How many resets, what was read, and whether something was not. */
function aboutLines(result: Result, pen: Pen): string[] {
  const resets = resetsLine(result.summary);
  const broken = result.inputs.some((input) => input.warnings.length > 0);
  return [
    ...(resets === null ? [] : wrap(resets, pen.width)),
    ...inputLines(result, pen),
    ...(broken
      ? wrap('Part of the input could not be read: see the end.', pen.width).map(pen.paint.warn)
      : []),
  ];
}
