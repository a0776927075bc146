import { type CounterDeltas, counterDeltas } from './counters.ts';
import { KernelTrace } from './kernel-trace.ts';
import { addressOf } from './place.ts';
import { ProgramLog } from './program-log.ts';
import type { HostRecords } from './records.ts';
import { type HostSource, NotHostDataError } from './source.ts';

/** A snapshot of counters and the name it came under. */
export interface Snapshot {
  name: string;
  text: string;
}

/** Takes in one file, piece by piece. */
export interface HostReader {
  push(chunk: Uint8Array): void;
  /** @throws NotHostDataError in a sentence that begins with the name */
  end(name: string): HostSource;
}

/** Puts together what hosts recorded, one source after the other. */
export class HostRecording {
  private readonly sources: HostSource[] = [];
  private readonly traces: KernelTrace[] = [];
  private readonly logs: ProgramLog[] = [];
  private readonly deltas: CounterDeltas[] = [];

  /** Begins a kernel trace or the log of a program; it ends before the next source begins. */
  read(kind: 'trace' | 'log'): HostReader {
    const parser = kind === 'trace' ? this.traceReader() : this.logReader();
    return {
      push: (chunk) => parser.push(chunk),
      end: (name) => {
        const told = refusing(name, () => parser.end(name));
        this.sources.push(told);
        return told;
      },
    };
  }

  /**
   * @param host address of the host as the captures show it; null when it is not known
   * @throws NotHostDataError
   */
  counters(before: Snapshot, after: Snapshot, host: string | null): void {
    const address = host === null ? null : addressOf(host);
    if (host !== null && address === null)
      throw new NotHostDataError(`${after.name} is said to be of '${host}', which is no address.`);
    const name = `${before.name} and ${after.name}`;
    const { counters, told } = refusing(after.name, () =>
      counterDeltas(before.text, after.text, this.sources.length, address, name),
    );
    this.sources.push(told);
    this.deltas.push(counters);
  }

  /** All of it; null when nothing was given. */
  records(): HostRecords | null {
    const { sources, traces, logs, deltas } = this;
    if (sources.length === 0) return null;
    return {
      sources,
      events: traces.flatMap(({ events }) => events),
      whole: traces.every(({ whole }) => whole),
      given: { trace: traces.length > 0, counters: deltas.length > 0, log: logs.length > 0 },
      counters: deltas,
      logs: logs.flatMap(({ records }) => records),
      sockets: [],
      conntrack: [],
    };
  }

  private traceReader(): KernelTrace {
    const trace = new KernelTrace(this.sources.length);
    this.traces.push(trace);
    return trace;
  }

  private logReader(): ProgramLog {
    const log = new ProgramLog(this.sources.length);
    this.logs.push(log);
    return log;
  }
}

/** Parsers know no names: what one refuses is told with the name of its file. */
function refusing<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof NotHostDataError) throw new NotHostDataError(`${name} ${error.message}.`);
    throw error;
  }
}
