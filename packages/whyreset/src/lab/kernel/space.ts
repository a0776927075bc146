import { closeSync, openSync } from 'node:fs';
import { checked, system } from './libc.ts';

const CLONE_NEWNET = 0x40000000;

/**
 * A network namespace, held by a file descriptor alone: it has no name, so it
 * cannot be left behind; when this process is gone, so is it.
 */
export class NetworkSpace {
  readonly fd: number;
  /** How another process (`ip`) finds it while this one lives. */
  readonly path: string;

  private constructor(fd: number) {
    this.fd = fd;
    this.path = `/proc/${process.pid}/fd/${fd}`;
  }

  /** The namespace that this process is in. */
  static current(): NetworkSpace {
    return new NetworkSpace(openSync('/proc/thread-self/ns/net', 'r'));
  }

  static create(): NetworkSpace {
    const home = NetworkSpace.current();
    checked('unshare', system().libc.unshare(CLONE_NEWNET));
    const made = NetworkSpace.current();
    checked('setns', system().libc.setns(home.fd, CLONE_NEWNET));
    home.close();
    return made;
  }

  /**
   * Runs `act` with this thread inside. It must be synchronous: sockets it
   * opens, processes it starts and files under /proc/sys/net that it writes
   * belong to this namespace, everything later does not.
   */
  within<T>(act: () => T): T {
    const { libc } = system();
    const home = NetworkSpace.current();
    checked('setns', libc.setns(this.fd, CLONE_NEWNET));
    try {
      return act();
    } finally {
      checked('setns', libc.setns(home.fd, CLONE_NEWNET));
      home.close();
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}
