import type { AdviceLine } from '../causes/advice.ts';
import type { EvidenceLine, Finding, NextItem, Objection, ResetEntry, Result } from '../verdict/result.ts';
import { wrapCommand } from './document.ts';
import { hanging, indent, type Row, table } from './layout.ts';
import { lineRefs } from './line-refs.ts';
import type { Pen } from './pen.ts';
import { foreignPlace } from './vantage-text.ts';
import { isDisputed, isOpen, memberSureness, rivalsText } from './words.ts';
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
/** Without `--explain` a finding fits on one screen. */
const LIMITS = {
  full: { evidence: 3, causes: 4, advice: Number.POSITIVE_INFINITY },
  short: { evidence: 3, causes: 4, advice: Number.POSITIVE_INFINITY },
  least: { evidence: 3, causes: 3, advice: 3 },
  terse: { evidence: 2, causes: 2, advice: 2 },
} as const;
/** How much of the sections is shown; from `short` on long lists of options are cut. */
export type Detail = keyof typeof LIMITS;

/** What speaks for the verdict; where the maker of the RST is in dispute, first what tells who made it. */
function linesOf(entry: ResetEntry, most: number): EvidenceLine[] {
  if (most === Number.POSITIVE_INFINITY) return entry.evidence;
  const [sign] = entry.maker?.because ?? [];
  const known = entry.evidence.some(({ says }) => says === sign?.says);
  const lead = sign !== undefined && isDisputed(entry) && !known ? [sign] : [];
  return [...lead, ...entry.evidence].slice(0, most);
}

function evidenceRows(lines: readonly EvidenceLine[], inputs: Result['inputs'], pen: Pen): Row[] {
  return lines.map((line) => ({
    // As the ladder numbers them: what is before the stroke is the entry's own capture.
    term: (line.input === undefined ? '' : `${pen.glyphs.more}/`) + packetRefs(line.packets, REFS),
    text: pen.safe(line.says + foreignPlace(line, inputs) + lineRefs(line)),
  }));
}

/** @param detail null for every line; the most important otherwise */
export function evidenceSection(
  entry: ResetEntry,
  inputs: Result['inputs'],
  detail: Detail | null,
  pen: Pen,
): string[] {
  const most = detail === null ? Number.POSITIVE_INFINITY : LIMITS[detail].evidence;
  const rows = evidenceRows(linesOf(entry, most), inputs, pen);
  return section('Evidence', table(rows, pen.width - 2, pen.paint.accent), pen);
}

/** What shows who made the RST, and who else may have. */
export function makerSection(entry: ResetEntry, inputs: Result['inputs'], pen: Pen): string[] {
  const shown = new Set(entry.evidence.map(({ says }) => says));
  const lines = (entry.maker?.because ?? []).filter(({ says }) => !shown.has(says));
  const rivals = rivalsText(entry);
  const rows = [
    ...evidenceRows(lines, inputs, pen),
    ...(rivals === null ? [] : [{ term: '', text: pen.safe(`It may also have been made by ${rivals}`) }]),
  ];
  return section('Who made the RST', table(rows, pen.width - 2, pen.paint.accent), pen);
}

export function objectionSection(title: string, objections: readonly Objection[], pen: Pen): string[] {
  const rows = objections.map(({ cause, because }) => ({ term: cause, text: pen.safe(because) }));
  return section(
    title,
    table(rows, pen.width - 2, (text) => text),
    pen,
  );
}

/**
 * The causes of a finding: for how many connections each is named, or, where none is, those that are possible.
 * Nothing where the headline names the only one.
 *
 * @param all every cause with what speaks for it; the first few otherwise
 */
export function causesSection(finding: Finding, all: boolean, detail: Detail, pen: Pen): string[] {
  const { members, verdict, examples } = finding;
  const open = isOpen(finding);
  // The headline says which is the most likely one.
  const inHeadline = open && verdict.certainty === 'possible' ? 1 : 0;
  const named = members.filter((member) => memberSureness(member) !== '');
  const listed = all ? members : open ? members.slice(inHeadline) : named;
  if (listed.length < (open && !all ? 1 : 2)) return [];
  const reasons = new Map(
    // Those of the first example win: it is shown first.
    [...examples]
      .reverse()
      .flatMap(({ entry }) => entry.alternatives.map((other) => [other.cause, other.because] as const)),
  );
  const rows = listed.slice(0, all ? listed.length : LIMITS[detail].causes).map((member, i) => {
    const reason = all ? (reasons.get(member.cause) ?? '') : '';
    const text = `${member.title} (${member.cause})${reason === '' ? '' : `: ${reason}`}`;
    const sure = open ? '' : memberSureness(member);
    return {
      term: open ? `${i + 1 + (all ? 0 : inHeadline)}.` : sure === '' ? 'possible' : sure,
      text: pen.safe(text),
    };
  });
  const left = listed.length - rows.length;
  if (left > 0) rows.push({ term: '', text: `and ${left} more (--explain)` });
  const other = inHeadline > 0 && !all ? 'Other possible causes' : 'Possible causes';
  const title = open ? `${other}, most likely first` : 'Causes';
  return section(title, table(rows, pen.width - 2, pen.paint.warn), pen);
}

/** Options that a list in parentheses keeps. */
const FEW_OPTIONS = 2;

/** `(undici keepAliveTimeout, Go IdleConnTimeout, …)` from a list of more than three. */
function shortLists(text: string, mark: string): string {
  return text.replace(/\(([^()]*)\)/g, (whole, list: string) => {
    const options = list.split(/[,;] /);
    return options.length <= FEW_OPTIONS + 1
      ? whole
      : `(${options.slice(0, FEW_OPTIONS).join(', ')}, ${mark})`;
  });
}

/** The first piece of each side, then the others, as many as there is room for. */
function fewest(advice: readonly AdviceLine[], most: number): AdviceLine[] {
  const firsts = SIDES.flatMap((side) => advice.find(({ who }) => who === side) ?? []);
  const others = advice.filter((line) => !firsts.includes(line));
  const kept = new Set([...firsts, ...others].slice(0, Math.max(most, firsts.length)));
  return advice.filter((line) => kept.has(line));
}

/** In the order client, server, path. */
export function bySide(advice: readonly AdviceLine[]): AdviceLine[] {
  return SIDES.flatMap((side) => advice.filter(({ who }) => who === side));
}

/** The advice by side, in the order client, server, path; each piece says whose it is. */
export function adviceSection(advice: readonly AdviceLine[], detail: Detail, pen: Pen): string[] {
  const shown = fewest(advice, LIMITS[detail].advice);
  const rows = bySide(shown).map((line) => ({
    term: line.who as string,
    text: pen.safe(detail === 'full' ? line.do : shortLists(line.do, '…')),
  }));
  const left = advice.length - shown.length;
  if (left > 0) rows.push({ term: '', text: `and ${left} more (--explain)` });
  return section('What to do', table(rows, pen.width - 2, pen.paint.good), pen);
}

const SETTLE = 'To settle it: ';

/** @param all with what it would mean, and the command that records it, to be pasted */
export function nextLines(next: NextItem | null, all: boolean, pen: Pen): string[] {
  if (next === null) return [];
  const hint = next.command !== null && !all ? ' (the command: --explain)' : '';
  const means = all && next.answers !== null ? `; ${next.answers}` : '';
  const lines = hanging(SETTLE, pen.safe(next.text + means + hint), pen.width).map((line) =>
    line.replace(SETTLE, pen.paint.warn(SETTLE)),
  );
  if (next.command === null || !all) return lines;
  return [...lines, ...indent(wrapCommand(pen.safe(next.command), pen.width - 4).map(pen.paint.accent), 4)];
}
