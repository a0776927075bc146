import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ResetTrace } from './trace.ts';

/** Namespaces, directories and traces of a run begin with this and the id of its process. */
export const prefix = 'whyrec';

export type Space = 'client' | 'router' | 'server' | 'delay' | 'hub' | 'neighbour';
export const spaces: readonly Space[] = ['client', 'router', 'server', 'delay', 'hub', 'neighbour'];

/** Fixed hardware addresses: a host that comes back under the same address is found without a new ARP. */
export function mac(space: Space, name: string): string {
  return `02:77:00:00:${spaceByte[space]}:0${name.at(-1)}`;
}

const spaceByte: Record<Space, string> = {
  client: '0c',
  router: '0e',
  server: '05',
  delay: '0d',
  hub: '0a',
  neighbour: '0b',
};

/** Starts the janitor of this run, in a session that no Ctrl-C reaches; it acts when this process is gone. */
export function hireJanitor(): void {
  const script = fileURLToPath(new URL('programs/janitor.sh', import.meta.url));
  const janitor = spawn('sh', [script, prefix, `${process.pid}`, tmpdir()], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither the process nor the pipe to it keeps this one running; the pipe ends with it.
  janitor.unref();
  (janitor.stdin as unknown as { unref(): void }).unref();
}

/** Removes what killed runs left: their namespaces, the processes in these, their directories and traces. */
export function sweep(): void {
  const spaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  for (const name of spaces) {
    const owner = new RegExp(`^${prefix}(\\d+)[a-z]$`).exec(name)?.[1];
    if (owner !== undefined && !alive(Number(owner))) dropSpace(name);
  }
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}-(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || alive(Number(owner))) continue;
    const directory = join(tmpdir(), name);
    ResetTrace.drop(join(directory, 'tracing'), `${prefix}-${owner}`);
    rmSync(directory, { recursive: true, force: true });
  }
}

export function dropSpace(name: string): void {
  // Only processes inside a namespace of ours, by id; a killed run cannot have ended them itself.
  const inside = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).stdout ?? '';
  for (const pid of inside.split('\n').map(Number)) {
    if (pid <= 1) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it ended in the meantime
    }
  }
  spawnSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
}

function alive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('record');
  } catch {
    return false;
  }
}

export function ip(args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
