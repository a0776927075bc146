import type { Server as HttpServer, RequestListener } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';
import { describeDuration } from '../duration.ts';
import { openKernel } from '../ffi/index.ts';
import { type FrontEnd, frontEnds } from '../front-ends.ts';
import { Connections } from './connections.ts';
import { drain } from './drain.ts';
import type { DrainReport } from './drain-report.ts';
import type { Gate } from './gate.ts';
import { intercept } from './intercept.ts';
import { type ServeOptions, type Settings, settingsFrom, type WebSocketServerLike } from './options.ts';
import type { Reading } from './overload/watch.ts';
import { watchOverload } from './overload/watch.ts';
import { drainOnSignals } from './signals.ts';
import { stopListening } from './stop-listening.ts';
import { type FastifyLike, type Servable, targetOf } from './target.ts';
import { type HttpTimeouts, planTimeouts } from './timeout-plan.ts';

/** What `serve` puts on the server it was given. */
export interface Guarded {
  /**
   * Lets every client leave in order, as on a signal; a second call gets the same report.
   *
   * @param reason for the report; `'drain()'` when left out.
   */
  drain(reason?: string): Promise<DrainReport>;
  readonly guard: GuardState;
}

/** A guarded server, looked at from outside. */
export interface GuardState {
  /** False from the beginning of a drain. */
  readonly ready: boolean;
  /** Open connections. */
  readonly connections: number;
  /** Requests ended so far, and requests turned away with a 503. */
  readonly answered: number;
  readonly shed: number;
  /** Turning requests away now. */
  readonly shedding: boolean;
  /** The latest look at the process's resources; null before the first, or when the watch is off. */
  readonly resources: Reading | null;
  /** The timeouts in force, milliseconds; null for a server that has none (HTTP/2). */
  readonly timeouts: HttpTimeouts | null;
  /** Takes everything back: events, signals, watch. */
  release(): void;
}

/**
 * Guards a server against resetting its clients: timeouts in the right order for what stands in front, a drain
 * that drops nothing on SIGTERM or `drain()`, early answers that arrive, and requests turned away before a
 * resource runs out.
 *
 * @returns what was given (for a request listener: a new `http.Server`), with `drain` and `guard` on it.
 * @throws UsageError for an option out of range and for a server that cannot be guarded.
 */
export function serve<T extends NetServer | FastifyLike | (WebSocketServerLike & { close(): void })>(
  server: T,
  options?: ServeOptions,
): T & Guarded;
export function serve(listener: RequestListener, options?: ServeOptions): HttpServer & Guarded;
export function serve(servable: Servable, options: ServeOptions = {}): object {
  const settings = settingsFrom(options, 'KUBERNETES_SERVICE_HOST' in process.env);
  const behind = frontEnds(options.behind);
  const target = targetOf(servable);
  settings.webSockets = [...settings.webSockets, ...target.webSockets];
  warnOfBudget(settings);

  const gate = newGate(settings);
  const servers = new Set<NetServer>();
  const undo: (() => void)[] = [];
  let timeouts: HttpTimeouts | null = null;
  const add = (server: NetServer) => {
    servers.add(server);
    timeouts = applyTimeouts(server, behind, settings, servers.size === 1) ?? timeouts;
    undo.push(intercept(server, gate, settings));
  };
  for (const server of target.servers) add(server);
  target.more(add);

  const watch = settings.overload && watchOverload(gate, servers, settings.overload, settings.tell);
  if (watch) undo.push(watch.stop);

  let draining: Promise<DrainReport> | null = null;
  const drainOnce = (reason = 'drain()') => {
    draining ??= drain(gate, settings, reason, (longest) =>
      stopListening(servers, openKernel(settings.kernel).calls, longest),
    ).then(async (report) => {
      await target.finish();
      release();
      return report;
    });
    return draining;
  };
  undo.push(
    drainOnSignals({
      signals: settings.signals,
      exit: settings.exit,
      tell: settings.tell,
      drain: drainOnce,
    }),
  );
  const release = () => {
    for (const back of undo.splice(0)) back();
  };
  for (const server of servers)
    server.once('close', () => {
      if (!draining) release();
    });

  const guard: GuardState = {
    get ready() {
      return gate.ready;
    },
    get connections() {
      return gate.connections.size;
    },
    get answered() {
      return gate.connections.answered;
    },
    get shed() {
      return gate.shed;
    },
    get shedding() {
      return gate.shedding !== null;
    },
    get resources() {
      return watch ? watch.reading() : null;
    },
    get timeouts() {
      return timeouts;
    },
    release,
  };
  return Object.assign(target.face, { drain: drainOnce, guard });
}

const newGate = (settings: Settings): Gate => ({
  connections: new Connections(),
  ready: true,
  closing: false,
  tight: false,
  shedding: null,
  readiness: settings.readiness,
  shed: 0,
});

function applyTimeouts(
  server: NetServer,
  behind: readonly FrontEnd[],
  settings: Settings,
  tell: boolean,
): HttpTimeouts | null {
  const http = server as HttpServer & { keepAliveTimeoutBuffer?: number };
  if (typeof http.keepAliveTimeout !== 'number') return null;
  const { notices, tcpKeepAliveMs, ...timeouts } = planTimeouts(
    {
      keepAliveTimeout: http.keepAliveTimeout,
      headersTimeout: http.headersTimeout,
      requestTimeout: http.requestTimeout,
      maxRequestsPerSocket: http.maxRequestsPerSocket ?? 0,
    },
    behind,
    settings.keepAliveTimeout,
  );
  Object.assign(http, timeouts);
  if ('keepAliveTimeoutBuffer' in http) http.keepAliveTimeoutBuffer = settings.buffer;
  if (tcpKeepAliveMs !== null)
    server.on('connection', (socket: Socket) => socket.setKeepAlive(true, tcpKeepAliveMs));
  if (tell) for (const notice of notices) settings.tell(notice);
  return timeouts;
}

function warnOfBudget({ drain: { preStop, deadline, terminationGrace, wait, grace }, tell }: Settings): void {
  if (terminationGrace !== null && preStop + deadline > terminationGrace)
    tell({
      code: 'drain-budget',
      message: `The preStop hook (${describeDuration(preStop)}) and the drain (${describeDuration(deadline)}) take longer than the platform grants (${describeDuration(terminationGrace)}): shorten drain.deadline or raise terminationGracePeriodSeconds.`,
    });
  if (wait + grace > deadline)
    tell({
      code: 'drain-budget',
      message: `drain.wait (${describeDuration(wait)}) and drain.grace (${describeDuration(grace)}) take longer than drain.deadline (${describeDuration(deadline)}): idle connections will be cut instead of closed.`,
    });
}
