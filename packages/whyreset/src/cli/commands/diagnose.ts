import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate, checkOverwrite, checkTarget } from '../../capture/annotate.ts';
import { InputError } from '../../capture/input-error.ts';
import { findCause } from '../../causes/find.ts';
import { Diagnosis } from '../../diagnosis.ts';
import { connectionFilter } from '../../filter.ts';
import { Annotations } from '../../report/annotations.ts';
import { LibraryUsageError } from '../../usage-error.ts';
import type { ResetEntry, Result, Summary } from '../../verdict/result.ts';
import { FAILED, OK, PROBLEMS, UsageError } from '../exit.ts';
import { nothingMatches } from '../nothing-matches.ts';
import { fileAddress, openOnDesktop } from '../open-file.ts';
import { openOutput } from '../output.ts';
import { readCaptures } from '../read-captures.ts';
import { type HostOptions, readHostRecords } from '../read-host.ts';
import { terminal } from '../terminal.ts';
import { version } from '../version.ts';
import { type ResultFormat, writeResult } from '../write-result.ts';

export interface DiagnoseCommandOptions extends HostOptions {
  /** Left out: `html` with --open or a file that ends with .html, else text. */
  format?: ResultFormat;
  /** The file to print to, in the place of standard output. */
  output?: string;
  /** Show it in the browser. */
  open?: boolean;
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

function chosenFilter(options: DiagnoseCommandOptions) {
  try {
    return connectionFilter(options);
  } catch (error) {
    throw error instanceof LibraryUsageError ? new UsageError(`--connection: ${error.message}`) : error;
  }
}

/** What is printed, and where: a page that is to be opened needs a file. */
function destination({ format, output, open }: DiagnoseCommandOptions): {
  format: ResultFormat;
  output: string | undefined;
} {
  const html = open === true || (output !== undefined && /\.html?$/i.test(output));
  const chosen = format ?? (html ? 'html' : 'text');
  if (open === true && chosen !== 'html')
    throw new UsageError(
      `--open shows a page in the browser, and --format ${chosen} makes none: leave one of them out.`,
    );
  if (open !== true || output !== undefined) return { format: chosen, output };
  return { format: chosen, output: join(mkdtempSync(join(tmpdir(), 'whyreset-')), 'report.html') };
}

/** `whyreset diagnose`: gathers each input, judges, prints. */
export async function diagnoseCommand(
  files: readonly string[],
  options: DiagnoseCommandOptions,
): Promise<number> {
  const { annotate: target } = options;
  if (target !== undefined) checkTarget(target, files);
  const { format, output } = destination(options);
  if (output !== undefined) checkOverwrite('--output', output, files);
  const out = openOutput(output);
  const filter = chosenFilter(options);
  const records = await readHostRecords(options);
  const { gathered, places, unread } = await readCaptures(files, { filter });
  if (filter !== null && gathered.length > 0 && gathered.every(({ matched }) => !matched))
    throw nothingMatches(options, files);
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

  const result = await writeResult(format, out, diagnosis, {
    note,
    rendering: {
      ...terminal(),
      ...(output !== undefined && { colour: false }),
      explain: options.explain === true,
      explanationOf: (id) => findCause(id)?.explain ?? null,
    },
  });
  out.close();
  if (options.open === true) await show(output!);
  return finish(result);
}

/** Opens the report, and says where it lies: a desktop without a browser opens nothing. */
async function show(path: string): Promise<void> {
  const opened = await openOnDesktop(fileAddress(path));
  process.stderr.write(`whyreset: ${opened ? 'opened' : 'no browser was found; open'} ${path}\n`);
}
