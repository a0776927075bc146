import stringWidth from 'string-width';

/** Columns that a text takes in a terminal: wide characters two, combining ones none, colours none. */
export const columns = (text: string): number => stringWidth(text);

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const NUMBER = /(?:^|[^\p{L}\d])[\d.,]*\d$/u;
const UNIT = /^(?:s|ms|µs|us|B|kB|MB|bytes?|min|h|×)(?!\p{L})/u;

/** Words of a text; a number and its unit count as one, so that no line ends between them. */
function words(text: string): string[] {
  const out: string[] = [];
  for (const word of text.split(/\s+/)) {
    if (word === '') continue;
    const last = out.at(-1);
    if (last !== undefined && UNIT.test(word) && NUMBER.test(last)) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  return out;
}

/** A word that is wider than a line, cut between graphemes. */
function cut(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const { segment } of graphemes.segment(word)) {
    const cells = columns(segment);
    if (used + cells > width && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += segment;
    used += cells;
  }
  pieces.push(piece);
  return pieces;
}

/** Breaks a text into lines of at most `width` columns, between words where it can. At least one line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of words(text)) {
    const cells = columns(word);
    if (line !== '' && used + 1 + cells <= width) {
      line += ` ${word}`;
      used += 1 + cells;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = cells <= width ? [word] : cut(word, width);
    line = pieces.pop()!;
    used = columns(line);
    lines.push(...pieces);
  }
  lines.push(line);
  return lines;
}

/** Fills up with blanks on the right. */
export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/** Fills up with blanks on the left. */
export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columns(text))) + text;
}

/** At most `width` columns; `mark` stands for what was cut off. */
export function clip(text: string, width: number, mark: string): string {
  if (columns(text) <= width) return text;
  return `${cut(text, Math.max(1, width - columns(mark)))[0]!.trimEnd()}${mark}`;
}
