import type { SystemCalls } from './index.ts';

/** The part of `node:ffi` that is used, as in Node 26.10; its types are not in @types/node yet. */
interface NodeFfi {
  DynamicLibrary: new (
    path: string | null,
  ) => {
    getFunction(
      name: string,
      signature: { return: string; arguments: string[] },
    ): (...args: never[]) => number;
  };
  getRawPointer(bytes: Uint8Array): bigint;
}

const INT = 'int32';
const SIGNATURES: Record<Exclude<keyof SystemCalls, 'address'>, string[]> = {
  getsockopt: [INT, INT, INT, 'buffer', 'buffer'],
  setsockopt: [INT, INT, INT, 'buffer', 'uint32'],
  ioctl: [INT, 'uint64', 'buffer'],
  dup: [INT],
  close: [INT],
};

/** The bridge wants 64-bit integers as bigint. */
export function openNodeFfi(require: NodeJS.Require): SystemCalls {
  const { DynamicLibrary, getRawPointer } = require('node:ffi') as NodeFfi;
  const library = new DynamicLibrary(null);
  const calls = Object.fromEntries(
    Object.entries(SIGNATURES).map(([name, parameters]) => [
      name,
      library.getFunction(name, { return: INT, arguments: parameters }),
    ]),
  ) as unknown as SystemCalls & { ioctl(fd: number, request: bigint, argument: Uint8Array): number };
  const { ioctl } = calls;
  return {
    ...calls,
    ioctl: (fd, request, argument) => ioctl(fd, BigInt(request), argument),
    address: (bytes) => getRawPointer(bytes),
  };
}
