import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { LabError } from '../lab-error.ts';

/** A failed system call, in the words Node uses for its own: `code`, negative `errno`, `syscall`. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;

  constructor(syscall: string, errno: number) {
    const [code, text] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, 'unknown error'];
    super(`${syscall}: ${code} (${text})`);
    this.code = code;
    this.errno = -errno;
    this.syscall = syscall;
  }
}

/** Nothing to read, or no connection to accept, just now. */
export const AGAIN = constants.errno.EAGAIN;

interface Libc {
  socket(family: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  connect(fd: number, address: Uint8Array, length: number): number;
  listen(fd: number, backlog: number): number;
  accept4(fd: number, address: null, length: null, flags: number): number;
  send(fd: number, data: Uint8Array, length: number, flags: number): number;
  recv(fd: number, data: Uint8Array, length: number, flags: number): number;
  recvfrom(
    fd: number,
    data: Uint8Array,
    length: number,
    flags: number,
    address: Uint8Array,
    addressLength: Uint8Array,
  ): number;
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  shutdown(fd: number, how: number): number;
  close(fd: number): number;
  setns(fd: number, type: number): number;
  unshare(flags: number): number;
  if_nametoindex(name: string): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Uint8Array): number;
}

const PROTOTYPES = [
  'int socket(int, int, int)',
  'int bind(int, const uint8_t *, uint32_t)',
  'int connect(int, const uint8_t *, uint32_t)',
  'int listen(int, int)',
  'int accept4(int, void *, void *, int)',
  'long send(int, const uint8_t *, size_t, int)',
  'long recv(int, uint8_t *, size_t, int)',
  'long recvfrom(int, uint8_t *, size_t, int, uint8_t *, uint8_t *)',
  'int getsockname(int, uint8_t *, uint8_t *)',
  'int getsockopt(int, int, int, uint8_t *, uint8_t *)',
  'int setsockopt(int, int, int, const uint8_t *, uint32_t)',
  'int ioctl(int, unsigned long, uint8_t *)',
  'int shutdown(int, int)',
  'int close(int)',
  'int setns(int, int)',
  'int unshare(int)',
  'uint32_t if_nametoindex(const char *)',
  'int epoll_create1(int)',
  'int epoll_ctl(int, int, int, uint8_t *)',
];

/** `wait(epoll, events, count, ms)` in a thread of its own, so that the event loop goes on. */
type Wait = (epoll: number, events: Uint8Array, count: number, timeoutMs: number) => Promise<number>;

interface Native {
  libc: Libc;
  wait: Wait;
  errno(): number;
}

let native: Native | null = null;

function load(): Native {
  const koffi = (() => {
    try {
      return createRequire(import.meta.url)('koffi') as typeof import('koffi');
    } catch (error) {
      throw new LabError(
        'lab-needs-koffi',
        'The lab moves sockets by system calls and needs the optional package koffi, which is not installed here: npm install koffi',
        error,
      );
    }
  })();
  const library = koffi.load('libc.so.6');
  const libc = Object.fromEntries(
    PROTOTYPES.map((prototype) => {
      const name = /(\w+)\(/.exec(prototype)![1]!;
      return [name, library.func(prototype)];
    }),
  ) as unknown as Libc;
  const epollWait = library.func('int epoll_wait(int, _Out_ uint8_t *, int, int)');
  const wait: Wait = (epoll, events, count, timeoutMs) =>
    new Promise((resolve, reject) =>
      epollWait.async(epoll, events, count, timeoutMs, (error: unknown, result: number) =>
        error ? reject(error) : resolve(result),
      ),
    );
  return { libc, wait, errno: () => koffi.errno() };
}

/** The C library, loaded when first needed: everything else of whyreset works without it. */
export function system(): Native {
  if (process.platform !== 'linux')
    throw new LabError('lab-needs-linux', `The lab provokes a Linux kernel; this is ${process.platform}.`);
  native ??= load();
  return native;
}

/** The result of a system call, or its error thrown. */
export function checked(syscall: string, result: number): number {
  if (result < 0) throw new SystemCallError(syscall, system().errno());
  return result;
}
