import { annotate, checkTarget } from '../../capture/annotate.ts';
import { InputError } from '../../capture/input-error.ts';
import { findCause } from '../../causes/find.ts';
import { Diagnosis } from '../../diagnosis.ts';
import { Annotations } from '../../report/annotations.ts';
import { jsonDocument } from '../../report/json.ts';
import type { ResetEntry, Result, Summary } from '../../verdict/result.ts';
import { FAILED, OK, PROBLEMS } from '../exit.ts';
import { connectionFilter } from '../filter.ts';
import { readCaptures } from '../read-captures.ts';
import { type HostOptions, readHostRecords } from '../read-host.ts';
import { terminal } from '../terminal.ts';
import { version } from '../version.ts';

export interface DiagnoseCommandOptions extends HostOptions {
  format: 'text' | 'json' | 'markdown';
  connection?: string;
  port?: number;
  failOn: 'problems' | 'resets' | 'never';
  explain?: boolean;
  /** Where the packets go with their comments. */
  annotate?: string;
}

function exitCode(summary: Summary, failOn: DiagnoseCommandOptions['failOn']): number {
  if (failOn === 'never') return OK;
  if (failOn === 'resets') return summary.resets > 0 ? PROBLEMS : OK;
  return summary.problems > 0 ? PROBLEMS : OK;
}

/** `whyreset diagnose`: gathers each input, judges, prints. */
export async function diagnoseCommand(
  files: readonly string[],
  options: DiagnoseCommandOptions,
): Promise<number> {
  const { annotate: target } = options;
  if (target !== undefined) checkTarget(target, files);
  const filter = connectionFilter(options);
  const records = await readHostRecords(options);
  const { gathered, places, unread } = await readCaptures(files, { filter });
  const asText = gathered.find(({ info }) => info.text !== undefined);
  if (target !== undefined && asText !== undefined)
    throw new InputError(
      'not-a-capture',
      `--annotate writes packets back, and ${asText.name} is a packet list as text: give the capture itself.`,
    );
  for (const { name, message } of unread)
    process.stderr.write(`whyreset: ${message.includes(name) ? message : `${name}: ${message}`}\n`);
  const diagnosis = new Diagnosis(gathered, records, unread);

  const notes = new Annotations((id) => findCause(id)?.title ?? null);
  const note = (entry: ResetEntry) => {
    if (target !== undefined) notes.add(entry);
  };
  const finish = async (result: Pick<Result, 'inputs' | 'summary' | 'findings'>) => {
    if (target !== undefined)
      await annotate(
        target,
        places.map(({ position }) => files[position]!),
        {
          header: notes.header(result),
          application: `whyreset ${version}`,
          of: (file, packet) => notes.of(places[file]!.input, places[file]!.before + packet),
        },
      );
    const code = exitCode(result.summary, options.failOn);
    // "Nothing wrong" cannot be said of a file that was not read.
    return code === OK && unread.length > 0 ? FAILED : code;
  };

  if (options.format === 'json') {
    const entries = noting(diagnosis.entries(), note);
    for (const text of jsonDocument(diagnosis.head(), entries, () => diagnosis.tail()))
      process.stdout.write(text);
    return finish({ ...diagnosis.head(), ...diagnosis.tail() });
  }
  const result = diagnosis.overview(note);
  const rendering = {
    explain: options.explain === true,
    explanationOf: (id: string) => findCause(id)?.explain ?? null,
  };
  if (options.format === 'markdown') {
    const { renderMarkdown } = await import('../../report/markdown.ts');
    process.stdout.write(renderMarkdown(result, rendering));
  } else {
    const { renderText } = await import('../../report/text.ts');
    process.stdout.write(renderText(result, { ...terminal(), ...rendering }));
  }
  return finish(result);
}

function* noting(entries: Iterable<ResetEntry>, note: (entry: ResetEntry) => void): Generator<ResetEntry> {
  for (const entry of entries) {
    note(entry);
    yield entry;
  }
}
