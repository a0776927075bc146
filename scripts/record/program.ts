import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * One running program of a recording: its output as lines that can be waited for, its input, its end.
 * Nothing here waits for a length of time; a deadline only turns a hang into an error.
 */
export class Program {
  readonly lines: string[] = [];
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #listeners = new Set<() => void>();
  #over = false;

  constructor(argv: readonly [string, ...string[]], env: Record<string, string> = {}) {
    this.#name = argv.join(' ');
    const child = spawn(argv[0], argv.slice(1), {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        this.#wake();
      });
    }
    child.stdin.on('error', () => {}); // the program may end before it has read everything
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        this.#over = true;
        this.#wake();
        resolve({ code, signal });
      });
    });
    this.ended.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Resolves with the first line at or after `from` that matches; rejects when the program ends without it. */
  async line(pattern: RegExp, from = 0, withinMs = 20_000): Promise<string> {
    let index = from;
    let result: string | undefined;
    await this.#until(`a line like ${pattern}`, withinMs, () => {
      for (; index < this.lines.length; index += 1) {
        if (pattern.test(this.lines[index]!)) {
          result = this.lines[index]!;
          return true;
        }
      }
      return false;
    });
    return result!;
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  closeInput(): void {
    this.#child.stdin?.end();
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#over) this.#child.kill(signal);
  }

  async #until(what: string, withinMs: number, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!holds()) {
      const left = deadline - Date.now();
      if (this.#over || left <= 0) {
        const why = this.#over ? 'ended' : `gave nothing for ${withinMs} ms`;
        throw new Error(
          `${this.#name}: ${why} while waiting for ${what}\n${this.lines.slice(-8).join('\n')}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, left);
        const listeners = this.#listeners;
        listeners.add(done);
        function done() {
          clearTimeout(timer);
          listeners.delete(done);
          resolve();
        }
      });
    }
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
