import { thousands } from '../evidence/packets.ts';
import type { Finding, Result } from '../verdict/result.ts';
import { benignLines, type FindingContext, problemLines } from './finding-text.ts';
import { inputLines, warningLines } from './input-text.ts';
import { hanging, page, rule, stack } from './layout.ts';
import { type Pen, penOf } from './pen.ts';
import { headline, inSentence, parted, resetsLine } from './words.ts';
import { columns, padLeft, wrap } from './wrap.ts';

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
  const told = stack(benign.map((finding) => benignLines(finding, context, pen)));
  return [...rule('Harmless', '', pen.paint.good, pen), '', ...told];
}

/** What was found; the kinds of trouble in the same line when it holds them, else as a list below. */
function headlineLines(result: Result, problems: readonly Finding[], pen: Pen): string[] {
  const { paint } = pen;
  const { subject, kinds } = headline(result);
  if (problems.length === 0) return wrap(subject, pen.width).map(paint.good);
  const tail = `: ${pen.safe(kinds.join('; '))}`;
  if (columns(subject + tail) <= pen.width) return [paint.bad(subject) + paint.strong(tail)];
  if (problems.length === 1) return wrap(subject + tail, pen.width).map(paint.bad);
  return [paint.bad(`${subject}, of ${problems.length} kinds`), '', ...contents(problems, pen), ''];
}

/** How often what, in the order of the report. */
function contents(problems: readonly Finding[], pen: Pen): string[] {
  const counts = problems.map((finding) => thousands(finding.count));
  const column = Math.max(...counts.map((text) => text.length));
  return problems.flatMap((finding, i) => {
    const { certainty } = finding.verdict;
    const title = inSentence(finding.title);
    const said = title === certainty ? title : `${title} (${certainty})`;
    return hanging(`  ${padLeft(counts[i]!, column)}  `, pen.safe(said), pen.width);
  });
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
