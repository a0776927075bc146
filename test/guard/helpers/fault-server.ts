import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface FaultServerOptions {
  /** Milliseconds after which an idle connection is closed; 0: never. */
  idle?: number;
  /** Seconds that every response promises by `Keep-Alive: timeout`. */
  hint?: number;
  secure?: { key: string; cert: string };
  host?: string;
}

export interface Counts {
  /** Executions by request id. */
  executed: Record<string, number>;
  /** Whole requests read, by request id. */
  tried: Record<string, number>;
  /** Idempotency keys by request id, in the order they came. */
  keys: Record<string, string[]>;
  connections: number;
  requests: number;
}

/** Starts `fault-server.mjs`; see there what it can be asked to do. */
export async function startFaultServer(options: FaultServerOptions = {}) {
  const path = fileURLToPath(new URL('fault-server.mjs', import.meta.url));
  const child = fork(path, [JSON.stringify(options)], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    async counts(): Promise<Counts> {
      child.send('counts');
      const [{ counts }] = (await once(child, 'message')) as [{ counts: Counts }];
      return counts;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

export type FaultServer = Awaited<ReturnType<typeof startFaultServer>>;

/** Keeps the event loop busy, as serialising a large body would. */
export function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
