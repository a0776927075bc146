import type { AdviceLine } from '../causes/advice.ts';
import type { Finding, FindingMember, NextItem, Objection, ResetEntry, Result } from '../verdict/result.ts';
import { hanging, indent, table } from './layout.ts';
import { lineRefs } from './line-refs.ts';
import type { Pen } from './pen.ts';
import { foreignPlace } from './vantage-text.ts';
import { memberText } from './words.ts';
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

/** Lines of evidence beyond `most` are counted. */
export function evidenceSection(
  entry: ResetEntry,
  inputs: Result['inputs'],
  most: number,
  pen: Pen,
): string[] {
  const rows = entry.evidence.slice(0, most).map((line) => ({
    // As the ladder numbers them: what is before the stroke is the entry's own capture.
    term: (line.input === undefined ? '' : `${pen.glyphs.more}/`) + packetRefs(line.packets, REFS),
    text: pen.safe(line.says + foreignPlace(line, inputs) + lineRefs(line)),
  }));
  return section('Evidence', table(rows, pen.width - 2, pen.paint.accent), pen);
}

export function objectionSection(title: string, objections: readonly Objection[], pen: Pen): string[] {
  const rows = objections.map(({ cause, because }) => ({ term: cause, text: pen.safe(because) }));
  return section(
    title,
    table(rows, pen.width - 2, (text) => text),
    pen,
  );
}

/** What speaks for each of the causes that remain beside the first one. */
export function alternativesSection(entry: ResetEntry, pen: Pen): string[] {
  const rows = entry.alternatives.map(({ cause, because }) => ({ term: cause, text: pen.safe(because) }));
  return section('Other possible causes', table(rows, pen.width - 2, pen.paint.warn), pen);
}

/** The causes of a finding with the number of connections each holds for; nothing where there is only one. */
export function memberSection(members: readonly FindingMember[], most: number, pen: Pen): string[] {
  const shown = members.slice(0, most);
  const rows = shown.map((member) => ({ term: member.taxonomy, text: pen.safe(memberText(member)) }));
  const left = members.length - shown.length;
  if (left > 0) rows.push({ term: '', text: `and ${left} more (--explain)` });
  return section('Possible causes, most likely first', table(rows, pen.width - 2, pen.paint.warn), pen);
}

/** The advice by side, in the order client, server, path; each piece says whose it is. */
export function adviceSection(advice: readonly AdviceLine[], pen: Pen): string[] {
  const rows = SIDES.flatMap((side) => advice.filter(({ who }) => who === side)).map((line) => ({
    term: line.who,
    text: pen.safe(line.do),
  }));
  return section('What to do', table(rows, pen.width - 2, pen.paint.good), pen);
}

const SETTLE = 'To settle it: ';

export function nextLines(next: NextItem | null, pen: Pen): string[] {
  if (next === null) return [];
  return hanging(SETTLE, pen.safe(next.text), pen.width).map((line) =>
    line.replace(SETTLE, pen.paint.warn(SETTLE)),
  );
}

/** A finding leads with its members where more than one remains. */
export const severalMembers = ({ members }: Finding): boolean => members.length > 1;
