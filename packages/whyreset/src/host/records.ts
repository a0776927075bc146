import type { ConntrackRecord } from './conntrack-list.ts';
import type { CounterDeltas } from './counters.ts';
import type { LogRecord } from './program-log.ts';
import type { SocketRecord } from './socket-list.ts';
import type { HostSource } from './source.ts';
import type { TraceEvent } from './trace-event.ts';

/** All that the hosts recorded beside the packets. */
export interface HostRecords {
  /** The files, by the `source` of each record. */
  sources: readonly HostSource[];
  events: readonly TraceEvent[];
  /** No trace is known to have lost anything. */
  whole: boolean;
  /** A trace, counters or a log was given, be it empty: then nobody is asked for it again. */
  given: { trace: boolean; counters: boolean; log: boolean };
  counters: readonly CounterDeltas[];
  logs: readonly LogRecord[];
  /** Of a text in which they stand beside the packets. */
  sockets: readonly SocketRecord[];
  conntrack: readonly ConntrackRecord[];
}
