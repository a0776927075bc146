import type { LadderRow } from '../../../src/verdict/result.ts';
import type { DrawnRow } from './ladder-layout.ts';
import { labelOf } from './mermaid.ts';

/* Where the texts of a ladder stand, in pixels: on arrows, beside the server's line, before the client's. */

export const HEAD = 44;
const CHARACTER = 6.7;

export interface Frame {
  width: number;
  left: number;
  right: number;
  /** Room for notes beside the server's line; 0 where there is none. */
  notes: number;
}

export function frameOf(width: number, timeLength: number): Frame {
  const notes = width >= 620 ? 168 : width >= 500 ? 120 : 0;
  const left = Math.max(width >= 500 ? 84 : 0, timeLength * CHARACTER + 16);
  return { width, left, right: width - Math.max(18, notes), notes };
}

/** A text beside a line, moved down where the one above leaves it no room. */
export interface Placed {
  y: number;
  lines: readonly string[];
}

export const LINE = 14;

/** Notes beside the server's line, by position in the ladder; silences have their own words between the lines. */
export function placeNotes(rows: readonly DrawnRow[], frame: Frame): Map<DrawnRow, Placed> {
  const noted = rows.filter(({ row: { note } }) => note !== null && !/^then .* of silence$/.test(note));
  const yOf = ({ row, start, end }: DrawnRow) => (row.from === 'originator' ? end.y : start.y) + HEAD + 4;
  const placed = new Map<DrawnRow, Placed>();
  let free = 0;
  for (const drawn of [...noted].sort((a, b) => yOf(a) - yOf(b))) {
    const lines = wrapNote(drawn.row.note!, frame.notes - 16);
    const y = Math.max(yOf(drawn), free);
    placed.set(drawn, { y, lines });
    free = y + lines.length * LINE + 3;
  }
  return placed;
}

export interface Label {
  text: string;
  x: number;
  y: number;
}

/** Places along an arrow, the best first: the middle, then towards its start. */
const ALONG = [0.5, 0.34, 0.66, 0.2, 0.8] as const;

/** The label of each arrow, where it stands on no other's; on a short arrow, where it fits. */
export function placeLabels(rows: readonly DrawnRow[], across: (at: number) => number): Map<DrawnRow, Label> {
  const placed = new Map<DrawnRow, Label>();
  const boxes: { left: number; right: number; y: number }[] = [];
  for (const drawn of rows) {
    const { row, start, end } = drawn;
    const [x1, y1, x2, y2] = [across(start.at), start.y + HEAD, across(end.at), end.y + HEAD];
    const number = `#${row.packet}`.length + 2;
    const room = Math.max(4, Math.floor((Math.abs(x2 - x1) - 30) / CHARACTER) - number);
    const label = labelOf(row);
    const text = label.length > room ? `${label.slice(0, room - 1)}…` : label;
    const half = ((text.length + number) * CHARACTER) / 2;
    const [low, high] = [Math.min(x1, x2) + half + 8, Math.max(x1, x2) - half - 8];
    const candidates = ALONG.map((part) => {
      const x = low > high ? (x1 + x2) / 2 : Math.min(high, Math.max(low, x1 + (x2 - x1) * part));
      return { x, y: y1 + ((y2 - y1) * (x - x1)) / (x2 - x1 || 1) - 5 };
    });
    const free = candidates.find(({ x, y }) =>
      boxes.every((box) => Math.abs(box.y - y) >= 12 || x + half < box.left || x - half > box.right),
    );
    const { x, y } = free ?? candidates[0]!;
    boxes.push({ left: x - half, right: x + half, y });
    placed.set(drawn, { text, x, y });
  }
  return placed;
}

/** Rows whose time is written; one that would stand on another's is left to the fields below. */
export function rowsWithTime(rows: readonly DrawnRow[]): Set<DrawnRow> {
  const yOf = ({ row, start, end }: DrawnRow) => (row.from === 'originator' ? start.y : end.y);
  const timed = new Set<DrawnRow>();
  let last = Number.NEGATIVE_INFINITY;
  for (const drawn of [...rows].sort((a, b) => yOf(a) - yOf(b))) {
    if (yOf(drawn) - last < 12) continue;
    timed.add(drawn);
    last = yOf(drawn);
  }
  return timed;
}

/** Microseconds only where milliseconds would print two times alike, as on loopback. */
export function timeText(rows: readonly LadderRow[]): (time: number) => string {
  const alike = rows.some(
    (row, i) =>
      i > 0 && row.time !== rows[i - 1]!.time && row.time.toFixed(3) === rows[i - 1]!.time.toFixed(3),
  );
  return (time) => time.toFixed(alike ? 6 : 3);
}

function wrapNote(text: string, room: number): string[] {
  const most = Math.max(10, Math.floor(room / 6.1));
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1]!;
    if (last !== '' && last.length + word.length + 1 > most) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.length > 2 ? [lines[0]!, `${lines[1]}…`] : lines;
}
