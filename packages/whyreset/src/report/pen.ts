import { Ansis } from 'ansis';
import { printable } from '../wire/printable.ts';

/** The characters that lines are drawn with. */
export interface Glyphs {
  life: string;
  gap: string;
  light: string;
  heavy: string;
  right: string;
  left: string;
  /** Where a RST begins that neither end made. */
  between: string;
  cross: string;
  bullet: string;
  arrow: string;
  dot: string;
  /** In place of a packet number that a capture does not have. */
  none: string;
  more: string;
}

const UNICODE: Glyphs = {
  life: '│',
  gap: '┊',
  light: '─',
  heavy: '═',
  right: '▶',
  left: '◀',
  between: '╳',
  cross: '✕',
  bullet: '•',
  arrow: '→',
  dot: '·',
  none: '–',
  more: '…',
};

const ASCII: Glyphs = {
  life: '|',
  gap: ':',
  light: '-',
  heavy: '=',
  right: '>',
  left: '<',
  between: 'X',
  cross: 'x',
  bullet: '*',
  arrow: '->',
  dot: '-',
  none: '-',
  more: '...',
};

/** A way to emphasise; does nothing when there is no colour. */
export type Style = (text: string) => string;

/** Emphasis by meaning. Only the terminal's own sixteen colours, so that its theme decides. */
export interface Paint {
  strong: Style;
  dim: Style;
  bad: Style;
  warn: Style;
  good: Style;
  accent: Style;
}

/** What the drawing functions of this room share: size, characters, colours. */
export interface Pen {
  /** Columns of a line. */
  width: number;
  glyphs: Glyphs;
  paint: Paint;
  /** Any text of the result made safe to show, and ASCII when asked for. */
  safe(text: string): string;
}

export interface PenOptions {
  width: number;
  colour: boolean;
  ascii?: boolean;
}

/** Narrower than this nothing can be drawn; wider lines are not read to their end. */
const NARROWEST = 44;
const WIDEST = 160;

export function penOf({ width, colour, ascii = false }: PenOptions): Pen {
  return {
    width: Math.min(Math.max(Math.floor(width), NARROWEST), WIDEST),
    glyphs: ascii ? ASCII : UNICODE,
    paint: paintOf(colour),
    safe: ascii ? (text) => asciiOnly(printable(text)) : printable,
  };
}

function paintOf(colour: boolean): Paint {
  // The level by option: left to itself the package would look at the process.
  const ansis = new Ansis(colour ? 1 : 0);
  return {
    strong: ansis.bold,
    dim: ansis.dim,
    bad: ansis.red.bold,
    warn: ansis.yellow.bold,
    good: ansis.green.bold,
    accent: ansis.cyan,
  };
}

const SPELLED: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '×': 'x',
  µ: 'u',
  μ: 'u',
  '½': '1/2',
  '≥': '>=',
  '≤': '<=',
  '→': '->',
  '⟨': '<',
  '⟩': '>',
  '∅': 'nothing',
  '≠': '/=',
  '₀': '0',
  '§': 'section ',
  ' ': ' ',
};

/** Typography spelled in ASCII; any other character as the escape that `printable` uses. */
export function asciiOnly(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/gu, (c) => SPELLED[c] ?? `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
