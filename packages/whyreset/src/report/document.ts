import { hanging, indent, type Row, stack, table } from './layout.ts';
import { code, inline } from './markdown-escape.ts';
import type { Pen, Style } from './pen.ts';
import { columns, wrap } from './wrap.ts';

/** A part of a page, before it is known whether a terminal or Markdown shows it. */
export type Block =
  | { kind: 'prose'; text: string }
  /** Terms are names (ids, counters, letters), shown as code in Markdown. */
  | { kind: 'terms'; title: string; rows: readonly Row[] }
  /** Terms are plain words. */
  | { kind: 'labels'; title: string; rows: readonly Row[] }
  | { kind: 'list'; title: string; items: readonly string[] }
  /** Shell lines to paste. */
  | { kind: 'commands'; title: string; lines: readonly string[] };

const empty = (block: Block): boolean =>
  ((block.kind === 'terms' || block.kind === 'labels') && block.rows.length === 0) ||
  (block.kind === 'list' && block.items.length === 0) ||
  (block.kind === 'commands' && block.lines.length === 0);

/**
 * A shell command over several lines that can be pasted as they stand: broken
 * by a backslash outside quotes, by the line break alone inside. A single word
 * that is wider than the page stays whole.
 */
export function wrapCommand(command: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let quoted = false;
  for (const word of command.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (line !== '' && columns(next) > width - 2) {
      lines.push(quoted ? line : `${line} \\`);
      line = `  ${word}`;
    } else line = next;
    if (word.split("'").length % 2 === 0) quoted = !quoted;
  }
  return [...lines, line];
}

function textBlock(block: Block, pen: Pen): string[] {
  const { paint, glyphs, safe } = pen;
  const width = pen.width - 2;
  switch (block.kind) {
    case 'prose':
      return wrap(safe(block.text.replace(/\s+/g, ' ')), Math.min(pen.width, 100));
    case 'terms':
    case 'labels': {
      const style: Style = block.kind === 'terms' ? paint.accent : (text) => text;
      const rows = block.rows.map(({ term, text }) => ({ term: safe(term), text: safe(text) }));
      return [paint.strong(block.title), ...indent(table(rows, width, style), 2)];
    }
    case 'list': {
      const items = block.items.flatMap((item) => hanging(`${glyphs.bullet} `, safe(item), width));
      return [paint.strong(block.title), ...indent(items, 2)];
    }
    case 'commands': {
      const lines = block.lines.flatMap((line) => wrapCommand(safe(line), width - 2));
      return [...wrap(block.title, pen.width).map(paint.strong), ...indent(lines.map(paint.accent), 4)];
    }
  }
}

export function blocksAsText(blocks: readonly Block[], pen: Pen): string[] {
  return stack(blocks.filter((block) => !empty(block)).map((block) => textBlock(block, pen)));
}

const item = (term: string, text: string) => `- ${term}${text === '' ? '' : `: ${inline(text)}`}`;

function markdownBlock(block: Block, level: number): string[] {
  const title = (text: string) => [`${'#'.repeat(level)} ${text}`, ''];
  switch (block.kind) {
    case 'prose':
      return [inline(block.text.replace(/\s+/g, ' '))];
    case 'terms':
      return [...title(block.title), ...block.rows.map((row) => item(code(row.term), row.text))];
    case 'labels':
      return [...title(block.title), ...block.rows.map((row) => item(inline(row.term), row.text))];
    case 'list':
      return [...title(block.title), ...block.items.map((item) => `- ${inline(item)}`)];
    case 'commands':
      return [...title(block.title), '```sh', ...block.lines, '```'];
  }
}

/** `level`: of the headings, 2 for `##`. */
export function blocksAsMarkdown(blocks: readonly Block[], level: number): string[] {
  return stack(blocks.filter((block) => !empty(block)).map((block) => markdownBlock(block, level)));
}
