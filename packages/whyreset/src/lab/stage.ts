import { join } from 'node:path';
import type { KernelSocket } from './kernel/socket.ts';
import { Tap } from './kernel/tap.ts';
import { TapLoop } from './kernel/tap-loop.ts';
import { KernelTrace } from './kernel-trace.ts';
import { LabError } from './lab-error.ts';
import { launcher } from './launcher.ts';
import { ownLines } from './own-lines.ts';
import { ADDRESSES, type Host, NET } from './path/addresses.ts';
import { Box, type BoxOptions } from './path/box.ts';
import { Network, type PathOptions } from './path/network.ts';
import { Program } from './program.ts';
import { Recorder } from './recorder.ts';
import { RouterRecorder } from './router-recorder.ts';

/** An error that a program or socket of a scenario met, in its own words. */
export interface Words {
  host: Host;
  /** Name of the socket or program. */
  as: string;
  code: string;
  errno?: number;
  syscall?: string;
  message: string;
}

export interface StageOptions {
  path: PathOptions;
  /** Bytes to record of a frame; 0: all. */
  snapLength?: number;
  /** Interfaces of the router to record. */
  captureAtRouter?: readonly string[];
  /** false: everything on this machine's loopback, without rights; then nothing is recorded. */
  namespaces: boolean;
  /** Directory for private files, e.g. certificates. */
  directory: string;
}

/** Where a scenario happens: hosts, the path between them, and everything that runs there. `close` leaves nothing. */
export class Stage {
  readonly directory: string;
  readonly network: Network | null;
  readonly recorders: Record<'client' | 'server', Recorder> | null;
  readonly routerRecorder: RouterRecorder | null;
  readonly words: Words[] = [];
  readonly sockets = new Map<string, { socket: KernelSocket; host: Host }>();
  readonly programs = new Map<string, { program: Program; host: Host }>();
  private readonly loop: TapLoop | null;
  private readonly trace: KernelTrace | null;
  private readonly boxes: Box[] = [];

  constructor({ path, snapLength, captureAtRouter, namespaces, directory }: StageOptions) {
    this.directory = directory;
    this.loop = namespaces ? new TapLoop() : null;
    this.network = this.loop === null ? null : new Network(this.loop, path);
    this.trace = namespaces ? KernelTrace.open() : null;
    this.recorders =
      this.loop === null
        ? null
        : { client: this.record('client', snapLength), server: this.record('server', snapLength) };
    this.routerRecorder =
      this.loop === null || captureAtRouter === undefined
        ? null
        : new RouterRecorder(
            this.loop,
            this.network!.within('router', () => captureAtRouter.map((device) => new Tap(device))),
            captureAtRouter,
          );
  }

  /** An address of a host that the others reach. */
  address(host: Host, family: 4 | 6 = 4): string {
    const name = family === 6 ? 'v6' : 'v4';
    if (this.network === null) return family === 6 ? '::1' : '127.0.0.1';
    return host === 'router' ? ADDRESSES.routerToClient[name] : ADDRESSES[host][name];
  }

  /** Runs `act` on a host: what it opens or starts belongs there. */
  on<T>(host: Host, act: () => T): T {
    return this.network === null ? act() : this.network.within(host, act);
  }

  socket(as: string): KernelSocket {
    const found = this.sockets.get(as);
    if (found === undefined) throw new Error(`the scenario has no socket '${as}'`);
    return found.socket;
  }

  program(as: string): Program {
    const found = this.programs.get(as);
    if (found === undefined) throw new Error(`the scenario has no program '${as}'`);
    return found.program;
  }

  hostOf(as: string): Host {
    return (this.sockets.get(as) ?? this.programs.get(as))!.host;
  }

  /** `${server}`, `${client}`, `${standby}`, `${server6}`, `${net}` (of `10.net.1.2`) and `${directory}` become what they are here. */
  fill(text: string): string {
    return text
      .replaceAll('${net}', `${NET}`)
      .replace(
        /\$\{(client|server|router|standby)(6?)\}|\$\{directory\}/g,
        (_, host: Host | undefined, six) =>
          host === undefined ? this.directory : this.address(host, six === '6' ? 6 : 4),
      );
  }

  start(host: Host, as: string, command: string, args: readonly string[], descriptors?: number): Program {
    const filled = args.map((arg) => this.fill(arg));
    const argv = [...launcher(this.fill(command), this.directory), ...filled];
    const limited =
      descriptors === undefined ? argv : ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh', ...argv];
    const program = this.on(host, () => new Program(limited, (line) => this.hear(host, as, line)));
    this.programs.set(as, { program, host });
    return program;
  }

  /** Programs print what they met as JSON lines with `error`, `code`, and Node's further fields. */
  private hear(host: Host, as: string, line: string): void {
    if (!line.startsWith('{')) return;
    const said = JSON.parse(line) as {
      error?: string;
      responseError?: string;
      code?: string;
      errno?: number;
      syscall?: string;
    };
    const message = said.error ?? said.responseError;
    if (message === undefined) return;
    const { code = '', errno, syscall } = said;
    this.words.push({ host, as, code, message, ...(errno && { errno }), ...(syscall && { syscall }) });
  }

  box(options: BoxOptions, struck: (says: string) => void): void {
    const network = this.need('a box on the router');
    const [client, server] = network.within('router', () => [new Tap('eth0'), new Tap('eth1')] as const);
    this.boxes.push(new Box(this.loop!, client, server, options, struck));
  }

  /** The network, for steps that cannot happen on one loopback interface. */
  need(what: string): Network {
    if (this.network === null)
      throw new LabError('lab-needs-namespaces', `${what} needs network namespaces.`);
    return this.network;
  }

  /** The server is gone; what it sent and got until now is recorded. */
  loseServer(): void {
    this.recorders?.server.drain();
    this.need('the loss of a host').loseServer();
  }

  /** A new host under the server's address: recorded from its first packet. */
  plugServer(): void {
    this.need('a new host').plugServer();
    this.recorders!.server.listenOn(this.network!.within('server', () => new Tap('eth0')));
  }

  /** The text of a host's /proc/net/snmp and /proc/net/netstat; null on plain loopback, which counts for everybody, and of a host that is not there. */
  counters(host: Host): string | null {
    const { network } = this;
    return network === null || !network.has(host)
      ? null
      : network.procNet(host, 'snmp') + network.procNet(host, 'netstat');
  }

  /** Kernel trace lines of the recorded connections; null where tracing is not to be had. */
  traceLines(): string[] | null {
    const { recorders } = this;
    if (this.trace === null || recorders === null) return null;
    return ownLines(this.trace.lines(), [...recorders.client.segments, ...recorders.server.segments]);
  }

  /** Waits until nothing was recorded for a while, so that a capture does not end in the middle of an answer. */
  async settle(quietMs = 120): Promise<void> {
    if (this.recorders === null) return;
    const count = () => this.recorders!.client.count + this.recorders!.server.count;
    for (let before = -1; before !== count(); ) {
      before = count();
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      this.loop!.drain();
    }
  }

  file(name: string): string {
    return join(this.directory, name);
  }

  async close(): Promise<void> {
    // All dead before anything else goes: without namespaces the next scenario needs the same ports.
    await Promise.all([...this.programs.values()].map(({ program }) => program.kill()));
    for (const { socket } of this.sockets.values()) socket.close();
    for (const box of this.boxes) box.close();
    this.trace?.close();
    await this.loop?.close();
    this.network?.close();
  }

  private record(host: 'client' | 'server', snapLength = 0): Recorder {
    return new Recorder(
      this.loop!,
      this.network!.within(host, () => new Tap('eth0')),
      snapLength,
    );
  }
}
