import type { ResetEntry, Result } from '../verdict/result.ts';
import { RowPacker } from './page-rows.ts';

/** What the page reads besides its rows and entries. */
export type PageHead = Omit<Result, 'resets'>;

/** Entries in one compressed block: enough for gzip to find what repeats, few enough to open one at once. */
const BLOCK = 256;

/** Ids of the data elements of the page. */
export const DATA = { head: 'whyreset-head', rows: 'whyreset-rows', entries: 'whyreset-entries-' } as const;
export const ENTRIES_PER_BLOCK = BLOCK;

/** Where the data goes in the page that was built; see `scripts/build-page.ts`. */
const PLACE = '<!--whyreset-data-->';

/** JSON inside a script element: no text of a packet may end it (HTML, "restrictions for contents of script elements"). */
const scriptJson = (value: unknown) => JSON.stringify(value).replaceAll('<', '\\u003c');

const element = (id: string, type: string, text: string) =>
  `<script type="${type}" id="${id}">${text}</script>\n`;

/**
 * The page with a result in it, as pieces of text in order.
 *
 * @param page the built page, which holds the place for the data
 * @param entries of the result, one by one; `rest` is asked for behind the last
 * @param pack compresses text with gzip, and gives it in base64
 */
export function* renderHtml(
  page: string,
  entries: Iterable<ResetEntry>,
  rest: () => PageHead,
  pack: (text: string) => string,
): Generator<string> {
  const at = page.indexOf(PLACE);
  if (at < 0) throw new Error('the page has no place for the data');
  yield page.slice(0, at);
  const rows = new RowPacker();
  let block: ResetEntry[] = [];
  let blocks = 0;
  for (const entry of entries) {
    rows.add(entry);
    block.push(entry);
    if (block.length < BLOCK) continue;
    yield element(`${DATA.entries}${blocks++}`, 'text/plain', pack(JSON.stringify(block)));
    block = [];
  }
  if (block.length > 0) yield element(`${DATA.entries}${blocks}`, 'text/plain', pack(JSON.stringify(block)));
  yield element(DATA.rows, 'application/json', scriptJson(rows.result()));
  yield element(DATA.head, 'application/json', scriptJson(rest()));
  yield page.slice(at + PLACE.length);
}
