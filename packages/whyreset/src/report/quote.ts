/** Printable ASCII but `"` and `\`, and the punctuation of our own sentences: needs no escape in JSON, commands nothing. */
const PLAIN = /^[ !#-[\]-~’“”…µ]*$/;
const NOT_ASCII = /[^\n\x20-\x7e]+/g;
/* What `wire/printable.ts` calls harmful, less what `JSON.stringify` has escaped already (C0 controls, lone surrogates). */
const HARMFUL = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\x7f-\x9f]/gu;

function escaped(characters: string): string {
  let out = '';
  for (let i = 0; i < characters.length; i++)
    out += `\\u${characters.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return out;
}

/**
 * JSON that can be shown: what commands a terminal or turns the order of a
 * text stands as an escape (such characters occur inside strings only, so a
 * reader gets back exactly what was there).
 */
export function inert(json: string): string {
  // The Unicode classes are slow to match, so they see the few characters beyond ASCII alone.
  return json.replace(NOT_ASCII, (run) => run.replace(HARMFUL, escaped));
}

/** One string as inert JSON. */
export function quote(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : inert(JSON.stringify(text));
}
