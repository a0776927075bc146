import { InputError } from '../capture/input-error.ts';
import { readChunks } from '../capture/open.ts';
import { counterDeltas, MOST_COUNTER_BYTES } from '../host/counters.ts';
import { KernelTrace } from '../host/kernel-trace.ts';
import { addressOf } from '../host/place.ts';
import { ProgramLog } from '../host/program-log.ts';
import type { HostRecords } from '../host/records.ts';
import { type HostSource, NotHostDataError } from '../host/source.ts';
import { UsageError } from './exit.ts';

/** The files beside the captures, as the options name them. */
export interface HostOptions {
  trace?: string[];
  /** Before and after, in turn. */
  counters?: string[];
  /** Address of the host of each pair of counters. */
  countersOf?: string[];
  log?: string[];
}

/** What hosts recorded, or null when no option asks for it. Throws `InputError` and `UsageError`. */
export async function readHostRecords(options: HostOptions): Promise<HostRecords | null> {
  const { trace = [], counters = [], countersOf = [], log = [] } = options;
  const hosts = hostsOf(counters, countersOf);
  if (trace.length + counters.length + log.length === 0) return null;
  const sources: HostSource[] = [];
  const traces: KernelTrace[] = [];
  for (const path of trace) {
    const read = new KernelTrace(sources.length);
    traces.push(read);
    sources.push(await feed(path, read));
  }
  const deltas: HostRecords['counters'][number][] = [];
  for (let i = 0; i + 1 < counters.length; i += 2) {
    const [before, after] = [counters[i]!, counters[i + 1]!];
    const texts = [await textOf(before), await textOf(after)] as const;
    const { counters: found, told } = refusing(after, () =>
      counterDeltas(...texts, sources.length, hosts[i / 2] ?? null, `${before} and ${after}`),
    );
    sources.push(told);
    deltas.push(found);
  }
  const logs: ProgramLog[] = [];
  for (const path of log) {
    const read = new ProgramLog(sources.length);
    logs.push(read);
    sources.push(await feed(path, read));
  }
  return {
    sources,
    events: traces.flatMap(({ events }) => events),
    whole: traces.every(({ whole }) => whole),
    given: { trace: trace.length > 0, counters: counters.length > 0, log: log.length > 0 },
    counters: deltas,
    logs: logs.flatMap(({ records }) => records),
  };
}

function hostsOf(counters: readonly string[], countersOf: readonly string[]): string[] {
  if (countersOf.length > counters.length / 2)
    throw new UsageError(
      '--counters-of names the host of a pair of counters: give --counters BEFORE AFTER as well.',
    );
  return countersOf.map((text) => {
    const address = addressOf(text);
    if (address === null)
      throw new UsageError(
        `--counters-of takes the address of a host as the capture shows it, not '${text}'.`,
      );
    return address;
  });
}

/** What a parser refuses is told with the name of the file. */
function refusing<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof NotHostDataError)
      throw new InputError('not-host-data', `${name} ${error.message}.`, error);
    throw error;
  }
}

async function feed(
  path: string,
  parser: { push(chunk: Uint8Array): void; end(name: string): HostSource },
): Promise<HostSource> {
  const input = readChunks(path);
  for await (const chunk of input.chunks) parser.push(chunk);
  const told = refusing(input.name, () => parser.end(input.name));
  told.warnings.push(...input.warnings);
  return told;
}

async function textOf(path: string): Promise<string> {
  const input = readChunks(path);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input.chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_COUNTER_BYTES)
      throw new InputError('not-host-data', `${input.name} is too large to be a snapshot of counters.`);
  }
  return text + decoder.decode();
}
