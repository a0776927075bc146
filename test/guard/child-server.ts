import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServeOptions } from '../../packages/guard/src/server/index.ts';
import { root } from '../helpers/cli.ts';

export interface ChildServer {
  port: number;
  process: ChildProcess;
  /** The port, and the notices so far, one a line. */
  lines: string[];
  /** The first line, past or to come, that matches. */
  line(pattern: RegExp): Promise<string>;
  exit: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
}

export interface ChildOptions {
  /** Limit of open files; the process's own when left out. */
  files?: number;
  /** Where it listens. */
  host?: string;
  /** Connections that may wait to be accepted. */
  backlog?: number;
  /** Megabytes of V8's old generation. */
  heap?: number;
  /** Registers a listener of its own for SIGINT, which does nothing. */
  otherListener?: boolean;
  /** Starts it in another network namespace. */
  within?: <T>(act: () => T) => T;
}

/** @param options null: a plain server. */
export async function childServer(
  options: ServeOptions | null,
  { files, host = '127.0.0.1', backlog, heap, otherListener, within = (act) => act() }: ChildOptions = {},
): Promise<ChildServer> {
  const node = [
    process.execPath,
    ...(heap ? [`--max-old-space-size=${heap}`] : []),
    '--import',
    'tsx',
    join(root, 'test/guard/fixtures/server.ts'),
  ];
  const command = files ? ['bash', '-c', `ulimit -n ${files}; exec "$0" "$@"`, ...node] : node;
  const child = within(() =>
    spawn(command[0]!, command.slice(1), {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        WHYRESET_HOST: host,
        ...(backlog && { WHYRESET_BACKLOG: String(backlog) }),
        ...(otherListener && { WHYRESET_OTHER_LISTENER: '1' }),
        ...(options && { WHYRESET_SERVE: JSON.stringify(options) }),
      },
    }),
  );
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve(line: string): void }[] = [];
  const reader = createInterface({ input: child.stdout! });
  const exit = once(child, 'exit') as ChildServer['exit'];
  reader.on('line', (line) => {
    lines.push(line);
    for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
  });
  const line = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const known = lines.find((past) => pattern.test(past));
      if (known) resolve(known);
      else waiting.push({ pattern, resolve });
    });
  // Notices about the options come before the server listens.
  const port = Number(await line(/^\d+$/));
  return { port, process: child, lines, line, exit };
}
