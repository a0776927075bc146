import { DATA, ENTRIES_PER_BLOCK, type PageHead } from '../../../src/report/html.ts';
import { type PackedRows, type PageRow, rowOf, unpackRows } from '../../../src/report/page-rows.ts';
import type { ResetEntry, Result } from '../../../src/verdict/result.ts';
import { printable } from '../../../src/wire/printable.ts';

/** A result as the page uses it: all rows at once, an entry in full when it is looked at. */
export interface PageData extends PageHead {
  rows: readonly PageRow[];
  /** @throws when the block that holds it is damaged */
  entry(index: number): Promise<ResetEntry>;
}

/** Texts of packets and files without what would draw nothing, or turn the order of what stands around it. */
function inert<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(inert) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inert(part)])) as T;
}

/** Of a result in memory, as the analyser makes it. */
export function dataOfResult({ resets, ...head }: Result): PageData {
  return {
    ...inert(head),
    rows: resets.map((entry) => inert(rowOf(entry))),
    entry: async (index) => inert(resets[index]!),
  };
}

async function unzip(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** Of the file that was opened; null when it holds no result. */
export function dataOfDocument(page: Document): PageData | null {
  const json = (id: string) => {
    const text = page.getElementById(id)?.textContent;
    return text === undefined || text === null ? null : JSON.parse(text);
  };
  const head: PageHead | null = json(DATA.head);
  const packed: PackedRows | null = json(DATA.rows);
  if (head === null || packed === null) return null;
  const blocks = new Map<number, Promise<ResetEntry[]>>();
  const block = (at: number) => {
    let entries = blocks.get(at);
    if (entries === undefined) {
      const text = page.getElementById(`${DATA.entries}${at}`)?.textContent ?? '';
      entries = unzip(text).then((json) => inert(JSON.parse(json) as ResetEntry[]));
      blocks.set(at, entries);
    }
    return entries;
  };
  return {
    ...inert(head),
    rows: unpackRows(inert(packed)),
    entry: async (index) => (await block(Math.floor(index / ENTRIES_PER_BLOCK)))[index % ENTRIES_PER_BLOCK]!,
  };
}
