import { type Counters, changes } from './counters.ts';
import type { Host } from './path/network.ts';
import { concatenated, pcapHeader, pcapRecord } from './pcap.ts';
import { type Outcome, perform } from './perform.ts';
import type { RecordedSegment, Recorder } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import { Stage, type Words } from './stage.ts';
import type { Step } from './steps.ts';

/** A capture of one host's interface. */
export interface Vantage {
  /** A complete pcap file with nanoseconds. */
  bytes: Uint8Array;
  segments: readonly RecordedSegment[];
  /** Frames lost for want of room; 0 unless the machine was overwhelmed. */
  dropped: number;
}

/** What one performance of a scenario left. */
export interface Run {
  scenario: Scenario;
  /** Null where nothing may be recorded (no namespaces). */
  captures: { client: Vantage; server: Vantage } | null;
  /** Kernel trace lines of the lab's addresses; null without root or tracefs. */
  trace: string[] | null;
  /** What changed while it ran, by host. */
  counters: Partial<Record<Host, Record<string, number>>>;
  /** Readings before and after, as /proc/net/snmp and netstat hold them. */
  readings: Partial<Record<Host, { before: Counters; after: Counters }>>;
  words: readonly Words[];
  /** Everything that programs printed, by name. */
  output: Record<string, readonly string[]>;
  addresses: Record<'client' | 'server', string>;
}

export interface RunOptions {
  namespaces: boolean;
  /** Directory for the scenario's private files; the caller removes it. */
  directory: string;
  /** Called before and after each step. */
  began?: (step: Step) => void;
  done?: (step: Step, outcome: Outcome) => void;
}

const HOSTS = ['client', 'router', 'server'] as const;

/** Performs a scenario; whatever happens, nothing of it is left running. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Run> {
  const { namespaces, directory } = options;
  const stage = new Stage({ path: scenario.path ?? {}, namespaces, directory });
  try {
    const before = readings(stage);
    for (const step of scenario.steps) {
      options.began?.(step);
      const outcome = await perform(stage, step);
      options.done?.(step, outcome);
    }
    await stage.settle();
    const after = readings(stage);
    const { recorders } = stage;
    return {
      scenario,
      captures:
        recorders === null ? null : { client: vantage(recorders.client), server: vantage(recorders.server) },
      trace: stage.traceLines(),
      counters: Object.fromEntries(
        [...after].map(([host, now]) => [host, changes(before.get(host) ?? new Map(), now)]),
      ),
      readings: Object.fromEntries(
        [...after].map(([host, now]) => [host, { before: before.get(host) ?? new Map(), after: now }]),
      ),
      words: stage.words,
      output: Object.fromEntries([...stage.programs].map(([name, { program }]) => [name, program.lines])),
      addresses: { client: stage.address('client'), server: stage.address('server') },
    };
  } finally {
    await stage.close();
  }
}

function readings(stage: Stage): Map<Host, Counters> {
  const all = HOSTS.map((host) => [host, stage.counters(host)] as const);
  return new Map(all.flatMap(([host, counters]) => (counters === null ? [] : [[host, counters]])));
}

function vantage(recorder: Recorder): Vantage {
  const dropped = recorder.stop();
  const records = recorder.frames.map(pcapRecord);
  return { bytes: concatenated([pcapHeader(), ...records]), segments: recorder.segments, dropped };
}
