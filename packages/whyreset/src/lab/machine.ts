import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_NUMBER } from './lab-number.ts';

const DIRECTORY = 'WHYRESET_LAB_DIRECTORY';
const PREFIX = 'whyreset-lab-';
/** Descriptor of the pipe between the two. */
const LIFELINE = 3;
/** Exit codes of a command that a signal ended. */
const INTERRUPTED = 130;
const TERMINATED = 143;

/** How far this machine lets the lab go, or why not. */
export type Rights = { namespaces: true; flags: readonly string[] } | { namespaces: false; why: string };

// A process-id namespace too: when the lab is killed, everything it started dies with it. The kernel does the rest:
// a network namespace is gone with its last process, a mount namespace with its mounts.
const OWN = ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Tries what the lab is about to do: `unshare` as root, else in a user namespace. */
export function rights(): Rights {
  const flags = process.getuid?.() === 0 ? OWN : ['--user', '--map-root-user', ...OWN];
  const tried = spawnSync('unshare', [...flags, 'true'], { encoding: 'utf8' });
  if (tried.status === 0) return { namespaces: true, flags };
  const why =
    tried.error === undefined
      ? `this machine allows no network namespaces to you (${tried.stderr.trim()})`
      : 'the command unshare (package util-linux) is not here';
  return { namespaces: false, why };
}

/** The private directory when this process is the one inside, else null. */
export function inside(): string | null {
  return process.env[DIRECTORY] ?? null;
}

/** Called by the one inside: Ctrl-C ends it, and so does the end of the one outside; `clear` does what the kernel will not do by itself. */
export function onInterrupt(clear: () => void): void {
  const end = () => {
    clear();
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', end);
  // The other end of this pipe is the one outside; nothing is ever sent.
  new Socket({ fd: LIFELINE, readable: true }).on('close', end).on('error', end).resume().unref();
}

/**
 * Runs this command again, with these arguments and with namespaces of its own, and gives its exit code.
 *
 * @param number of this lab among those that run at once
 */
export async function enter(flags: readonly string[], args: readonly string[], number = 0): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const self = [process.execPath, ...process.execArgv, process.argv[1]!, ...args];
  const child = spawn('unshare', [...flags, ...self], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, [DIRECTORY]: directory, [LAB_NUMBER]: `${number}` },
  });
  // Ctrl-C reaches the one inside by the terminal: this one only waits for it to clear away. Nothing else does, and
  // unshare itself holds signals back; but with it dies the one inside (--kill-child), and with that all of its own.
  const end = () => child.kill('SIGKILL');
  const wait = () => {};
  process.on('SIGINT', wait).on('SIGTERM', end).on('SIGHUP', end);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? INTERRUPTED : TERMINATED)));
    });
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', end).off('SIGHUP', end);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Removes directories of runs that were killed; the kernel has removed everything else of them. */
export function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !alive(Number(owner)))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
