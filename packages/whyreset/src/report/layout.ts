import type { Pen, Style } from './pen.ts';
import { columns, pad, padLeft, wrap } from './wrap.ts';

/** Lines moved to the right. Empty lines stay empty. */
export function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}

/** A marker, then text that hangs behind it. Styles go on after wrapping, so they never count as columns. */
export function hanging(marker: string, text: string, width: number, style?: Style): string[] {
  const by = columns(marker);
  return wrap(text, width - by).map((line, index) =>
    ((index === 0 ? marker : ' '.repeat(by)) + (style === undefined ? line : style(line))).trimEnd(),
  );
}

/** A term and what is said about it. */
export interface Row {
  term: string;
  text: string;
}

/**
 * Terms in one column, texts in the next. A term that is too wide for the
 * column stands on a line of its own, as in a command's help.
 */
export function table(rows: readonly Row[], width: number, term: Style): string[] {
  const most = Math.floor(width * 0.36);
  const fitting = rows.map((row) => columns(row.term)).filter((cells) => cells <= most);
  const column = Math.max(2, ...fitting) + 2;
  return rows.flatMap((row) => {
    const above = columns(row.term) > most ? wrap(row.term, width).map(term) : [];
    if (row.text === '' && above.length > 0) return above;
    const lines = wrap(row.text, width - column);
    const first =
      above.length > 0 ? ' '.repeat(column) : term(row.term) + pad('', column - columns(row.term));
    return [...above, ...lines.map((line, i) => `${i === 0 ? first : ' '.repeat(column)}${line}`.trimEnd())];
  });
}

/** A column of a grid; its width is that of its widest cell. */
export interface Column {
  head: string;
  align?: 'right';
  /** Share of the page that it takes at most; what is wider is wrapped. */
  most?: number;
  /** Takes the room that the others leave. */
  fills?: boolean;
  style?: Style;
}

const GUTTER = 2;

/** Cells below each other under their heads, each wrapped within its column. */
export function grid(columnsOf: readonly Column[], rows: readonly (readonly string[])[], pen: Pen): string[] {
  const natural = columnsOf.map(({ head }, i) =>
    Math.max(columns(head), ...rows.map((row) => columns(row[i] ?? ''))),
  );
  const limited = columnsOf.map(({ head, most = 1 }, i) =>
    Math.max(columns(head), Math.min(natural[i]!, Math.floor(pen.width * most))),
  );
  const filling = columnsOf.findIndex(({ fills }) => fills === true);
  const others = limited.reduce((sum, width, i) => sum + (i === filling ? 0 : width + GUTTER), 0);
  const widths = limited.map((width, i) => (i === filling ? Math.min(width, pen.width - others) : width));
  const line = (cells: readonly string[], style: (text: string, column: Column) => string) =>
    cells
      .map((cell, i) => {
        const { align } = columnsOf[i]!;
        return style((align === 'right' ? padLeft : pad)(cell, widths[i]!), columnsOf[i]!);
      })
      .join(' '.repeat(GUTTER));
  const head = line(
    columnsOf.map((column) => column.head),
    pen.paint.dim,
  );
  return [
    head,
    ...rows.flatMap((row) => {
      const wrapped = row.map((cell, i) => wrap(cell, widths[i]!));
      const height = Math.max(...wrapped.map((lines) => lines.length));
      return Array.from({ length: height }, (_, at) =>
        line(
          wrapped.map((lines) => lines[at] ?? ''),
          (text, { style }) => (style === undefined ? text : style(text)),
        ),
      );
    }),
  ];
}

/** Parts joined by a separator, a line broken only between parts unless one is wider than a line. */
export function joined(parts: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}${separator}${part}`;
    if (lines.length > 0 && columns(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(...wrap(part, width));
  }
  return lines;
}

/** Two blocks side by side, the left one `width` columns wide. */
export function beside(left: readonly string[], right: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    lines.push(`${pad(left[i] ?? '', width)}${right[i] ?? ''}`.trimEnd());
  }
  return lines;
}

/** Blocks below each other with one empty line between; empty blocks vanish. */
export function stack(blocks: readonly (readonly string[])[]): string[] {
  return blocks
    .filter((block) => block.some((line) => line !== ''))
    .flatMap((block, index) => (index === 0 ? [...block] : ['', ...block]));
}

/**
 * A line across the page that carries a title, and tags at its end. A title
 * that leaves no room for the tags has them below it; one that is wider than
 * the page goes below itself.
 */
export function rule(title: string, tags: string, style: Style, { paint, glyphs, width }: Pen): string[] {
  const line = (n: number) => paint.dim(glyphs.light.repeat(n));
  const end = tags === '' ? '' : ` ${style(tags)} ${line(2)}`;
  const taken = tags === '' ? 0 : columns(tags) + 4;
  const free = width - columns(title) - 4;
  if (free - taken >= 2) return [`${line(2)} ${style(title)} ${line(free - taken)}${end}`];
  if (free >= 2) return [`${line(2)} ${style(title)} ${line(free)}`, `   ${style(tags)}`];
  return [`${line(width - taken)}${end}`, ...wrap(title, width).map(style)];
}

// Blanks at the end of a line, even where a colour ends after them.
const TRAILING = new RegExp(` +((?:${String.fromCharCode(0x1b)}\\[[\\d;]*m)*)$`);

/**
 * Lines as one text with a line break at its end; no line ends in a blank, and
 * a part that turned out empty leaves no second empty line behind.
 */
export function page(lines: readonly string[]): string {
  const trimmed = lines.map((line) => line.replace(TRAILING, '$1'));
  return `${trimmed.filter((line, i) => line !== '' || trimmed[i - 1] !== '').join('\n')}\n`;
}
