import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Mounted over in the mount namespace that is ours alone, so that it goes with us. */
const MOUNT = '/sys/kernel/tracing';
const MINUTE = 60_000;
const PREFIX = 'whyreset-lab-';
const EVENTS = ['tcp/tcp_send_reset', 'tcp/tcp_receive_reset'];

/**
 * The kernel's own account of resets sent and received, from a tracing
 * instance of our own. It sees the whole machine: callers keep the lines of
 * their own addresses. Needs root; reasons are told since Linux 6.10.
 */
export class KernelTrace {
  private readonly instance: string;
  /** An open file of the instance: nobody can remove it meanwhile. */
  private readonly hold: number;

  /** All that are open: what an interrupted lab has to close. */
  private static readonly all = new Set<KernelTrace>();

  private constructor(instance: string) {
    this.instance = instance;
    KernelTrace.all.add(this);
    this.hold = openSync(join(instance, 'trace_marker'), 'w');
  }

  /** Null where the kernel or the rights do not allow tracing. */
  static open(): KernelTrace | null {
    const instances = join(MOUNT, 'instances');
    // Mounted once: for the second scenario of a run it is there already, and mounting it again would fail.
    if (!existsSync(instances)) spawnSync('mount', ['-t', 'tracefs', 'none', MOUNT]);
    if (!existsSync(instances)) return null;
    for (const name of readdirSync(instances))
      if (abandoned(name)) attempt(() => rmdirSync(join(instances, name)));
    const instance = join(instances, `${PREFIX}${Date.now().toString(36)}-${randomUUID()}`);
    mkdirSync(instance);
    for (const event of EVENTS) {
      const enable = join(instance, 'events', event, 'enable');
      if (existsSync(enable)) writeFileSync(enable, '1');
    }
    return new KernelTrace(instance);
  }

  static closeAll(): void {
    for (const trace of KernelTrace.all) trace.close();
  }

  /** The lines so far, as tracefs prints them. */
  lines(): string[] {
    return readFileSync(join(this.instance, 'trace'), 'utf8')
      .split('\n')
      .filter((line) => /tcp_(send|receive)_reset:/.test(line));
  }

  close(): void {
    KernelTrace.all.delete(this);
    closeSync(this.hold);
    attempt(() => rmdirSync(this.instance)); // tracefs: removing the directory ends the instance
  }
}

/**
 * What a killed run left; its name tells when it was made. One in use cannot be removed, and one that was made
 * this minute may be about to be used.
 */
function abandoned(name: string): boolean {
  if (!name.startsWith(PREFIX)) return false;
  const made = Number.parseInt(name.slice(PREFIX.length), 36);
  return !(Date.now() - made < MINUTE);
}

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // it belongs to a run that lives, or is gone already
  }
}
