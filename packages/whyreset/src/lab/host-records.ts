import { counterDeltas } from '../host/counters.ts';
import { KernelTrace } from '../host/kernel-trace.ts';
import type { HostRecords } from '../host/records.ts';
import type { HostSource } from '../host/source.ts';
import type { Recorded } from './run.ts';

/** What the kernels of a run recorded, as `diagnose --trace … --counters …` would read it; null where nothing was. */
export function hostRecordsOf(run: Recorded): HostRecords | null {
  const sources: HostSource[] = [];
  const trace = new KernelTrace(0);
  if (run.trace !== null && run.trace.length > 0) {
    trace.push(Buffer.from(run.trace.map((line) => `${line}\n`).join('')));
    sources.push(trace.end('trace.txt'));
  }
  const counters: HostRecords['counters'][number][] = [];
  for (const host of ['client', 'server'] as const) {
    const readings = run.readings[host];
    if (readings === undefined) continue;
    const name = `${host}-counters-before.txt and ${host}-counters-after.txt`;
    const { counters: found, told } = counterDeltas(
      readings.before,
      readings.after,
      sources.length,
      run.addresses[host],
      name,
    );
    sources.push(told);
    counters.push(found);
  }
  if (sources.length === 0) return null;
  const given = { trace: trace.events.length > 0, counters: counters.length > 0, log: false };
  return { sources, events: trace.events, whole: trace.whole, given, counters, logs: [] };
}
