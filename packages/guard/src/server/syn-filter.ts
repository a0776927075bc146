import cluster from 'node:cluster';
import type { Server as NetServer } from 'node:net';
import { descriptorOf, type SystemCalls } from '../ffi/index.ts';

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SO_DETACH_FILTER = 27;

/** Offset of the flags in a TCP header, and the SYN among them (RFC 9293 section 3.1). */
const FLAGS = 13;
const SYN = 0x02;

/** Classic BPF (linux/filter.h), as code, jump if true, jump if false, operand: drop a segment with SYN. */
const PROGRAM = [
  [0x30, 0, 0, FLAGS],
  [0x45, 0, 1, SYN],
  [0x06, 0, 0, 0],
  [0x06, 0, 0, 0xffff_ffff],
] as const;

/** SYN and SYN-ACK have crossed within this time on any path worth waiting for, milliseconds. */
const HANDSHAKES = 250;

/** Where a pointer takes eight bytes, as struct sock_fprog is laid out here. */
const WIDE = ['x64', 'arm64', 'riscv64', 'loong64', 'ppc64', 's390x'].includes(process.arch);

const LITTLE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Lets no new handshake begin on the listening sockets, and waits for those under way to end up in the accept
 * queue: a handshake that ends after its listening socket is gone is answered with a reset, to a client that
 * believes that it is connected. A SYN that is dropped instead is sent again, and then refused, which proves
 * to every client that nothing was executed.
 *
 * Nothing is filtered where the listening socket may belong to others, who go on listening: in a cluster's
 * worker, or when systemd passed the socket.
 *
 * @returns detaches the filters, to be called right before the sockets are closed.
 */
export async function refuseHandshakes(
  calls: SystemCalls | null,
  servers: readonly NetServer[],
): Promise<() => void> {
  if (!calls || !WIDE || cluster.isWorker || 'LISTEN_FDS' in process.env) return () => {};
  const filtered = servers.map(descriptorOf).filter((fd): fd is number => fd !== null && attach(calls, fd));
  if (filtered.length === 0) return () => {};
  await new Promise((resolve) => setTimeout(resolve, HANDSHAKES));
  return () => {
    for (const fd of filtered) calls.setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, new Uint8Array(4), 4);
  };
}

function attach(calls: SystemCalls, fd: number): boolean {
  // struct sock_filter: u16 code, u8 jt, u8 jf, u32 k. struct sock_fprog: u16 len, and a pointer after padding.
  const program = new DataView(new ArrayBuffer(8 * PROGRAM.length));
  PROGRAM.forEach(([code, ifTrue, ifFalse, operand], index) => {
    program.setUint16(8 * index, code, LITTLE);
    program.setUint8(8 * index + 2, ifTrue);
    program.setUint8(8 * index + 3, ifFalse);
    program.setUint32(8 * index + 4, operand, LITTLE);
  });
  const bytes = new Uint8Array(program.buffer);
  const header = new DataView(new ArrayBuffer(16));
  header.setUint16(0, PROGRAM.length, LITTLE);
  header.setBigUint64(8, calls.address(bytes), LITTLE);
  return calls.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, new Uint8Array(header.buffer), 16) === 0;
}
