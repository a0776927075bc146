import type { CallPath } from './call-path.ts';
import type { Place } from './place.ts';

/** One reset that the kernel sent or took in (tracepoints tcp:tcp_send_reset, tcp:tcp_receive_reset). */
export interface TraceEvent {
  kind: 'send' | 'receive';
  /** Index of the trace among the host files, and the line in it, from 1. */
  source: number;
  line: number;
  /** Seconds on the trace's own clock, which is mostly the time since boot; NaN when the line has none. */
  time: number;
  /** The end whose kernel says so. */
  local: Place;
  /** Null for the answer of a listening socket, which names no peer (`dest=0.0.0.0:0`). */
  remote: Place | null;
  /** Name without `SK_RST_REASON_`; null before Linux 6.10 and for received ones. */
  reason: string | null;
  /** `TCP_ESTABLISHED` …, `UNKNOWN` without a socket; null when not printed. */
  state: string | null;
  /** The stack answered a segment (`skbaddr` is set); null when not printed. */
  answer: boolean | null;
  /** A socket was at hand (`skaddr` is set); null when not printed. */
  socket: boolean | null;
  /** `name-pid` of the running task; empty when not printed. */
  task: string;
  /**
   * The task itself caused it: no interrupt was being served. In a softirq it is whoever happened to run,
   * on one machine even the other end's program. Null when the tool does not print the flags.
   */
  inTask: boolean | null;
  /** From the stack that follows the line; null without one. */
  path: CallPath | null;
}

/** Older kernels leave out resets without a full socket: then a missing line says nothing. */
export function tellsAll(event: TraceEvent): boolean {
  return event.kind === 'send' && event.reason !== null;
}
