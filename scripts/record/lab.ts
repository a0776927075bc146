import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Capture, type CaptureOptions } from './capture.ts';
import { Program } from './program.ts';
import { Puppet } from './puppet.ts';
import { ResetTrace } from './trace.ts';

const prefix = 'whyrec';
const programs = fileURLToPath(new URL('programs/', import.meta.url));

export type Place = 'client' | 'router' | 'server';
type Space = Place | 'delay';

export interface LabOptions {
  /** One-way delay between router and server in milliseconds; 0 means a plain veth pair. */
  delayMs?: number;
  /** Extra arguments of programs/delay.py. */
  delayArgs?: string[];
  /** Leave segmentation and checksum offload on, as most hosts have it (only without a delay). */
  offload?: boolean;
}

export const address = {
  client: '10.77.1.2',
  router: '10.77.1.1',
  server: '10.77.2.2',
  client6: 'fd77:1::2',
  server6: 'fd77:2::2',
} as const;

/**
 * client — router — server, each a network namespace, so that a packet of the router arrives with another
 * TTL (64) than one of the server (63). Everything that a recording makes belongs to a Lab and goes with it.
 */
export class Lab {
  readonly directory: string;
  readonly #options: LabOptions;
  readonly #programs: Program[] = [];
  readonly #captures: Capture[] = [];
  #trace: ResetTrace | undefined;

  private constructor(options: LabOptions) {
    this.#options = options;
    this.directory = mkdtempSync(join(tmpdir(), `${prefix}-${process.pid}-`));
  }

  static async open(options: LabOptions = {}): Promise<Lab> {
    const lab = new Lab(options);
    try {
      for (const space of ['client', 'router', 'server', 'delay'] as const) {
        ip(['netns', 'add', lab.space(space)]);
        ip(['-n', lab.space(space), 'link', 'set', 'lo', 'up']);
      }
      lab.#link('client', 'eth0', 'router', 'eth0');
      ip(['-n', lab.space('client'), 'addr', 'add', `${address.client}/24`, 'dev', 'eth0']);
      ip(['-n', lab.space('client'), 'addr', 'add', `${address.client6}/64`, 'dev', 'eth0', 'nodad']);
      ip(['-n', lab.space('router'), 'addr', 'add', `${address.router}/24`, 'dev', 'eth0']);
      ip(['-n', lab.space('router'), 'addr', 'add', 'fd77:1::1/64', 'dev', 'eth0', 'nodad']);
      lab.#defaultRoute('client', address.router, 'fd77:1::1');
      lab.sysctl('router', 'net/ipv4/ip_forward', '1');
      lab.sysctl('router', 'net/ipv6/conf/all/forwarding', '1');
      await lab.connectServer();
      lab.#trace = ResetTrace.open(join(lab.directory, 'tracing'), `${prefix}-${process.pid}`);
      return lab;
    } catch (error) {
      lab.close();
      throw error;
    }
  }

  /** Plugs the server in; called again after `loseServer` it plugs in a host that remembers nothing. */
  async connectServer(): Promise<void> {
    const delayMs = this.#options.delayMs ?? 0;
    if (delayMs > 0) {
      this.#link('router', 'eth1', 'delay', 'd0');
      this.#link('delay', 'd1', 'server', 'eth0');
    } else {
      this.#link('router', 'eth1', 'server', 'eth0');
    }
    ip(['-n', this.space('router'), 'addr', 'add', '10.77.2.1/24', 'dev', 'eth1']);
    ip(['-n', this.space('router'), 'addr', 'add', 'fd77:2::1/64', 'dev', 'eth1', 'nodad']);
    ip(['-n', this.space('server'), 'addr', 'add', `${address.server}/24`, 'dev', 'eth0']);
    ip(['-n', this.space('server'), 'addr', 'add', `${address.server6}/64`, 'dev', 'eth0', 'nodad']);
    this.#defaultRoute('server', '10.77.2.1', 'fd77:2::1');
    if (delayMs > 0 || this.#options.offload !== true) {
      // A frame that a user-space forwarder copies must carry a finished checksum and fit the MTU.
      this.#offloadOff('client', 'eth0');
      this.#offloadOff('router', 'eth0', 'eth1');
      this.#offloadOff('server', 'eth0');
      if (delayMs > 0) this.#offloadOff('delay', 'd0', 'd1');
    }
    if (delayMs > 0) {
      const bridge = this.python(
        'delay',
        'delay.py',
        'd0',
        'd1',
        `${delayMs}`,
        ...(this.#options.delayArgs ?? []),
      );
      await bridge.line(/^ready/);
    }
  }

  /** The server's host loses power: nothing more leaves it, its state is gone, its address will come back. */
  async loseServer(...running: Program[]): Promise<void> {
    ip(['-n', this.space('server'), 'link', 'set', 'eth0', 'down']);
    for (const program of running) {
      program.signal('SIGKILL');
      await program.ended;
    }
    ip(['netns', 'del', this.space('server')]);
    ip(['netns', 'add', this.space('server')]);
    ip(['-n', this.space('server'), 'link', 'set', 'lo', 'up']);
    // The old veth goes with its namespace, but only when the kernel's worker gets to it.
    if ((this.#options.delayMs ?? 0) === 0) {
      while (spawnSync('ip', ['-n', this.space('router'), 'link', 'show', 'eth1']).status === 0) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }

  space(space: Space): string {
    return `${prefix}${process.pid}${space[0]}`;
  }

  run(space: Space, ...argv: [string, ...string[]]): Program {
    const program = new Program(['ip', 'netns', 'exec', this.space(space), ...argv]);
    this.#programs.push(program);
    return program;
  }

  node(space: Space, script: string, ...args: string[]): Program {
    return this.run(space, process.execPath, join(programs, script), ...args);
  }

  python(space: Space, script: string, ...args: string[]): Program {
    return this.run(space, '/usr/bin/python3', '-u', join(programs, script), ...args);
  }

  puppet(space: Space): Puppet {
    return new Puppet(this.python(space, 'puppet.py'));
  }

  async capture(space: Space, options: CaptureOptions): Promise<Capture> {
    const file = join(this.directory, `${this.#captures.length}.pcap`);
    const capture = await Capture.start((...argv) => this.run(space, ...argv), file, options);
    this.#captures.push(capture);
    return capture;
  }

  nft(space: Space, rules: string): void {
    execFileSync('ip', ['netns', 'exec', this.space(space), 'nft', '-f', '-'], { input: rules });
  }

  sysctl(space: Space, key: string, value: string): void {
    execFileSync('ip', ['netns', 'exec', this.space(space), 'sh', '-c', `echo ${value} > /proc/sys/${key}`]);
  }

  command(space: Space, ...argv: string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.space(space), ...argv], { encoding: 'utf8' });
  }

  /** Cumulative kernel counters of one namespace, e.g. TcpOutRsts, TcpExtTCPAbortOnClose. */
  counters(space: Space): Map<string, number> {
    const text = this.command(space, 'nstat', '-asz');
    const rows = [...text.matchAll(/^(\S+)\s+(\d+)/gm)];
    return new Map(rows.map(([, name, value]) => [name!, Number(value)]));
  }

  /** What the kernel said about every RST that its TCP stack sent so far: "src > dest STATE REASON". */
  resetReasons(): string[] {
    return this.#trace?.read() ?? [];
  }

  close(): void {
    for (const program of this.#programs) program.signal('SIGKILL');
    this.#trace?.close();
    for (const space of ['client', 'router', 'server', 'delay'] as const) dropSpace(this.space(space));
    rmSync(this.directory, { recursive: true, force: true });
  }

  #link(a: Space, aName: string, b: Space, bName: string): void {
    // Fixed hardware addresses: a host that comes back under the same address is found without a new ARP.
    const mac = (space: Space, name: string) => `02:77:00:00:${spaceByte[space]}:0${name.at(-1)}`;
    ip(
      ['-n', this.space(a), 'link', 'add', aName, 'address', mac(a, aName), 'type', 'veth'].concat([
        'peer',
        'name',
        bName,
        'address',
        mac(b, bName),
        'netns',
        this.space(b),
      ]),
    );
    ip(['-n', this.space(a), 'link', 'set', aName, 'up']);
    ip(['-n', this.space(b), 'link', 'set', bName, 'up']);
  }

  #defaultRoute(space: Space, via: string, via6: string): void {
    ip(['-n', this.space(space), 'route', 'add', 'default', 'via', via]);
    ip(['-n', this.space(space), '-6', 'route', 'add', 'default', 'via', via6]);
  }

  #offloadOff(space: Space, ...names: string[]): void {
    this.command(space, '/usr/bin/python3', join(programs, 'offload.py'), ...names);
  }
}

const spaceByte: Record<Space, string> = { client: '0c', router: '0e', server: '05', delay: '0d' };

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

function dropSpace(name: string): void {
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

function ip(args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Where a recording's private files (certificates, configurations) go. */
export function privateDirectory(lab: Lab, name: string): string {
  const directory = join(lab.directory, name);
  mkdirSync(directory, { recursive: true });
  return directory;
}
