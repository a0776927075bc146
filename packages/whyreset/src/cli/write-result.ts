import { gzipSync } from 'node:zlib';
import type { Diagnosis } from '../diagnosis.ts';
import { renderHtml } from '../report/html.ts';
import { inert, jsonDocument } from '../report/json.ts';
import type { TextOptions } from '../report/text.ts';
import { type ResetEntry, type Result, SCHEMA } from '../verdict/result.ts';
import type { Output } from './output.ts';
import { readPageFile } from './page-file.ts';

export type ResultFormat = 'text' | 'json' | 'ndjson' | 'markdown' | 'html';

/** What a result came to, its entries aside. */
export type Outcome = Pick<Result, 'inputs' | 'summary' | 'findings'>;

export interface WriteOptions {
  /** Called with each entry. */
  note: (entry: ResetEntry) => void;
  rendering: TextOptions;
}

/** gzip in base64, as the page unpacks it. */
const pack = (text: string): string => gzipSync(text).toString('base64');

function* noting(entries: Iterable<ResetEntry>, note: (entry: ResetEntry) => void): Generator<ResetEntry> {
  for (const entry of entries) {
    note(entry);
    yield entry;
  }
}

/** An entry, a finding, and at last the summary, a line each: for programs that read as they go. */
function* lines(entries: Iterable<ResetEntry>, diagnosis: Diagnosis): Generator<string> {
  const line = (value: unknown) => inert(`${JSON.stringify(value)}\n`);
  for (const reset of entries) yield line({ reset });
  const { findings, summary } = diagnosis.tail();
  for (const finding of findings) yield line({ finding });
  yield line({ schema: SCHEMA, ...diagnosis.head(), summary });
}

/** Judges and prints in one go: of formats that hold every entry, none is kept in memory. */
export async function writeResult(
  format: ResultFormat,
  out: Output,
  diagnosis: Diagnosis,
  { note, rendering }: WriteOptions,
): Promise<Outcome> {
  if (format === 'text' || format === 'markdown') {
    const result = diagnosis.overview(note);
    if (format === 'text') out.write((await import('../report/text.ts')).renderText(result, rendering));
    else out.write((await import('../report/markdown.ts')).renderMarkdown(result, rendering));
    return result;
  }
  const entries = noting(diagnosis.entries(), note);
  const rest = () => ({ schema: SCHEMA, ...diagnosis.head(), ...diagnosis.tail() }) as const;
  const pieces =
    format === 'html'
      ? renderHtml(readPageFile('report.html'), entries, rest, pack)
      : format === 'ndjson'
        ? lines(entries, diagnosis)
        : jsonDocument(diagnosis.head(), entries, () => diagnosis.tail());
  for (const piece of pieces) {
    out.write(piece);
    await out.ready();
  }
  return rest();
}
