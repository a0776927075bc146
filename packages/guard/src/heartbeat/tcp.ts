import { Socket } from 'node:net';
import { describeDuration } from '../duration.ts';
import { descriptorOf, type Kernel, type SystemCalls } from '../ffi/index.ts';
import { PeerDeadError } from './peer-dead-error.ts';

const IPPROTO_TCP = 6;
const TCP_KEEPIDLE = 4;
const TCP_KEEPINTVL = 5;
const TCP_KEEPCNT = 6;
const TCP_USER_TIMEOUT = 18;

/** libuv's own interval and count, which Node 20 and 22 cannot change (nodejs/node#63825). */
const NODE_INTERVAL = 1000;
const NODE_COUNT = 10;

/** Errors by which the kernel gives a peer up; an ICMP message on the way turns the first into one of the others. */
const GIVEN_UP = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/** What was set on the socket. */
export interface TcpHeartbeat {
  /** Who set interval and count: the kernel by FFI, Node itself, or nobody, and then they are libuv's. */
  by: 'kernel' | 'node' | 'libuv';
  /** TCP_USER_TIMEOUT, milliseconds; null where it could not be set, and unacknowledged data is then sent again for about a quarter of an hour (net.ipv4.tcp_retries2). */
  userTimeoutMs: number | null;
  deadAfterMs: number;
  /** What is lost, and how to get it; null when nothing is. */
  missing: string | null;
}

/**
 * TCP keep-alive, so that the kernel finds a dead peer by itself. The kernel counts whole seconds.
 * Dead after interval × count: the first probe after one interval, then `count - 1` more.
 */
export function tcpHeartbeat(
  socket: Socket,
  intervalMs: number,
  count: number,
  kernel: Kernel,
): TcpHeartbeat {
  const seconds = Math.max(1, Math.floor(intervalMs / 1000));
  const probes = Math.max(1, count - 1);
  const native = nodeSetsInterval();
  // Node checks its arguments against types that know of two.
  const set = socket.setKeepAlive as (on: boolean, idle: number, interval?: number, count?: number) => Socket;
  set.call(socket, true, seconds * 1000, seconds * 1000, probes);

  const fd = descriptorOf(socket);
  const { calls } = kernel;
  // Half an interval less than the last probe takes, or rounding would add an interval to it.
  const userTimeoutMs = Math.round(seconds * 1000 * (probes + 0.5));
  const option = (name: number, value: number) =>
    calls !== null &&
    fd !== null &&
    calls.setsockopt(fd, IPPROTO_TCP, name, new Uint8Array(new Int32Array([value]).buffer), 4) === 0;
  const byKernel =
    option(TCP_KEEPIDLE, seconds) && option(TCP_KEEPINTVL, seconds) && option(TCP_KEEPCNT, probes);
  const by = byKernel ? 'kernel' : native ? 'node' : 'libuv';
  const timed = option(TCP_USER_TIMEOUT, userTimeoutMs);
  return {
    by,
    userTimeoutMs: timed ? userTimeoutMs : null,
    deadAfterMs: seconds * 1000 + (by === 'libuv' ? NODE_INTERVAL * NODE_COUNT : seconds * 1000 * probes),
    missing: lost(by, timed, fd === null ? 'The socket has no descriptor.' : hint(calls)),
  };
}

/** Makes the kernel's verdict say what it means: the socket's error is a PeerDeadError, with the kernel's as its cause. */
export function explainDeath(
  socket: Socket,
  deadAfterMs: number,
  onDead: (error: PeerDeadError) => void,
): void {
  const destroy = socket.destroy;
  socket.destroy = function (this: Socket, error?: Error & { code?: string }): Socket {
    if (!error?.code || !GIVEN_UP.has(error.code)) return Reflect.apply(destroy, this, error ? [error] : []);
    const dead = new PeerDeadError(
      `The peer is dead or out of reach: the kernel gave the connection up (${error.message}) after probes or data went unacknowledged for up to ${describeDuration(deadAfterMs)}`,
      null,
      null,
      error,
    );
    onDead(dead);
    return Reflect.apply(destroy, this, [dead]);
  };
}

function nodeSetsInterval(): boolean {
  return Socket.prototype.setKeepAlive.length >= 4;
}

function lost(by: TcpHeartbeat['by'], timed: boolean, reason: string): string | null {
  if (timed && by !== 'libuv') return null;
  const parts = [
    ...(by === 'libuv' ? [`probes come every second, ten of them, as libuv has it`] : []),
    ...(timed
      ? []
      : ['TCP_USER_TIMEOUT is not set, so a peer that dies while data is on its way is noticed late']),
  ];
  return `Without the kernel’s help ${parts.join(', and ')}. ${reason}`;
}

const hint = (calls: SystemCalls | null) =>
  calls
    ? 'The system refused the option.'
    : 'On Linux, install koffi, or run Node 26 with node:ffi, to reach it.';
