import type { ConntrackRecord } from './conntrack-list.ts';
import type { CounterDeltas } from './counters.ts';
import { type LoggedError, LogMatch } from './log-match.ts';
import { type Place, pairKey } from './place.ts';
import type { HostRecords } from './records.ts';
import type { SocketRecord } from './socket-list.ts';
import type { LineRef } from './source.ts';
import type { TraceEvent } from './trace-event.ts';
import { type Matched, type SeenReset, type Silence, TraceMatch } from './trace-match.ts';

/** Entries of one connection that are told. */
const MOST_ENTRIES = 3;

/** What the hosts recorded, held against one capture. */
export class HostView {
  readonly given: HostRecords['given'];
  private readonly records: HostRecords;
  private readonly trace: TraceMatch;
  private readonly logs: LogMatch;
  private readonly epochSeconds: number;

  /** @param epochSeconds since 1970, of the capture's time 0 */
  constructor(records: HostRecords, epochSeconds: number) {
    this.records = records;
    this.given = records.given;
    this.trace = new TraceMatch(records);
    this.logs = new LogMatch(records.logs);
    this.epochSeconds = epochSeconds;
  }

  /** Every side of a connection that carries RSTs, once, before `settle`. */
  see(reset: SeenReset): void {
    this.trace.see(reset);
  }

  settle(): void {
    this.trace.settle();
  }

  sent(reset: SeenReset, answer: boolean): Matched {
    return this.trace.sent(reset, answer);
  }

  received(reset: SeenReset): TraceEvent | null {
    return this.trace.received(reset);
  }

  silence(reset: SeenReset): Silence {
    return this.trace.silence(reset);
  }

  /** The counters of this host; else those of a host that was not named. */
  counters(address: string): CounterDeltas | null {
    const { counters } = this.records;
    return (
      counters.find(({ host }) => host === address) ?? counters.find(({ host }) => host === null) ?? null
    );
  }

  /** @param time seconds since the capture's epoch */
  logged(client: Place, server: Place, time: number): LoggedError[] {
    return this.logs.about(client, server, this.epochSeconds + time);
  }

  /** The latest of what was listed of the socket at `local`; null when it was not. */
  socket(local: Place, peer: Place): SocketRecord | null {
    const key = pairKey(local, peer);
    return this.records.sockets.findLast((record) => pairKey(record.local, record.peer) === key) ?? null;
  }

  /** Entries of the connection under its own ends, or those that it has behind a translation; the latest few. */
  conntrack(client: Place, server: Place): ConntrackRecord[] {
    const key = pairKey(client, server);
    return this.records.conntrack
      .filter(
        (record) =>
          pairKey(record.client, record.server) === key ||
          pairKey(record.answersTo, record.answersFrom) === key,
      )
      .slice(-MOST_ENTRIES);
  }

  lineOf({ source, line }: { source: number; line: number }): LineRef {
    return { source: this.records.sources[source]?.name ?? '', line };
  }

  nameOf(source: number): string {
    return this.records.sources[source]?.name ?? '';
  }
}
