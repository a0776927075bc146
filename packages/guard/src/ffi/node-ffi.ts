import type { SystemCalls } from './index.ts';

/** The part of `node:ffi` that is used, as in Node 26.10; its types are not in @types/node yet. */
interface NodeFfi {
  DynamicLibrary: new (
    path: string | null,
  ) => {
    getFunction(
      name: string,
      signature: { result: string; parameters: string[] },
    ): (...args: never[]) => number;
  };
}

const INT = 'i32';
const SIGNATURES: Record<keyof SystemCalls, string[]> = {
  getsockopt: [INT, INT, INT, 'buffer', 'buffer'],
  setsockopt: [INT, INT, INT, 'buffer', 'u32'],
  ioctl: [INT, 'u64', 'buffer'],
  dup: [INT],
  close: [INT],
};

/** The bridge wants 64-bit integers as bigint. */
export function openNodeFfi(require: NodeJS.Require): SystemCalls {
  const { DynamicLibrary } = require('node:ffi') as NodeFfi;
  const library = new DynamicLibrary(null);
  const calls = Object.fromEntries(
    Object.entries(SIGNATURES).map(([name, parameters]) => [
      name,
      library.getFunction(name, { result: INT, parameters }),
    ]),
  ) as unknown as SystemCalls & { ioctl(fd: number, request: bigint, argument: Uint8Array): number };
  const { ioctl } = calls;
  return { ...calls, ioctl: (fd, request, argument) => ioctl(fd, BigInt(request), argument) };
}
