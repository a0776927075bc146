import type { SystemCalls } from './index.ts';

const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** Unacknowledged bytes in the send queue, including those not yet sent (linux/sockios.h, tcp(7)). */
const SIOCOUTQ = 0x5411;

/** Offsets in struct tcp_info (linux/tcp.h); the struct only ever grows at its end. */
const OFFSET = {
  state: 0,
  lastDataReceived: 52,
  lastAckReceived: 56,
  rtt: 68,
  totalRetrans: 100,
  bytesAcked: 120,
  minRtt: 148,
} as const;
const BYTES = 160;

/** States of include/net/tcp_states.h. */
export const TCP_STATE = { established: 1, close: 7, closeWait: 8, lastAck: 9, closing: 11 } as const;

export interface SocketState {
  /** One of {@link TCP_STATE}, or another number of include/net/tcp_states.h. */
  state: number;
  /** Bytes of this connection that the peer acknowledged, the SYN counted as one (RFC 4898). Survives a reset. */
  bytesAcked: number;
  /** Bytes that this kernel accepted and the peer has not acknowledged. Survives a reset. */
  sendQueue: number;
  /** Milliseconds since the last segment with an acknowledgement came: after a FIN, since the FIN. Coarse by a jiffy. */
  sinceAckMs: number;
  /** Milliseconds since the last segment with data came. Coarse by a jiffy. */
  sinceDataMs: number;
  /** Segments sent again over the life of the connection. */
  retransmitted: number;
  /** Smoothed round trip in milliseconds (RFC 6298). */
  smoothedRttMs: number;
  /** Smallest round trip that the kernel measured on this connection, in milliseconds; null before the first. */
  minRttMs: number | null;
}

const value = new DataView(new ArrayBuffer(BYTES));
const length = new DataView(new ArrayBuffer(4));
const queue = new DataView(new ArrayBuffer(4));
const bytesOf = (view: DataView) => new Uint8Array(view.buffer);
const [valueBytes, lengthBytes, queueBytes] = [bytesOf(value), bytesOf(length), bytesOf(queue)];
// Numbers of a struct are in the order of the machine.
const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** What the kernel knows of the socket now; null when it will not say (closed, no TCP, kernel before 4.9). */
export function socketState(calls: SystemCalls, fd: number): SocketState | null {
  // The queue first: an acknowledgement between the two questions then counts twice, and never not at all.
  if (calls.ioctl(fd, SIOCOUTQ, queueBytes) < 0) return null;
  if (!readInfo(calls, fd)) return null;
  const minRtt = value.getUint32(OFFSET.minRtt, LITTLE);
  return {
    state: value.getUint8(OFFSET.state),
    bytesAcked: Number(value.getBigUint64(OFFSET.bytesAcked, LITTLE)),
    sendQueue: queue.getInt32(0, LITTLE),
    sinceDataMs: value.getUint32(OFFSET.lastDataReceived, LITTLE),
    sinceAckMs: value.getUint32(OFFSET.lastAckReceived, LITTLE),
    retransmitted: value.getUint32(OFFSET.totalRetrans, LITTLE),
    smoothedRttMs: value.getUint32(OFFSET.rtt, LITTLE) / 1000,
    // The kernel starts the filter at ~0.
    minRttMs: minRtt === 0xffff_ffff ? null : minRtt / 1000,
  };
}

/**
 * For how many milliseconds an established connection has brought no data, or that it is closing; null when the
 * kernel will not say. Asked before a connection is used again: the one call that this takes.
 */
export function restingState(
  calls: SystemCalls,
  fd: number,
): { silentMs: number; bytesAcked: number } | 'closing' | null {
  if (!readInfo(calls, fd)) return null;
  if (value.getUint8(OFFSET.state) !== TCP_STATE.established) return 'closing';
  return {
    silentMs: value.getUint32(OFFSET.lastDataReceived, LITTLE),
    bytesAcked: Number(value.getBigUint64(OFFSET.bytesAcked, LITTLE)),
  };
}

function readInfo(calls: SystemCalls, fd: number): boolean {
  length.setUint32(0, BYTES, LITTLE);
  return (
    calls.getsockopt(fd, IPPROTO_TCP, TCP_INFO, valueBytes, lengthBytes) >= 0 &&
    length.getUint32(0, LITTLE) >= OFFSET.minRtt + 4
  );
}
