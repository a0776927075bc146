import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { TapLoop } from '../../packages/whyreset/src/lab/kernel/tap-loop.ts';
import { ADDRESSES } from '../../packages/whyreset/src/lab/path/addresses.ts';
import { Network } from '../../packages/whyreset/src/lab/path/network.ts';

/** Where client and server of a measurement run, and what lies between them. */
export interface Place {
  name: string;
  /** Address at which the server listens. */
  host: string;
  host6: string;
  /** Runs `act` where client or server lives: what it starts belongs there. */
  at<T>(end: 'client' | 'server', act: () => T): T;
}

export const loopback: Place = {
  name: 'loopback',
  host: '127.0.0.1',
  host6: '::1',
  at: (_end, act) => act(),
};

/** The loopback of a namespace of our own, or client and server apart: a path with a round trip. */
export class Laboratory {
  readonly #loop = new TapLoop();
  readonly #network: Network;
  readonly loopback: Place;
  readonly apart: Place;

  /** @param rttMs round trip between the two hosts. */
  constructor(rttMs: number) {
    const network = new Network(this.#loop, { delayMs: rttMs / 2 });
    this.#network = network;
    this.loopback = { ...loopback, at: (_end, act) => network.within('client', act) };
    this.apart = {
      name: `RTT ${rttMs} ms`,
      host: ADDRESSES.server.v4,
      host6: ADDRESSES.server.v6,
      at: (end, act) => network.within(end, act),
    };
  }

  async close(): Promise<void> {
    this.#network.close();
    await this.#loop.close();
  }
}

/** A process that answers messages. */
export interface Child {
  ask<A>(message: object): Promise<A>;
  /** The next message that it sends unasked. */
  heard<A>(): Promise<A>;
  stop(): Promise<void>;
}

/** Starts a program of ours; its first message is returned. */
export async function start<A>(
  place: Place,
  end: 'client' | 'server',
  program: string,
  options: object,
  flags: readonly string[] = [],
): Promise<[A, Child]> {
  const child = place.at(end, () => fork(program, [JSON.stringify(options)], { execArgv: [...flags] }));
  const heard = async <A>() => (await orEnd(child, once(child, 'message')))[0] as A;
  const first = await heard<A>();
  return [
    first,
    {
      heard,
      ask: (message) => {
        child.send(message);
        return heard();
      },
      async stop() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.disconnect();
        await ended;
      },
    },
  ];
}

/** Runs a program to its end; what it printed, as JSON. */
export async function run<A>(place: Place, command: string, args: readonly string[]): Promise<A> {
  const child = place.at('client', () => spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] }));
  let text = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}`);
  return JSON.parse(text) as A;
}

async function orEnd<T>(child: ChildProcess, wanted: Promise<T>): Promise<T> {
  const over = new AbortController();
  const ended = once(child, 'exit', { signal: over.signal }).then(([code]) => {
    throw new Error(`${child.spawnargs[1]} ended with ${code}`);
  });
  ended.catch(() => {});
  try {
    return await Promise.race([wanted, ended]);
  } finally {
    over.abort();
  }
}
