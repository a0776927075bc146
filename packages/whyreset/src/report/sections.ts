import type { ResetEntry, Result } from '../verdict/result.ts';
import { hanging, indent, table } from './layout.ts';
import { lineRefs } from './line-refs.ts';
import type { Pen } from './pen.ts';
import { foreignPlace } from './vantage-text.ts';
import { columns } from './wrap.ts';

/** A section's title, then its lines moved in. Nothing when it has no lines. */
export function section(title: string, lines: readonly string[], pen: Pen): string[] {
  return lines.length === 0 ? [] : [pen.paint.strong(title), ...indent(lines, 2)];
}

/** `#11 #14`, and how many more there are once the line would grow too wide. */
export function packetRefs(packets: readonly number[], width: number): string {
  let text = '';
  for (let i = 0; i < packets.length; i++) {
    const next = `${text}${i === 0 ? '' : ' '}#${packets[i]}`;
    const rest = packets.length - i - 1;
    const more = rest > 0 ? ` +${rest}` : '';
    if (i > 0 && columns(next + more) > width) return `${text} +${rest + 1}`;
    text = next;
  }
  return text;
}

const REFS = 16;
const SIDES = ['client', 'server', 'path'] as const;

export function evidenceSection(entry: ResetEntry, inputs: Result['inputs'], pen: Pen): string[] {
  const rows = entry.evidence.map((line) => ({
    // As the ladder numbers them: what is before the stroke is the entry's own capture.
    term: (line.input === undefined ? '' : `${pen.glyphs.more}/`) + packetRefs(line.packets, REFS),
    text: pen.safe(line.says + foreignPlace(line, inputs) + lineRefs(line)),
  }));
  return section('Evidence', table(rows, pen.width - 2, pen.paint.accent), pen);
}

export function ruledOutSection(entry: ResetEntry, pen: Pen): string[] {
  const rows = entry.ruledOut.map(({ cause, because }) => ({ term: cause, text: pen.safe(because) }));
  return section(
    'Ruled out',
    table(rows, pen.width - 2, (text) => text),
    pen,
  );
}

export function alternativesSection(entry: ResetEntry, pen: Pen): string[] {
  const rows = entry.alternatives.map(({ cause, because }) => ({ term: cause, text: pen.safe(because) }));
  const title = entry.verdict.cause === null ? 'It may be any of these' : 'Possible as well';
  return section(title, table(rows, pen.width - 2, pen.paint.warn), pen);
}

/** The advice by side, in the order client, server, path; each piece says whose it is. */
export function adviceSection(entry: ResetEntry, pen: Pen): string[] {
  const rows = SIDES.flatMap((side) => entry.advice.filter(({ who }) => who === side)).map((line) => ({
    term: line.who,
    text: pen.safe(line.do),
  }));
  return section('What to do', table(rows, pen.width - 2, pen.paint.good), pen);
}

export function nextLines(entry: ResetEntry, pen: Pen): string[] {
  if (entry.next === null) return [];
  const lines = hanging('To settle it: ', pen.safe(entry.next), pen.width);
  return lines.map((line, i) =>
    i === 0 ? line.replace('To settle it:', pen.paint.warn('To settle it:')) : line,
  );
}
