import type { SystemCalls } from './index.ts';

/** The part of koffi (2.9 to 3) that is used; written out so that the package type-checks without it. */
interface Koffi {
  load(path: string): { func(prototype: string): (...args: never[]) => number };
  address(bytes: Uint8Array): bigint;
}

const PROTOTYPES = {
  getsockopt: 'int getsockopt(int, int, int, _Out_ uint8_t *, _Inout_ uint8_t *)',
  setsockopt: 'int setsockopt(int, int, int, const uint8_t *, uint32_t)',
  ioctl: 'int ioctl(int, unsigned long, _Inout_ uint8_t *)',
  dup: 'int dup(int)',
  close: 'int close(int)',
} as const;

export function openKoffi(require: NodeJS.Require): SystemCalls {
  const koffi = require('koffi') as Koffi;
  // No file name: the C library that this process already runs on, be it glibc or musl.
  const library = koffi.load(null as never);
  const calls = Object.fromEntries(
    Object.entries(PROTOTYPES).map(([name, prototype]) => [name, library.func(prototype)]),
  ) as unknown as Omit<SystemCalls, 'address'>;
  return { ...calls, address: (bytes) => koffi.address(bytes) };
}
