import { setTimeout as sleep } from 'node:timers/promises';
import { closeIdle } from './close-idle.ts';
import { type Connection, type Exchange, isIdle } from './connections.ts';
import type { CutConnection, DrainReport } from './drain-report.ts';
import { type Gate, makeLast } from './gate.ts';
import { drainSession } from './http2-drain.ts';
import type { Settings } from './options.ts';

/** How often connections are looked at, milliseconds. */
const LOOK = 50;
/** Of the time that is left, what an accept queue may take to become empty: the rest is for those who are connected. */
const STOP_SHARE = 0.5;
const SHORTEST_STOP = 1000;
/** WebSocket close code "going away", RFC 6455 section 7.4.1. */
const GOING_AWAY = 1001;
/** readyState of an open WebSocket. */
const OPEN = 1;

/**
 * Lets every client leave in order: not ready, wait, stop listening, last answers, grace for the idle ones, and
 * only at the deadline a cut. Listening ends before the first `Connection: close`, so a client that is sent
 * away does not come back to a process that is going.
 *
 * @param stopListening resolves when no further connection can arrive, at the latest after so many milliseconds.
 */
export async function drain(
  gate: Gate,
  settings: Settings,
  reason: string,
  stopListening: (longest: number) => Promise<void>,
): Promise<DrainReport> {
  const { connections } = gate;
  const { wait, grace, deadline } = settings.drain;
  const started = performance.now();
  const answeredBefore = connections.answered;

  gate.ready = false;
  await hook(settings, 'onNotReady', () => settings.drain.onNotReady?.());
  await sleep(Math.max(0, Math.min(wait - since(started), deadline - since(started))));
  const waited = performance.now();

  await stopListening(Math.max(SHORTEST_STOP, (deadline - since(started)) * STOP_SHARE));
  gate.closing = true;
  const stopped = performance.now();
  const open = connections.size;
  const webSocketsClosed = sayGoodbye(gate, settings);

  let closedIdle = 0;
  while (connections.size > 0 && since(started) < deadline) {
    for (const connection of connections) {
      askStreams(connection, settings);
      if (since(stopped) >= grace && isIdle(connection)) closeIdle(connection, () => closedIdle++);
    }
    await Promise.race([gone(gate), sleep(Math.min(LOOK, Math.max(1, deadline - since(started))))]);
  }

  const cut = [...connections].map(describe);
  for (const { socket, session } of connections) {
    session?.destroy();
    socket.destroy();
  }
  const report: DrainReport = {
    reason,
    complete: cut.length === 0,
    durationMs: since(started),
    phases: { waitMs: waited - started, stopListeningMs: stopped - waited, leaveMs: since(stopped) },
    open,
    left: open - closedIdle - cut.length,
    closedIdle,
    webSocketsClosed,
    answered: connections.answered - answeredBefore,
    cut,
  };
  if (cut.length > 0)
    settings.tell({
      code: 'drain-cut',
      message: `The drain deadline cut ${cut.length} of ${open} connections: ${summarise(cut)}.`,
    });
  await hook(settings, 'onDrained', () => settings.drain.onDrained?.(report));
  return report;
}

/** Tells everybody who can be told. */
function sayGoodbye(gate: Gate, settings: Settings): number {
  let streams = 0;
  for (const connection of gate.connections) {
    if (connection.session) drainSession(connection.session);
    for (const exchange of connection.exchanges) {
      makeLast(exchange.response);
      if (isEventStream(exchange)) streams++;
    }
  }
  if (streams > 0 && !settings.drain.endStream)
    settings.tell({
      code: 'drain-open-streams',
      message: `${streams} event ${streams === 1 ? 'stream is' : 'streams are'} open and drain.endStream is not set: they will be cut at the deadline.`,
    });
  let told = 0;
  for (const { clients } of settings.webSockets)
    for (const client of clients) {
      if (client.readyState !== OPEN) continue;
      client.close(GOING_AWAY, 'server is going away');
      told++;
    }
  return told;
}

function askStreams({ exchanges }: Connection, settings: Settings): void {
  const { endStream } = settings.drain;
  if (!endStream) return;
  for (const exchange of exchanges) {
    if (exchange.asked || !isEventStream(exchange)) continue;
    exchange.asked = true;
    void hook(settings, 'endStream', () => endStream(exchange.response));
  }
}

function isEventStream({ response }: Exchange): boolean {
  if (!response.headersSent) return false;
  if ('sentHeaders' in response) return isEventType(response.sentHeaders['content-type']);
  // What writeHead() was given is only in the head itself, which node:http keeps as `_header`.
  const head = (response as { _header?: unknown })._header;
  return isEventType(
    response.getHeader('content-type') ?? /^content-type:\s*(.*)$/im.exec(String(head ?? ''))?.[1],
  );
}

const isEventType = (type: unknown) => String(type ?? '').startsWith('text/event-stream');

/** A hook of the application's may fail; the drain goes on, and says so. */
async function hook(settings: Settings, name: string, call: () => void | Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    settings.tell({
      code: 'hook-failed',
      message: `drain.${name} failed, and the drain goes on without it: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

/** Resolves as soon as the last connection has gone. */
const gone = ({ connections }: Gate) =>
  new Promise<void>((resolve) => {
    connections.onClose = () => {
      if (connections.size === 0) resolve();
    };
  });

function describe(connection: Connection): CutConnection {
  const { remote, protocol, openedAt, exchanges } = connection;
  const [exchange] = exchanges;
  if (exchange) {
    const { method, url, startedAt } = exchange;
    const kind = isEventStream(exchange) ? 'event-stream' : 'request';
    return { kind, remote, method, url, ageMs: since(startedAt) };
  }
  const ageMs = since(openedAt);
  if (protocol === 'handshake') return { kind: 'handshake', remote, ageMs };
  if (protocol !== 'upgraded') return { kind: 'idle', remote, ageMs };
  const { method = '', url = '', headers } = connection.request!;
  const kind = headers.upgrade?.toLowerCase() === 'websocket' ? 'websocket' : 'upgraded';
  return { kind, remote, method, url, ageMs };
}

function summarise(cut: readonly CutConnection[]): string {
  const shown = cut
    .slice(0, 5)
    .map(({ kind, method, url, remote }) => `${kind} ${method ? `${method} ${url}` : remote}`);
  return shown.join(', ') + (cut.length > shown.length ? ` and ${cut.length - shown.length} more` : '');
}

const since = (from: number) => performance.now() - from;
