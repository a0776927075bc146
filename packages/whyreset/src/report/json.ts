import { type ResetEntry, type Result, SCHEMA } from '../verdict/result.ts';

/**
 * Characters a chunk grows to before it is handed on. Twice as many make strings of 128 kB, which V8 keeps apart as
 * large objects: to join the pieces of one then took 15 µs more for each entry.
 */
const CHUNK = 32_768;

/** Neither ASCII nor the punctuation of our own sentences; in almost no piece of a result there is any. */
const UNUSUAL = /[^\n\x20-\x7e’“”…µ]/;
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
  if (!UNUSUAL.test(json)) return json;
  // The Unicode classes are slow to match, so they see the few characters beyond ASCII alone.
  return json.replace(NOT_ASCII, (run) => run.replace(HARMFUL, escaped));
}

/**
 * The result as one JSON document, in pieces of about 32 kB: the entries are
 * taken one at a time and none is kept, so memory does not grow with them.
 * Each entry stands on a line of its own. `tail` is called once, after the
 * last entry.
 */
export function* jsonDocument(
  head: Pick<Result, 'inputs' | 'hostFiles'>,
  resets: Iterable<ResetEntry>,
  tail: () => Pick<Result, 'findings' | 'summary'>,
): Generator<string, void, undefined> {
  const files = head.hostFiles === undefined ? '' : `"hostFiles":${JSON.stringify(head.hostFiles)},\n`;
  let chunk = `{"schema":${JSON.stringify(SCHEMA)},\n"inputs":${JSON.stringify(head.inputs)},\n${files}"resets":[`;
  let separator = '\n';
  for (const entry of resets) {
    chunk += separator + JSON.stringify(entry);
    separator = ',\n';
    if (chunk.length >= CHUNK) {
      yield inert(chunk);
      chunk = '';
    }
  }
  const { findings, summary } = tail();
  chunk += `\n],\n"findings":[`;
  separator = '\n';
  for (const finding of findings) {
    chunk += separator + JSON.stringify(finding);
    separator = ',\n';
  }
  yield inert(`${chunk}\n],\n"summary":${JSON.stringify(summary)}}\n`);
}
