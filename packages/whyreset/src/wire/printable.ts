/*
 * What must not reach a terminal, a log or a page as it is, by Unicode's own
 * classes: controls (Cc: ESC begins terminal commands), format characters (Cf:
 * the bidirectional ones make text read in another order than it stands), lone
 * surrogates, line and paragraph separators, and all that draws nothing.
 */
const HARMFUL = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/gu;

/** Any captured string made harmless: controls and invisible characters become visible escapes like `\x1b` or `\u{202e}`. */
export function printable(text: string): string {
  return text.replace(HARMFUL, visible);
}

function visible(character: string): string {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
  }
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
