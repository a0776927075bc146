import type { Ansis } from 'ansis';
import type { ClientCounts, Way } from './client.ts';

export interface Column {
  way: Way;
  counts: ClientCounts;
  /** Orders that the shop wrote down more than once. */
  duplicates: number;
}

const TITLES: Record<Way, string> = {
  undici: 'undici',
  retrying: 'undici, retrying',
  guarded: 'with the guard',
};
const LABEL = 26;
const CELL = 17;

/** The table of the demo, at most 80 columns wide. */
export function render(columns: readonly Column[], colours: Ansis): string {
  const line = (label: string, cells: readonly string[], paint: (text: string, at: number) => string) =>
    `  ${label.padEnd(LABEL)}${cells.map((cell, at) => paint(cell.padStart(CELL), at)).join('')}`;
  const bad = (values: readonly number[]) => (text: string, at: number) =>
    values[at] === 0 ? colours.green(text) : colours.red.bold(text);
  const plain = (text: string) => text;
  const row = (label: string, values: readonly number[], paint: (text: string, at: number) => string) =>
    line(
      label,
      values.map((value) => value.toLocaleString('en')),
      paint,
    );
  const unexplained = columns.map(({ counts }) => counts.errors - counts.explained);
  const duplicates = columns.map((column) => column.duplicates);
  return [
    line(
      '',
      columns.map(({ way }) => TITLES[way]),
      (text) => colours.bold(text),
    ),
    row(
      'orders sent',
      columns.map(({ counts }) => counts.sent),
      plain,
    ),
    row('errors, and no idea why', unexplained, bad(unexplained)),
    row(
      'errors that say what is so',
      columns.map(({ counts }) => counts.explained),
      plain,
    ),
    row('orders executed twice', duplicates, bad(duplicates)),
  ].join('\n');
}

const WIDTH = 78;

/** A sentence under its heading, broken to the width. */
export function quote(heading: string, text: string, colours: Ansis): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `    ${last} ${word}`.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return `  ${heading}\n${lines.map((line) => `    ${colours.yellow(line)}`).join('\n')}`;
}
