import { createRequire } from 'node:module';
import { openKoffi } from './koffi.ts';
import { openNodeFfi } from './node-ffi.ts';

export type KernelBackend = 'koffi' | 'node:ffi' | 'none';

/**
 * The system calls by which a socket tells more than Node shows. Every call answers with a negative
 * number on failure; which errno it was makes no difference to any caller.
 */
export interface SystemCalls {
  /** Fills `value` and writes the length that the kernel gave to `length` (4 bytes, native order). */
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  dup(fd: number): number;
  close(fd: number): number;
  /** Where these bytes lie, for an argument that points to further ones; they must outlive the call. */
  address(bytes: Uint8Array): bigint;
}

/** The kernel behind a socket, or the reason why it cannot be asked. */
export interface Kernel {
  readonly backend: KernelBackend;
  readonly calls: SystemCalls | null;
  /** With `calls: null`: what is lost and how to get it, in one line for people. */
  readonly missing: string | null;
}

const LOST =
  'Without it a request that met a closing connection is proven unexecuted only when nothing was written (P0), or by the clock where you vouch for a least round trip (option minRttMs, P2), for what a process measures holds lost packets and waits and is no lower bound; install koffi, or run Node 26 with node:ffi, for the proof by acknowledgement (P1).';

/** A kernel that is not asked, and why. */
export function withoutKernel(reason: string): Kernel {
  return {
    backend: 'none',
    calls: null,
    missing: `The kernel’s view of a socket is not available: ${reason}. ${LOST}`,
  };
}

/**
 * Opens the system calls by the named backend, or by the first that works: koffi when it is installed, then
 * `node:ffi` (Node 26, experimental, forbidden under the permission model without `--allow-ffi`). Never throws.
 */
export function openKernel(wanted: KernelBackend | 'auto' = 'auto', platform = process.platform): Kernel {
  if (wanted === 'none') return withoutKernel('it was switched off by the option kernel');
  // SIOCOUTQ and struct tcp_info are Linux; macOS and Windows have cousins that were never measured.
  if (platform !== 'linux') return withoutKernel(`the platform is ${platform}, and only Linux was measured`);
  const require = createRequire(import.meta.url);
  const failures: string[] = [];
  for (const [backend, open] of [
    ['koffi', openKoffi],
    ['node:ffi', openNodeFfi],
  ] as const) {
    if (wanted !== 'auto' && wanted !== backend) continue;
    try {
      return { backend, calls: open(require), missing: null };
    } catch (error) {
      failures.push(`${backend}: ${firstLine(error)}`);
    }
  }
  return withoutKernel(failures.join('; '));
}

const firstLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;

/** The descriptor under a `net` or `tls` socket, or null when it is closed, not yet open, or hidden. */
export function descriptorOf(socket: object): number | null {
  const fd = (socket as { _handle?: { fd?: unknown } | null })._handle?.fd;
  return typeof fd === 'number' && fd >= 0 ? fd : null;
}
