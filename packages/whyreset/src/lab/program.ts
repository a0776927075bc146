import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { LabError } from './lab-error.ts';
import { SEARCH_PATH } from './tool.ts';
import { until } from './until.ts';

/** A running program of a scenario: its output as lines that can be waited for, its input, its end. */
export class Program {
  readonly lines: string[] = [];
  readonly name: string;
  private readonly child: ChildProcess;
  private failure: Error | null = null;
  private over = false;

  /** Starts it in the network namespace that the thread is in. @param heard called with each line it prints */
  constructor(argv: readonly string[], heard: (line: string) => void, env: NodeJS.ProcessEnv = {}) {
    this.name = argv.join(' ');
    const child = spawn(argv[0]!, argv.slice(1), {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PATH: SEARCH_PATH, ...env },
    });
    this.child = child;
    for (const stream of [child.stdout!, child.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        heard(line);
      });
    }
    child.stdin!.on('error', () => {}); // the program may end before it has read everything
    child.on('error', (error) => {
      this.failure = error;
      this.over = true;
    });
    child.on('close', () => {
      this.over = true;
    });
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Waits for a line; fails when the program ends without it. */
  async said(pattern: RegExp): Promise<string> {
    let found: string | undefined;
    await until(`${this.name} says ${pattern}`, () => {
      found = this.lines.find((line) => pattern.test(line));
      if (found === undefined && this.over) throw this.ended(`without a line like ${pattern}`);
      return found !== undefined;
    });
    return found!;
  }

  async end(): Promise<void> {
    await until(`${this.name} has ended`, () => this.over, 120_000);
    if (this.failure !== null) throw this.ended(this.failure.message);
  }

  write(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.over) this.child.kill(signal);
  }

  /** Ends it at once and waits until it is gone. */
  async kill(): Promise<void> {
    const gone =
      this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined;
    if (gone) return;
    const exit = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exit;
  }

  private ended(how: string): LabError {
    return new LabError(
      'lab-program-ended',
      `${this.name} ended (${how})\n${this.lines.slice(-8).join('\n')}`,
    );
  }
}
