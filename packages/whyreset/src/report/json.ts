import { type ResetEntry, type Result, SCHEMA } from '../verdict/result.ts';
import { entryJson } from './json-entry.ts';
import { inert } from './quote.ts';

/** Characters a chunk grows to before it is handed on. */
const CHUNK = 65_536;

/**
 * The result as one JSON document, in pieces of about 64 kB: the entries are
 * taken one at a time and none is kept, so memory does not grow with them.
 * Each entry stands on a line of its own. `tail` is called once, after the
 * last entry.
 */
export function* jsonDocument(
  head: Pick<Result, 'inputs'>,
  resets: Iterable<ResetEntry>,
  tail: () => Pick<Result, 'findings' | 'summary'>,
): Generator<string, void, undefined> {
  let chunk = `{"schema":${JSON.stringify(SCHEMA)},\n"inputs":${inert(JSON.stringify(head.inputs))},\n"resets":[`;
  let separator = '\n';
  for (const entry of resets) {
    chunk += separator + entryJson(entry);
    separator = ',\n';
    if (chunk.length >= CHUNK) {
      yield chunk;
      chunk = '';
    }
  }
  const { findings, summary } = tail();
  chunk += `\n],\n"findings":[`;
  separator = '\n';
  for (const finding of findings) {
    chunk += separator + inert(JSON.stringify(finding));
    separator = ',\n';
  }
  yield `${chunk}\n],\n"summary":${JSON.stringify(summary)}}\n`;
}
