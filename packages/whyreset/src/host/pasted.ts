import { type ConntrackRecord, readConntrack } from './conntrack-list.ts';
import { counterDeltas } from './counters.ts';
import type { HostRecords } from './records.ts';
import { readSocket, type SocketRecord } from './socket-list.ts';
import { type HostSource, NotHostDataError } from './source.ts';

/** Records kept of one text; more belong into files of their own. */
const MOST = 100_000;
const COUNTER = /^\s*(?:Ip|Icmp|Udp|Tcp)[A-Za-z0-9]{3,60}\s+\d{1,16}(?:\s+\d+\.\d+)?\s*$/;

/** What hosts recorded, in one text with the packets: sockets, conntrack entries and counters. */
export class PastedRecords {
  readonly sockets: SocketRecord[] = [];
  readonly conntrack: ConntrackRecord[] = [];
  /** One text for each time that nstat ran. */
  readonly snapshots: string[][] = [];

  get any(): boolean {
    return this.sockets.length + this.conntrack.length + this.snapshots.length > 0;
  }

  /** Takes a line; false when it is none of these. */
  take(text: string, line: number): boolean {
    if (/^\s*#kernel\b/.test(text)) {
      this.snapshots.push([]);
      return true;
    }
    const counters = this.snapshots.at(-1);
    if (counters !== undefined && COUNTER.test(text)) {
      if (counters.length < MOST) counters.push(text.trim());
      return true;
    }
    if (/^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\b|^Proto\s+Recv-Q/.test(text)) return true;
    if (this.sockets.length + this.conntrack.length >= MOST) return false;
    const entry = readConntrack(text, line);
    if (entry !== null) this.conntrack.push(entry);
    const socket = entry === null ? readSocket(text, line) : null;
    if (socket !== null) this.sockets.push(socket);
    return entry !== null || socket !== null;
  }
}

const NOTHING: HostRecords = {
  sources: [],
  events: [],
  whole: true,
  given: { trace: false, counters: false, log: false },
  counters: [],
  logs: [],
  sockets: [],
  conntrack: [],
};

/** Counters of the first and the last run of nstat; null when there are none to compare. */
function countersOf(snapshots: readonly string[][], source: number, name: string) {
  const [first] = snapshots;
  const last = snapshots.at(-1);
  if (first === undefined || last === undefined || first === last) return null;
  try {
    return counterDeltas(first.join('\n'), last.join('\n'), source, null, name);
  } catch (error) {
    if (error instanceof NotHostDataError) return null;
    throw error;
  }
}

/**
 * What stood beside the packets of the inputs, added to what was given apart.
 *
 * @param pasted of each input that is a text, with its name
 */
export function withPasted(
  records: HostRecords | null,
  pasted: readonly { name: string; records: PastedRecords }[],
): HostRecords | null {
  let all = records;
  for (const { name, records: own } of pasted) {
    if (!own.any) continue;
    const before = all ?? NOTHING;
    const sources: HostSource[] = [...before.sources];
    const add = (kind: HostSource['kind'], count: number) =>
      sources.push({ name, kind, records: count, warnings: [] }) - 1;
    const at = <T extends { source: number }>(kind: HostSource['kind'], list: readonly T[]): T[] => {
      if (list.length === 0) return [];
      const source = add(kind, list.length);
      return list.map((record) => ({ ...record, source }));
    };
    const sockets = at('sockets', own.sockets);
    const conntrack = at('conntrack', own.conntrack);
    const counted = countersOf(own.snapshots, sources.length, name);
    if (counted !== null) sources.push(counted.told);
    all = {
      ...before,
      sources,
      sockets: [...before.sockets, ...sockets],
      conntrack: [...before.conntrack, ...conntrack],
      counters: counted === null ? before.counters : [...before.counters, counted.counters],
      given: { ...before.given, counters: before.given.counters || counted !== null },
    };
  }
  return all;
}
