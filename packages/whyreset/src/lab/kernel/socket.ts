import { isIPv6 } from 'node:net';
import { AGAIN, checked, SystemCallError, system } from './libc.ts';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0x800;
const SOL_SOCKET = 1;
const IPPROTO_TCP = 6;
const FIONREAD = 0x541b;
const TIOCOUTQ = 0x5411;
const MSG_NOSIGNAL = 0x4000;
const EINPROGRESS = 115;
const IPPROTO_MPTCP = 262;

/** Socket options the scenarios set, as <level, number>; all values are 32-bit integers. */
export const OPTIONS = {
  SO_REUSEADDR: [SOL_SOCKET, 2],
  SO_KEEPALIVE: [SOL_SOCKET, 9],
  SO_REUSEPORT: [SOL_SOCKET, 15],
  SO_RCVBUF: [SOL_SOCKET, 8],
  SO_SNDBUF: [SOL_SOCKET, 7],
  TCP_NODELAY: [IPPROTO_TCP, 1],
  TCP_KEEPIDLE: [IPPROTO_TCP, 4],
  TCP_KEEPINTVL: [IPPROTO_TCP, 5],
  TCP_KEEPCNT: [IPPROTO_TCP, 6],
  TCP_LINGER2: [IPPROTO_TCP, 8],
  TCP_QUICKACK: [IPPROTO_TCP, 12],
  TCP_USER_TIMEOUT: [IPPROTO_TCP, 18],
  TCP_REPAIR: [IPPROTO_TCP, 19],
  IP_TOS: [0, 1],
  IP_TTL: [0, 2],
  IP_MTU_DISCOVER: [0, 10],
  IPV6_UNICAST_HOPS: [41, 16],
} as const;
export type SocketOption = keyof typeof OPTIONS;

const SO_ERROR = 4;
const SO_LINGER = 13;
const TCP_INFO = 11;

/** TCP states as TCP_INFO numbers them (include/net/tcp_states.h). */
export const TCP_CLOSE = 7;
export const TCP_ESTABLISHED = 1;

const int32 = (value: number): Uint8Array => new Uint8Array(new Int32Array([value]).buffer);

/** struct sockaddr_in or sockaddr_in6. */
function socketAddress(host: string, port: number): Uint8Array {
  const v6 = isIPv6(host);
  const bytes = Buffer.alloc(v6 ? 28 : 16);
  bytes.writeUInt16LE(v6 ? AF_INET6 : AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  if (v6) {
    const [head = '', tail] = host.split('::');
    const groups = (text: string) =>
      text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
    const last = groups(tail ?? '');
    for (const [index, group] of groups(head).entries()) bytes.writeUInt16BE(group, 8 + 2 * index);
    for (const [index, group] of last.entries()) bytes.writeUInt16BE(group, 24 - 2 * (last.length - index));
  } else for (const [index, byte] of host.split('.').entries()) bytes[4 + index] = Number(byte);
  return bytes;
}

/**
 * A TCP socket moved one system call at a time, so that what the kernel knows
 * and what the program has read is exactly what a scenario says. It never
 * blocks: a call that has to wait gives null and is repeated by its caller.
 */
export class KernelSocket {
  private fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** @param protocol 0 for TCP, 262 for Multipath TCP */
  static open(host: string, multipath = false): KernelSocket {
    const family = isIPv6(host) ? AF_INET6 : AF_INET;
    const protocol = multipath ? IPPROTO_MPTCP : 0;
    return new KernelSocket(
      checked('socket', system().libc.socket(family, SOCK_STREAM | SOCK_NONBLOCK, protocol)),
    );
  }

  bind(host: string, port: number): void {
    const address = socketAddress(host, port);
    checked('bind', system().libc.bind(this.fd, address, address.length));
  }

  listen(backlog: number): void {
    checked('listen', system().libc.listen(this.fd, backlog));
  }

  /** Begins to connect; `connecting` tells how it goes. */
  connect(host: string, port: number): void {
    const address = socketAddress(host, port);
    if (system().libc.connect(this.fd, address, address.length) === 0) return;
    const errno = system().errno();
    if (errno !== EINPROGRESS) throw new SystemCallError('connect', errno);
  }

  /** True when established; throws what the connect failed with. */
  connected(): boolean {
    const errno = new Int32Array(this.option(SOL_SOCKET, SO_ERROR, 4).buffer)[0]!;
    if (errno !== 0) throw new SystemCallError('connect', errno);
    const { state } = this;
    return state !== 2 && state !== TCP_CLOSE;
  }

  accept(): KernelSocket | null {
    const fd = system().libc.accept4(this.fd, null, null, SOCK_NONBLOCK);
    if (fd >= 0) return new KernelSocket(fd);
    const errno = system().errno();
    if (errno === AGAIN) return null;
    throw new SystemCallError('accept', errno);
  }

  /** Bytes the kernel took, 0 when its buffer is full. */
  send(data: Uint8Array): number {
    const sent = system().libc.send(this.fd, data, data.length, MSG_NOSIGNAL);
    if (sent >= 0) return sent;
    const errno = system().errno();
    if (errno === AGAIN) return 0;
    throw new SystemCallError('send', errno);
  }

  /** Received bytes, an empty array at the end of the stream, null when there is nothing yet. */
  recv(max: number): Uint8Array | null {
    const buffer = new Uint8Array(max);
    const read = system().libc.recv(this.fd, buffer, max, 0);
    if (read >= 0) return buffer.subarray(0, read);
    const errno = system().errno();
    if (errno === AGAIN) return null;
    throw new SystemCallError('recv', errno);
  }

  /** Bytes that have arrived and that nobody has read. */
  get unread(): number {
    return this.queue(FIONREAD);
  }

  /** Bytes sent or to be sent that the peer has not acknowledged. */
  get unacknowledged(): number {
    return this.queue(TIOCOUTQ);
  }

  /** `tcpi_state`. */
  get state(): number {
    return this.option(IPPROTO_TCP, TCP_INFO, 1)[0]!;
  }

  get port(): number {
    const address = new Uint8Array(28);
    checked('getsockname', system().libc.getsockname(this.fd, address, int32(28)));
    return (address[2]! << 8) | address[3]!;
  }

  set(option: SocketOption, value: number): void {
    const [level, name] = OPTIONS[option];
    checked('setsockopt', system().libc.setsockopt(this.fd, level, name, int32(value), 4));
  }

  /** SO_LINGER {1, 0}: close will abort. */
  lingerZero(): void {
    const value = new Uint8Array(new Int32Array([1, 0]).buffer);
    checked('setsockopt', system().libc.setsockopt(this.fd, SOL_SOCKET, SO_LINGER, value, 8));
  }

  /** Ends the sending direction with a FIN. */
  shutdown(): void {
    checked('shutdown', system().libc.shutdown(this.fd, 1));
  }

  close(): void {
    if (this.fd < 0) return;
    checked('close', system().libc.close(this.fd));
    this.fd = -1;
  }

  private queue(request: number): number {
    const value = int32(0);
    checked('ioctl', system().libc.ioctl(this.fd, request, value));
    return new Int32Array(value.buffer)[0]!;
  }

  private option(level: number, name: number, length: number): Uint8Array {
    const value = new Uint8Array(length);
    checked('getsockopt', system().libc.getsockopt(this.fd, level, name, value, int32(length)));
    return value;
  }
}
