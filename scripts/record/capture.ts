import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Program } from './program.ts';

export interface CaptureOptions {
  /** Interface; `any` gives Linux cooked v2 headers. */
  on?: string;
  /** Bytes kept per packet; 0 keeps all. */
  snaplen?: number;
  nanoseconds?: boolean;
  filter: string;
}

/** A running tcpdump that is known to listen, and that is stopped only after it has gone quiet. */
export class Capture {
  readonly file: string;
  readonly #program: Program;

  private constructor(file: string, program: Program) {
    this.file = file;
    this.#program = program;
  }

  static async start(
    run: (...argv: [string, ...string[]]) => Program,
    file: string,
    options: CaptureOptions,
  ): Promise<Capture> {
    const device = options.on ?? 'eth0';
    const program = run(
      'tcpdump',
      ...['-i', device, '-s', `${options.snaplen ?? 0}`, '-U', '--immediate-mode', '-Z', 'root', '-n'],
      ...(options.nanoseconds === true ? ['--nano'] : []),
      ...['-w', file, options.filter],
    );
    await program.line(/listening on/);
    return new Capture(file, program);
  }

  /** Resolves when nothing was captured for `quietMs`, with tcpdump ended and the file complete. */
  async stop(quietMs = 150): Promise<void> {
    let size = -1;
    for (let now = statSync(this.file).size; now !== size; now = statSync(this.file).size) {
      size = now;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
    }
    this.#program.signal('SIGINT');
    await this.#program.ended;
    const dropped = this.#program.lines.find((line) => /packets? dropped by kernel/.test(line));
    if (dropped !== undefined && !dropped.startsWith('0 ')) throw new Error(`tcpdump: ${dropped}`);
  }

  /** The capture as tcpdump prints it, one line per packet. */
  read(): string[] {
    return readCapture(this.file);
  }
}

export function readCapture(file: string): string[] {
  const text = execFileSync('tcpdump', ['-nr', file, '-v', '-tt'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 << 20,
  });
  // -v puts the IPv4 header and the segment on two lines; payload that tcpdump decodes follows indented.
  return text
    .replace(/\n( {4}|\t)(?=\S)/g, ' ')
    .split('\n')
    .filter((line) => /^\d/.test(line));
}
