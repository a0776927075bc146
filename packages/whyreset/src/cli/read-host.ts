import { InputError } from '../capture/input-error.ts';
import { readChunks } from '../capture/open.ts';
import { MOST_COUNTER_BYTES } from '../host/counters.ts';
import { addressOf } from '../host/place.ts';
import { HostRecording, type Snapshot } from '../host/recording.ts';
import type { HostRecords } from '../host/records.ts';
import { NotHostDataError } from '../host/source.ts';
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
  const recording = new HostRecording();
  try {
    for (const path of trace) await feed(path, recording, 'trace');
    for (let i = 0; i + 1 < counters.length; i += 2) {
      const [before, after] = [await snapshot(counters[i]!), await snapshot(counters[i + 1]!)];
      recording.counters(before, after, hosts[i / 2] ?? null);
    }
    for (const path of log) await feed(path, recording, 'log');
  } catch (error) {
    if (error instanceof NotHostDataError) throw new InputError('not-host-data', error.message, error);
    throw error;
  }
  return recording.records();
}

function hostsOf(counters: readonly string[], countersOf: readonly string[]): readonly string[] {
  if (countersOf.length > counters.length / 2)
    throw new UsageError(
      '--counters-of names the host of a pair of counters: give --counters BEFORE AFTER as well.',
    );
  for (const text of countersOf)
    if (addressOf(text) === null)
      throw new UsageError(
        `--counters-of takes the address of a host as the capture shows it, not '${text}'.`,
      );
  return countersOf;
}

async function feed(path: string, recording: HostRecording, kind: 'trace' | 'log'): Promise<void> {
  const input = readChunks(path);
  const reader = recording.read(kind);
  for await (const chunk of input.chunks) reader.push(chunk);
  reader.end(input.name).warnings.push(...input.warnings);
}

async function snapshot(path: string): Promise<Snapshot> {
  const input = readChunks(path);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of input.chunks) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_COUNTER_BYTES)
      throw new InputError('not-host-data', `${input.name} is too large to be a snapshot of counters.`);
  }
  return { name: input.name, text: text + decoder.decode() };
}
