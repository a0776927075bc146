import { Socket } from 'node:net';
import { type Duration, milliseconds } from '../duration.ts';
import { type KernelBackend, openKernel } from '../ffi/index.ts';
import { type Behind, type FrontEnd, frontEnds } from '../front-ends.ts';
import { UsageError } from '../usage-error.ts';
import { type Rhythm, rhythmFor } from './interval.ts';
import { PeerDeadError } from './peer-dead-error.ts';
import { PingLoop } from './ping-loop.ts';
import { explainDeath, type TcpHeartbeat, tcpHeartbeat } from './tcp.ts';

/** Anything that can be asked for a sign of life: a database client, a queue, a protocol of one's own. */
export interface Pingable {
  /** Asks; resolves when the peer has answered. A rejection means that the connection is lost. */
  ping(): PromiseLike<unknown>;
  /** Ends the connection, when the peer is dead. */
  close(error: PeerDeadError): void;
  /** The socket below: what is received on it is a sign of life too, and saves pings. */
  socket?: Socket;
}

/** The part of a `ws` WebSocket, of either side, that is used. */
export interface WsLike {
  readonly readyState: number;
  ping(): void;
  send(data: string | Uint8Array): void;
  terminate(): void;
  emit(event: 'error', error: Error): boolean;
  listenerCount(event: 'error'): number;
  on(event: 'open' | 'close' | 'message' | 'ping' | 'pong', listener: () => void): unknown;
  off(event: 'open' | 'close' | 'message' | 'ping' | 'pong', listener: () => void): unknown;
}

export interface HeartbeatOptions {
  /** The boxes on the path; the shortest idle limit decides. Default: as behind an AWS ALB, 60 s. Source: the known timeouts. */
  behind?: Behind | readonly Behind[];
  /** Between two heartbeats on a silent connection. Default: 0.45 of the shortest limit, a minute at most. */
  interval?: Duration;
  /** Unanswered heartbeats after which the peer is dead. Default: 3. On TCP 2 at least. */
  count?: number;
  /** How long the last one is waited for. Default: four times the slowest of the latest round trips, 1 s at least. */
  answerWithin?: Duration;
  /**
   * On a WebSocket: a ping frame, or a message with this content, for proxies that count only messages; any
   * message from the peer counts as its answer, so the peer has to answer it. Default: ping frames.
   */
  message?: string | Uint8Array | (() => string | Uint8Array);
  /** Told before the connection is ended. Default: a socket and a `ws` WebSocket emit the error. */
  onDead?: (error: PeerDeadError) => void;
  /** How to reach the kernel, for TCP. Default: `'auto'`, the first that works of koffi and node:ffi. */
  kernel?: KernelBackend | 'auto';
}

/** A heartbeat that is going on. */
export interface Heartbeat {
  readonly kind: 'tcp' | 'frame' | 'message' | 'ping';
  /** Milliseconds between two heartbeats on a silent connection. */
  readonly intervalMs: number;
  readonly count: number;
  /** The box whose limit decided the interval; null where none was named. */
  readonly limit: FrontEnd | null;
  /** Longest time from the peer's death to the report, milliseconds. */
  readonly deadAfterMs: number;
  /** The slowest of the latest round trips; null before the first, and on TCP. */
  readonly rttMs: number | null;
  /** What was set on a TCP socket; null before it is connected, and for the other kinds. */
  readonly tcp: TcpHeartbeat | null;
  /** What is wrong or lost with this path, these options, this system; sentences for the log. */
  readonly notices: readonly string[];
  stop(): void;
}

/** readyState of a WebSocket that is open. */
const OPEN = 1;

/**
 * Keeps a connection from being forgotten on its way, and finds out when the peer has died.
 *
 * @param target a `net` or `tls` socket (TCP keep-alive), a WebSocket of `ws`, or anything with a `ping`.
 * @throws UsageError for an option out of range or a target of another kind.
 */
export function heartbeat(target: Socket | WsLike | Pingable, options: HeartbeatOptions = {}): Heartbeat {
  const behind = frontEnds(options.behind);
  const wanted = options.interval === undefined ? null : milliseconds(options.interval, 'interval');
  if (wanted === 0) throw new UsageError('interval is 0: give the time between two heartbeats');
  const { count = 3 } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`count is ${count}: give the number of unanswered heartbeats, 1 or more`);
  const rhythm = rhythmFor(behind, wanted);
  if (target instanceof Socket) return onSocket(target, behind, rhythm, count, options);
  if (isWs(target)) return onWebSocket(target, rhythm, count, options);
  if (typeof (target as Partial<Pingable>)?.ping === 'function')
    return onPing(target, rhythm, count, options);
  throw new UsageError(
    'heartbeat() needs a net or tls socket, a WebSocket of ws, or an object with ping() and close()',
  );
}

const isWs = (target: object): target is WsLike =>
  typeof (target as Partial<WsLike>).terminate === 'function' &&
  typeof (target as Partial<WsLike>).readyState === 'number';

function onSocket(
  socket: Socket,
  behind: readonly FrontEnd[],
  rhythm: Rhythm,
  count: number,
  options: HeartbeatOptions,
): Heartbeat {
  const { intervalMs, limit } = rhythm;
  let tcp: TcpHeartbeat | null = null;
  const notices = sentences(rhythm.tooSlow, ...behind.filter(({ kind }) => kind === 'pool').map(endsTcp));
  const start = () => {
    tcp = tcpHeartbeat(socket, intervalMs, Math.max(2, count), openKernel(options.kernel));
    if (tcp.missing) notices.push(tcp.missing);
    explainDeath(socket, tcp.deadAfterMs, (error) => options.onDead?.(error));
  };
  if (socket.connecting) socket.once('connect', start);
  else start();
  return {
    kind: 'tcp',
    intervalMs,
    count: Math.max(2, count),
    limit,
    get deadAfterMs() {
      return tcp?.deadAfterMs ?? intervalMs * Math.max(2, count);
    },
    rttMs: null,
    get tcp() {
      return tcp;
    },
    notices,
    stop: () => {
      socket.off('connect', start);
      socket.setKeepAlive(false);
    },
  };
}

/** A proxy's own kernel answers the probes, and its idle timer does not hear of them. */
const endsTcp = ({ name }: FrontEnd) =>
  `${name} ends TCP connections, so TCP keep-alive neither reaches the peer through it nor keeps it from closing: use a ping of the protocol.`;

const sentences = (...all: (string | null)[]) =>
  all.filter((sentence): sentence is string => sentence !== null);

function onWebSocket(socket: WsLike, rhythm: Rhythm, count: number, options: HeartbeatOptions): Heartbeat {
  const { message } = options;
  const send = () => {
    if (socket.readyState !== OPEN) return;
    if (message === undefined) socket.ping();
    else socket.send(typeof message === 'function' ? message() : message);
  };
  const die = (error: PeerDeadError) => {
    options.onDead?.(error);
    if (socket.listenerCount('error') > 0) socket.emit('error', error);
    socket.terminate();
  };
  const signs = ['message', 'ping', 'pong'] as const;
  const beating = beat(rhythm, count, options, message === undefined ? 'frame' : 'message', send, die);
  const heard = () => beating.heard();
  const stop = () => {
    beating.stop();
    for (const sign of signs) socket.off(sign, heard);
    socket.off('open', beating.start);
  };
  for (const sign of signs) socket.on(sign, heard);
  socket.on('close', stop);
  if (socket.readyState === OPEN) beating.start();
  else socket.on('open', beating.start);
  return Object.assign(beating.handle, { stop });
}

function onPing(target: Pingable, rhythm: Rhythm, count: number, options: HeartbeatOptions): Heartbeat {
  const { socket } = target;
  let waiting = false;
  const die = (error: PeerDeadError) => {
    options.onDead?.(error);
    target.close(error);
  };
  const send = async () => {
    // Who has not answered the last one is not asked again: the answer to either is a sign of life.
    if (waiting) return;
    waiting = true;
    try {
      await target.ping();
      beating.heard();
    } catch (cause) {
      if (beating.stopped()) return;
      beating.stop();
      const reason = cause instanceof Error ? cause.message : String(cause);
      die(new PeerDeadError(`The connection is lost: the heartbeat failed (${reason})`, null, null, cause));
    } finally {
      waiting = false;
    }
  };
  const beating = beat(
    rhythm,
    count,
    options,
    'ping',
    () => void send(),
    die,
    socket && (() => socket.bytesRead),
  );
  socket?.once('close', beating.stop);
  beating.start();
  return beating.handle;
}

/** What the kinds that ask by themselves have in common. */
function beat(
  { intervalMs, limit, tooSlow }: Rhythm,
  count: number,
  options: HeartbeatOptions,
  kind: Heartbeat['kind'],
  send: () => void,
  onDead: (error: PeerDeadError) => void,
  received?: () => number,
) {
  const answerMs =
    options.answerWithin === undefined ? null : milliseconds(options.answerWithin, 'answerWithin');
  let loop: PingLoop | null = null;
  let stopped = false;
  const stop = () => {
    stopped = true;
    loop?.stop();
  };
  const handle: Heartbeat = {
    kind,
    intervalMs,
    count,
    limit,
    get deadAfterMs() {
      return loop?.deadAfterMs ?? intervalMs * count;
    },
    get rttMs() {
      return loop?.rttMs ?? null;
    },
    tcp: null,
    notices: sentences(tooSlow),
    stop,
  };
  const start = () => {
    if (!stopped)
      loop = new PingLoop({ intervalMs, count, answerMs, send, onDead, ...(received && { received }) });
  };
  return { handle, start, stop, stopped: () => stopped, heard: () => loop?.heard() };
}
