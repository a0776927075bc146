import { Diagnosis } from '../packages/whyreset/src/diagnosis.ts';
import { Gathering } from '../packages/whyreset/src/gather.ts';
import { counterDeltas } from '../packages/whyreset/src/host/counters.ts';
import { KernelTrace } from '../packages/whyreset/src/host/kernel-trace.ts';
import { ProgramLog } from '../packages/whyreset/src/host/program-log.ts';
import type { HostRecords } from '../packages/whyreset/src/host/records.ts';
import { type HostSource, NotHostDataError } from '../packages/whyreset/src/host/source.ts';
import { CaptureReader } from '../packages/whyreset/src/wire/capture-reader.ts';
import { NotACaptureError } from '../packages/whyreset/src/wire/not-a-capture.ts';
import { PacketRecords } from '../packages/whyreset/src/wire/packet-records.ts';
import {
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../packages/whyreset/src/wire/pcapng-writer.ts';

interface Parser {
  push(chunk: Uint8Array): void;
  end(name: string): HostSource;
}

/** What the parser refuses as a whole is no failure. */
function tolerating<T>(action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof NotHostDataError || error instanceof NotACaptureError) return null;
    throw error;
  }
}

function feed<P extends Parser>(parser: P, bytes: Uint8Array, piece: number): P {
  tolerating(() => {
    for (let at = 0; at < bytes.length; at += piece) parser.push(bytes.subarray(at, at + piece));
    parser.end('fuzzed');
  });
  return parser;
}

/** A damaged trace, log and pair of counters beside a sound capture, through the whole judgement. */
export function fuzzHostFiles(
  capture: Uint8Array,
  damaged: Uint8Array,
  whole: Uint8Array,
  piece: number,
): void {
  const trace = feed(new KernelTrace(0), damaged, piece);
  const log = feed(new ProgramLog(0), damaged, piece);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const counters = tolerating(() => counterDeltas(text(whole), text(damaged), 0, '10.77.2.2', 'fuzzed'));
  const records: HostRecords = {
    sources: [{ name: 'fuzzed', kind: 'trace', records: 0, warnings: [] }],
    events: trace.events,
    whole: trace.whole,
    given: { trace: true, counters: true, log: true },
    counters: counters === null ? [] : [counters.counters],
    logs: log.records,
    sockets: [],
    conntrack: [],
  };
  const gathering = new Gathering(0);
  gathering.push(capture);
  gathering.end();
  new Diagnosis([gathering.gathered('capture')], records).result();
}

/** A damaged capture written anew holds as many packets as its reader counted whole. */
export function fuzzRewriting(bytes: Uint8Array, piece: number): void {
  const parts: Uint8Array[] = [sectionHeader('fuzzed', '')];
  let written = 0;
  const records = new PacketRecords({
    interface: (described) => parts.push(interfaceDescription(described)),
    packet(record) {
      written++;
      parts.push(enhancedPacket(record));
    },
  });
  const read = tolerating(() => {
    for (let at = 0; at < bytes.length; at += piece) records.push(bytes.subarray(at, at + piece));
    records.end();
    return true;
  });
  if (read === null) return;
  const reader = new CaptureReader({ segment: () => {} }, { maxRecordBytes: 4 * 1024 * 1024 });
  for (const part of parts) reader.push(part);
  reader.end();
  if (reader.info.packets !== written)
    throw new Error(`${written} packets were written and ${reader.info.packets} read back`);
}
