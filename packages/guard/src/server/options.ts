import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import { type Duration, milliseconds } from '../duration.ts';
import type { KernelBackend } from '../ffi/index.ts';
import type { Behind } from '../front-ends.ts';
import { refuseMisspelt } from '../misspelt.ts';
import type { DrainReport } from './drain-report.ts';
import { type Notice, type Tell, warn } from './notice.ts';
import { type OverloadLimits, type OverloadSettings, overloadSettings } from './overload/limits.ts';

/** The part of a `ws` WebSocketServer that a drain needs. */
export interface WebSocketServerLike {
  clients: Iterable<{ readyState: number; close(code?: number, reason?: string): void; terminate(): void }>;
}

/** An answer that goes on and on, of whichever protocol. */
export type StreamingResponse = ServerResponse | Http2ServerResponse | ServerHttp2Stream;

export interface DrainOptions {
  /**
   * Between "not ready" and the end of listening: as long as load balancers go on sending here.
   * Unit: as {@link Duration}. Default: 5 s where KUBERNETES_SERVICE_HOST is set, else 0. Source: endpoints
   * are seen to lag 5 to 30 s (kubernetes/kubernetes#43576); 0 if a preStop hook sleeps instead.
   */
  wait?: Duration;
  /**
   * How long idle connections are left to their clients, counted from the end of listening: who sends a
   * request meanwhile is answered, and told `Connection: close`. Default: 10 s. Source: at 10 ms round trip,
   * closing idle connections at once reset 40 to 84 of 200 clients, and 0 after a grace.
   */
  grace?: Duration;
  /**
   * After this, counted from the beginning of the drain, what is left is cut and reported. Default: 25 s.
   * Source: Kubernetes kills after 30 s.
   */
  deadline?: Duration;
  /**
   * When the platform kills the process, counted from SIGTERM; only used to warn of a budget that exceeds it.
   * Default: 30 s where KUBERNETES_SERVICE_HOST is set (terminationGracePeriodSeconds), else unknown.
   */
  terminationGrace?: Duration;
  /** What a preStop hook takes out of that time. Default: 0. */
  preStop?: Duration;
  /**
   * Ends an event stream (`text/event-stream`), which would otherwise last until the deadline: send a last
   * event and call `response.end()`. Default: none, and a notice when such streams are open.
   */
  endStream?: (response: StreamingResponse) => void | Promise<void>;
  /** Before the wait: the place to leave a registry or to fail a health check of one's own. */
  onNotReady?: () => void | Promise<void>;
  /** After the last connection: close databases and queues here. The process exits when it is done. */
  onDrained?: (report: DrainReport) => void | Promise<void>;
}

export interface LingerOptions {
  /** Longest time for which the rest of a body is taken in. Default: 30 s. Source: nginx lingering_time. */
  time?: Duration;
  /** Longest silence in between. Default: 5 s. Source: nginx lingering_timeout. */
  silence?: Duration;
  /** Most bytes taken in. Default: 256 MiB, a safeguard of ours; a body is discarded as it comes. */
  bytes?: number;
}

export interface ServeOptions {
  /** What stands in front, nearest first or in any order; sets the timeouts. Default: nothing is known. */
  behind?: Behind | readonly Behind[];
  /**
   * Idle connections live so long. Default: longer than the longest pool in `behind`, shorter than its
   * shortest flow table; without `behind` the server's own value (Node: 5 s).
   */
  keepAliveTimeout?: Duration;
  /**
   * Added, unadvertised, before an idle connection is closed. Default: 1 s, as Node has it (nodejs/node#59243).
   * Node 20 (20.19.6 and 20.20.2 tried) has it too, but as a constant: there it can be longer, not shorter.
   */
  keepAliveTimeoutBuffer?: Duration;
  /** `ws` servers that take this server's upgrades; theirs get a close frame 1001. Default: none. */
  webSockets?: WebSocketServerLike | readonly WebSocketServerLike[];
  /** Path answered with 200 while ready and 503 once not, as in `'/readyz'`. Default: none. */
  readiness?: string;
  drain?: DrainOptions;
  /**
   * Signals that start a drain; a second one exits at once. Default: SIGTERM, and SIGINT, which a terminal and PM2 send.
   * A process manager that sends the message `shutdown` (PM2 with shutdown_with_message) starts it as well.
   */
  signals?: readonly NodeJS.Signals[];
  /** Exit once every server of the process has drained after a signal. Default: true. */
  exit?: boolean;
  /** Taking in the body that an early answer left unread; false to leave it to die in a reset. */
  linger?: LingerOptions | false;
  /** Watching the resources whose exhaustion ends in resets; false to switch it off. */
  overload?: OverloadLimits | false;
  /**
   * How to reach the kernel, which lets a drain finish the handshakes under way. Default: `'auto'`, the first
   * that works of koffi and node:ffi; `'none'` to do without.
   */
  kernel?: KernelBackend | 'auto';
  /** Where notices go. Default: `process.emitWarning`. */
  onNotice?: (notice: Notice) => void;
}

export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** The options with every default filled in, milliseconds. */
export interface Settings {
  keepAliveTimeout: number | null;
  buffer: number;
  webSockets: readonly WebSocketServerLike[];
  readiness: string | null;
  drain: {
    wait: number;
    grace: number;
    deadline: number;
    terminationGrace: number | null;
    preStop: number;
  } & Pick<DrainOptions, 'endStream' | 'onNotReady' | 'onDrained'>;
  signals: readonly NodeJS.Signals[];
  exit: boolean;
  linger: { time: number; silence: number; bytes: number } | null;
  overload: OverloadSettings | null;
  kernel: KernelBackend | 'auto';
  tell: Tell;
}

const OPTIONS = [
  'behind',
  'keepAliveTimeout',
  'keepAliveTimeoutBuffer',
  'webSockets',
  'readiness',
  'drain',
  'signals',
  'exit',
  'linger',
  'overload',
  'kernel',
  'onNotice',
] satisfies (keyof ServeOptions)[];

const DRAIN_OPTIONS = [
  'wait',
  'grace',
  'deadline',
  'terminationGrace',
  'preStop',
  'endStream',
  'onNotReady',
  'onDrained',
] satisfies (keyof DrainOptions)[];

/** @param kubernetes whether the process runs in a pod. */
export function settingsFrom(options: ServeOptions, kubernetes: boolean): Settings {
  refuseMisspelt('serve', options, OPTIONS);
  refuseMisspelt('serve: drain', options.drain ?? {}, DRAIN_OPTIONS);
  const drain = options.drain ?? {};
  const linger = options.linger ?? {};
  const overload = options.overload ?? {};
  const time = (value: Duration | undefined, name: string, otherwise: Duration) =>
    milliseconds(value ?? otherwise, name);
  const { webSockets = [] } = options;
  return {
    keepAliveTimeout:
      options.keepAliveTimeout === undefined
        ? null
        : milliseconds(options.keepAliveTimeout, 'keepAliveTimeout'),
    buffer: time(options.keepAliveTimeoutBuffer, 'keepAliveTimeoutBuffer', '1s'),
    webSockets: 'clients' in webSockets ? [webSockets] : webSockets,
    readiness: options.readiness ?? null,
    drain: {
      wait: time(drain.wait, 'drain.wait', kubernetes ? '5s' : 0),
      grace: time(drain.grace, 'drain.grace', '10s'),
      deadline: time(drain.deadline, 'drain.deadline', '25s'),
      terminationGrace:
        drain.terminationGrace === undefined && !kubernetes
          ? null
          : time(drain.terminationGrace, 'drain.terminationGrace', '30s'),
      preStop: time(drain.preStop, 'drain.preStop', 0),
      ...(drain.endStream && { endStream: drain.endStream }),
      ...(drain.onNotReady && { onNotReady: drain.onNotReady }),
      ...(drain.onDrained && { onDrained: drain.onDrained }),
    },
    signals: options.signals ?? ['SIGTERM', 'SIGINT'],
    exit: options.exit ?? true,
    linger:
      linger === false
        ? null
        : {
            time: time(linger.time, 'linger.time', '30s'),
            silence: time(linger.silence, 'linger.silence', '5s'),
            bytes: linger.bytes ?? 256 * 1024 * 1024,
          },
    overload: overload === false ? null : overloadSettings(overload),
    kernel: options.kernel ?? 'auto',
    tell: options.onNotice ?? warn,
  };
}
