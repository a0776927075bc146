import { HostRecording } from '../host/recording.ts';
import type { HostRecords } from '../host/records.ts';
import type { Recorded } from './run.ts';

/** What the kernels of a run recorded, as `diagnose --trace … --counters …` would read it; null where nothing was. */
export function hostRecordsOf(run: Recorded): HostRecords | null {
  const recording = new HostRecording();
  if (run.trace !== null && run.trace.length > 0) {
    const trace = recording.read('trace');
    trace.push(Buffer.from(run.trace.map((line) => `${line}\n`).join('')));
    trace.end('trace.txt');
  }
  for (const host of ['client', 'server'] as const) {
    const readings = run.readings[host];
    if (readings === undefined) continue;
    const snapshot = (when: 'before' | 'after') => ({
      name: `${host}-counters-${when}.txt`,
      text: readings[when],
    });
    recording.counters(snapshot('before'), snapshot('after'), run.addresses[host]);
  }
  return recording.records();
}
