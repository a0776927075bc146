import { changes, parseCounters } from './counters.ts';
import type { Host } from './path/addresses.ts';
import { type Outcome, perform } from './perform.ts';
import type { RecordedSegment, Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import { Stage, type Words } from './stage.ts';
import type { Step } from './steps.ts';

/** A capture of one host's interface. */
export interface Vantage {
  /** A complete pcapng file with nanoseconds. */
  bytes: Uint8Array;
  segments: readonly RecordedSegment[];
  /** Frames lost for want of room; 0 unless the machine was overwhelmed. */
  dropped: number;
}

/** A capture of several interfaces of the router; its segments are read by the diagnosis alone. */
export type RouterCapture = Pick<Vantage, 'bytes' | 'dropped'>;

/** What one performance of a scenario left. */
export interface Run {
  scenario: Scenario;
  /** Null where nothing may be recorded (no namespaces). */
  captures: { client: Vantage; server: Vantage; router?: RouterCapture } | null;
  /** Kernel trace lines of the lab's addresses; null without root or tracefs. */
  trace: string[] | null;
  /** What changed while it ran, by host. */
  counters: Partial<Record<Host, Record<string, number>>>;
  /** Readings before and after: the text of /proc/net/snmp and of /proc/net/netstat. */
  readings: Partial<Record<Host, { before: string; after: string }>>;
  words: readonly Words[];
  /** Everything that programs printed, by name. */
  output: Record<string, readonly string[]>;
  addresses: Record<'client' | 'server', string>;
}

/** What of a run is enough to diagnose it again: what `record` keeps. */
export type Recorded = Pick<Run, 'scenario' | 'trace' | 'readings' | 'addresses'> & {
  captures:
    | (Record<'client' | 'server', Pick<Vantage, 'bytes'>> & { router?: Pick<Vantage, 'bytes'> })
    | null;
};

export interface RunOptions {
  namespaces: boolean;
  /** Directory for the scenario's private files; the caller removes it. */
  directory: string;
  /** Called before and after each step. */
  began?: (step: Step) => void;
  done?: (step: Step, outcome: Outcome) => void;
}

const HOSTS = ['client', 'router', 'server', 'standby'] as const;

/** Performs a scenario; whatever happens, nothing of it is left running. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Run> {
  const { namespaces, directory } = options;
  const { path = {}, snapLength = 0, captureAtRouter } = scenario;
  const stage = new Stage({
    path,
    snapLength,
    namespaces,
    directory,
    ...(captureAtRouter && { captureAtRouter }),
  });
  try {
    const before = readings(stage);
    for (const step of scenario.steps) {
      options.began?.(step);
      const outcome = await perform(stage, step);
      options.done?.(step, outcome);
    }
    await stage.settle();
    const read = [...readings(stage)].map(
      ([host, after]) => [host, { before: before.get(host) ?? '', after }] as const,
    );
    return {
      scenario,
      captures: capturesOf(stage),
      trace: stage.traceLines(),
      counters: Object.fromEntries(
        read.map(([host, { before, after }]) => [host, changes(parseCounters(before), parseCounters(after))]),
      ),
      readings: Object.fromEntries(read),
      words: stage.words,
      output: Object.fromEntries([...stage.programs].map(([name, { program }]) => [name, program.lines])),
      addresses: { client: stage.address('client'), server: stage.address('server') },
    };
  } finally {
    await stage.close();
  }
}

function readings(stage: Stage): Map<Host, string> {
  const all = HOSTS.map((host) => [host, stage.counters(host)] as const);
  return new Map(all.flatMap(([host, text]) => (text === null ? [] : [[host, text]])));
}

function capturesOf({ recorders, routerRecorder }: Stage): Run['captures'] {
  if (recorders === null) return null;
  const ends = { client: vantage(recorders.client), server: vantage(recorders.server) };
  if (routerRecorder === null) return ends;
  const dropped = routerRecorder.stop();
  return { ...ends, router: { bytes: routerRecorder.bytes(), dropped } };
}

function vantage(recorder: Recorder): Vantage {
  const dropped = recorder.stop();
  return { bytes: recorder.bytes(), segments: recorder.segments, dropped };
}
