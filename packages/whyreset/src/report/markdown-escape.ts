import { printable } from '../wire/printable.ts';

/** Punctuation that GitHub-flavoured Markdown may read as markup (CommonMark §2.4; `|` and `~` from GFM). */
const MARKUP = /[\\`*[\]|~$]|(?<![\p{L}\d])_|_(?![\p{L}\d])/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Any text as Markdown that shows exactly that text. `@name`, `#12` and bare
 * addresses are kept from becoming mentions and links, which GitHub makes
 * after all escapes are gone: an empty comment in between stops it.
 */
export function inline(text: string): string {
  return printable(text)
    .replace(/[&<>]/g, (c) => ENTITIES[c]!)
    .replace(MARKUP, '\\$&')
    .replace(/([@#])(?=[\p{L}\d])/gu, '$1<!-- -->')
    .replace(/\b(https?|ftp):(?=\/\/)/gi, '$1:<!-- -->')
    .replace(/\bwww\.(?=\S)/gi, 'www<!-- -->.')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^(?=[-+=#])/, '\\');
}

/** A code span that holds exactly the text, whatever backticks it has (CommonMark §6.1). */
export function code(text: string): string {
  const safe = printable(text);
  if (safe === '') return '';
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = safe.startsWith('`') || safe.endsWith('`') || /^ .* $/.test(safe) ? ' ' : '';
  return `${fence}${space}${safe}${space}${fence}`;
}

/** A fenced block whose fence is longer than any run of backticks inside. */
export function fenced(lines: readonly string[], language: string): string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...lines, fence];
}
