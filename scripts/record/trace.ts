import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The kernel's own account of the resets it sends (`tcp:tcp_send_reset`, reasons since Linux 6.10), from a
 * tracing instance of our own. It sees the whole machine; callers keep the lines of their own ports.
 */
export class ResetTrace {
  readonly #mount: string;
  readonly #instance: string;

  private constructor(mount: string, instance: string) {
    this.#mount = mount;
    this.#instance = instance;
  }

  /** Undefined where the kernel or the rights do not allow tracing: the recording then has no reasons. */
  static open(mount: string, name: string): ResetTrace | undefined {
    mkdirSync(mount);
    if (spawnSync('mount', ['-t', 'tracefs', 'none', mount]).status !== 0) return undefined;
    const instance = join(mount, 'instances', name);
    if (!existsSync(instance)) mkdirSync(instance);
    const event = join(instance, 'events/tcp/tcp_send_reset');
    if (existsSync(event)) writeFileSync(join(event, 'enable'), '1');
    return new ResetTrace(mount, instance);
  }

  read(): string[] {
    const text = readFileSync(join(this.#instance, 'trace'), 'utf8');
    const found = text.matchAll(/tcp_send_reset:.*src=(\S+) dest=(\S+) state=(\S+) reason=(\S+)/g);
    return [...found].map(
      ([, source, destination, state, reason]) => `${source} > ${destination} ${state} ${reason}`,
    );
  }

  close(): void {
    ResetTrace.drop(this.#mount, this.#instance.slice(this.#instance.lastIndexOf('/') + 1));
  }

  static drop(mount: string, name: string): void {
    const instance = join(mount, 'instances', name);
    if (existsSync(instance)) rmdirSync(instance); // tracefs: removing the directory ends the instance
    spawnSync('umount', [mount]);
  }
}
