import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Capture, type CaptureOptions } from './capture.ts';
import { Program } from './program.ts';
import { Puppet } from './puppet.ts';
import { dropSpace, ip, mac, prefix, type Space, spaces } from './spaces.ts';
import { ResetTrace } from './trace.ts';

const programs = fileURLToPath(new URL('programs/', import.meta.url));

export interface LabOptions {
  /** One-way delay between router and server in milliseconds; 0 means a plain veth pair. */
  delayMs?: number;
  /** Extra arguments of programs/delay.py. */
  delayArgs?: string[];
  /** A third host on the client's segment, which is a hub: it sees every frame of the client. */
  neighbour?: boolean;
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
  /** Every lab that exists, also one that is still being built: what a signal must clean up. */
  static readonly all = new Set<Lab>();
  readonly directory: string;
  readonly #options: LabOptions;
  readonly #programs: Program[] = [];
  readonly #captures: Capture[] = [];
  #trace: ResetTrace | undefined;

  private constructor(options: LabOptions) {
    this.#options = options;
    Lab.all.add(this);
    this.directory = mkdtempSync(join(tmpdir(), `${prefix}-${process.pid}-`));
  }

  static async open(options: LabOptions = {}): Promise<Lab> {
    const lab = new Lab(options);
    try {
      for (const space of spaces) {
        ip(['netns', 'add', lab.space(space)]);
        ip(['-n', lab.space(space), 'link', 'set', 'lo', 'up']);
      }
      if (options.neighbour === true) lab.#linkByHub();
      else lab.#link('client', 'eth0', 'router', 'eth0');
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
    // An address resolution across the delay would double the first round trip that a capture shows.
    this.#neighbours('client', 'eth0', mac('router', 'eth0'), address.router, 'fd77:1::1');
    this.#neighbours('router', 'eth0', mac('client', 'eth0'), address.client, address.client6);
    this.#neighbours('router', 'eth1', mac('server', 'eth0'), address.server, address.server6);
    this.#neighbours('server', 'eth0', mac('router', 'eth1'), '10.77.2.1', 'fd77:2::1');
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
    // The cable first, so that nothing the dying sockets send gets out; the kernel would keep the link for as
    // long as one of them retries.
    if ((this.#options.delayMs ?? 0) > 0) throw new Error('loseServer knows no delayed path');
    ip(['-n', this.space('router'), 'link', 'del', 'eth1']);
    for (const program of running) {
      program.signal('SIGKILL');
      await program.ended;
    }
    ip(['netns', 'del', this.space('server')]);
    ip(['netns', 'add', this.space('server')]);
    ip(['-n', this.space('server'), 'link', 'set', 'lo', 'up']);
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
    for (const space of spaces) dropSpace(this.space(space));
    rmSync(this.directory, { recursive: true, force: true });
    Lab.all.delete(this);
  }

  #link(a: Space, aName: string, b: Space, bName: string): void {
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

  #linkByHub(): void {
    const hub = this.space('hub');
    // Without ageing time nothing is learnt, so every frame goes to every port. The bridge has no address:
    // what is for a host of its own would not be flooded.
    ip(['-n', hub, 'link', 'add', 'br0', 'type', 'bridge', 'ageing_time', '0']);
    for (const [index, space] of (['client', 'router', 'neighbour'] as const).entries()) {
      this.#link(space, 'eth0', 'hub', `h${index}`);
      ip(['-n', hub, 'link', 'set', `h${index}`, 'master', 'br0']);
      this.#offloadOff('hub', `h${index}`);
    }
    this.#offloadOff('neighbour', 'eth0');
    ip(['-n', hub, 'link', 'set', 'br0', 'up']);
  }

  #neighbours(space: Space, device: string, hardware: string, ...addresses: string[]): void {
    for (const each of addresses) {
      ip(['-n', this.space(space), 'neigh', 'replace', each, 'lladdr', hardware, 'dev', device]);
    }
  }

  #defaultRoute(space: Space, via: string, via6: string): void {
    ip(['-n', this.space(space), 'route', 'add', 'default', 'via', via]);
    ip(['-n', this.space(space), '-6', 'route', 'add', 'default', 'via', via6]);
  }

  #offloadOff(space: Space, ...names: string[]): void {
    this.command(space, '/usr/bin/python3', join(programs, 'offload.py'), ...names);
  }
}

/** Where a recording's private files (certificates, configurations) go. */
export function privateDirectory(lab: Lab, name: string): string {
  const directory = join(lab.directory, name);
  mkdirSync(directory, { recursive: true });
  return directory;
}
