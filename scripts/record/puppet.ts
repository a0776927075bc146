import type { Program } from './program.ts';

export type Reply = Record<string, unknown> & { error?: string };

/**
 * A Python process whose sockets are moved one step at a time (programs/puppet.py), so that the order of
 * events in a recording comes from the script and not from timing. A socket error is an answer, not a throw.
 */
export class Puppet {
  readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  async do(op: string, args: Record<string, unknown> = {}): Promise<Reply> {
    const from = this.program.lines.length;
    this.program.write(`${JSON.stringify({ op, ...args })}\n`);
    return JSON.parse(await this.program.line(/^\{/, from)) as Reply;
  }
}
