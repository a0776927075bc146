import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What became of one client's requests. */
export interface ClientRun {
  answered: number;
  /** Error codes, a reset that took a request with it among them; a refused connection is the expected end. */
  errors: string[];
}

export interface LoadOptions {
  port: number;
  host?: string;
  clients: number;
  /** Longest pause between two requests of a client, milliseconds. */
  pause: number;
  method?: string;
  path?: string;
  body?: string;
  /** Keep connections, as a pool does; false for a connection per request. */
  keepAlive?: boolean;
}

/** Clients with a connection each that go on until the server refuses them, or `stop` is called. */
export function load(options: LoadOptions): { runs: ClientRun[]; done: Promise<void>; stop(): void } {
  const {
    port,
    host = '127.0.0.1',
    clients,
    pause,
    method = 'POST',
    path = '/',
    body = 'x',
    keepAlive = true,
  } = options;
  let stopped = false;
  const runs: ClientRun[] = Array.from({ length: clients }, () => ({ answered: 0, errors: [] }));
  const client = async (run: ClientRun) => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    while (!stopped) {
      const error = await once(agent, { host, port, method, path }, body);
      if (!error) run.answered++;
      else if (error === 'ECONNREFUSED') break;
      else run.errors.push(error);
      await sleep(Math.random() * pause);
    }
    agent.destroy();
  };
  const done = Promise.all(runs.map(client)).then(() => {});
  return {
    runs,
    done,
    stop: () => {
      stopped = true;
    },
  };
}

function once(
  agent: Agent,
  to: { host: string; port: number; method: string; path: string },
  body: string,
): Promise<string | null> {
  return new Promise((resolve) => {
    const outgoing = request({ ...to, agent, headers: { 'content-length': body.length } });
    outgoing.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    outgoing.on('response', (response) => {
      response.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      response.on('end', () => resolve(response.statusCode === 200 ? null : `status ${response.statusCode}`));
      response.resume();
    });
    outgoing.end(body);
  });
}
