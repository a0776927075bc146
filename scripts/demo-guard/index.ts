/**
 * `npm run demo:guard`: one shop (express) and its customers (undici) three times at once: as they are, with the usual
 * cure (RetryAgent, told to repeat POST), and with the lines of packages/guard/README.md. Half a minute, three troubles.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ansis } from 'ansis';
import { bundle } from '../../bench/guard/bundle.ts';
import type { ClientCounts, Way } from './client.ts';
import { type Column, quote, render } from './table.ts';

const WAYS: Way[] = ['undici', 'retrying', 'guarded'];
const SECONDS = 30;
const DEPLOY_AFTER = [10, 20];

const colours = new Ansis();
const live = process.stdout.isTTY === true;
const folder = mkdtempSync(join(tmpdir(), 'whyreset-demo-'));
const programs = await bundle({ app: 'scripts/demo-guard/app.ts', client: 'scripts/demo-guard/client.ts' });
const children = new Set<ChildProcess>();

function start(program: string, options: object): ChildProcess {
  // LISTEN_FDS: the listening socket is the parent's, as systemd would have it.
  const child = fork(program, [JSON.stringify(options)], {
    execArgv: [],
    env: { ...process.env, LISTEN_FDS: '1' },
  });
  children.add(child.once('exit', () => children.delete(child)));
  return child;
}

/** A socket that this process only binds, for others to listen on in turn: what node:cluster gives to its workers. */
function bound(): { getsockname(name: object): number } {
  const make = (
    net as unknown as { _createServerHandle(host: string, port: number, family: number): unknown }
  )._createServerHandle;
  const made = make('127.0.0.1', 0, 4);
  if (typeof made === 'number') throw new Error(`no port for the demo (${made})`);
  return made as { getsockname(name: object): number };
}

class Shop {
  readonly #orders: string;
  readonly #guarded: boolean;
  readonly #socket = bound();
  #app: ChildProcess | null = null;

  constructor(way: Way) {
    this.#orders = join(folder, way);
    this.#guarded = way === 'guarded';
    writeFileSync(this.#orders, '');
  }

  /** Opens the port, which stays open over all versions of the shop. */
  async open(): Promise<string> {
    await this.deploy();
    const name: { port?: number } = {};
    this.#socket.getsockname(name);
    return `http://127.0.0.1:${name.port}`;
  }

  /** Starts the next version, then ends the one before, as every orchestrator does. */
  async deploy(): Promise<void> {
    const before = this.#app;
    const app = start(programs.app, { orders: this.#orders, guarded: this.#guarded });
    app.send('listen', this.#socket as never);
    await once(app, 'message');
    this.#app = app;
    before?.kill('SIGTERM');
  }

  get duplicates(): number {
    const ids = readFileSync(this.#orders, 'utf8').split('\n').slice(0, -1);
    return ids.length - new Set(ids).size;
  }
}

console.log(`
  A shop (express) and its customers (undici), three times at once. Orders come
  in bursts. The shop closes idle connections after 1.5 s, one time in a hundred
  it loses a connection after it has written the order down, and it is deployed
  anew after ${DEPLOY_AFTER.join(' s and ')} s.
`);

const stop = () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    stop();
    process.exit(130);
  });

const shops = WAYS.map((way) => new Shop(way));
const counts: ClientCounts[] = WAYS.map(() => ({ sent: 0, errors: 0, explained: 0, example: null }));
const columns = (): Column[] =>
  WAYS.map((way, at) => ({ way, counts: counts[at]!, duplicates: shops[at]!.duplicates }));
try {
  const urls = await Promise.all(shops.map((shop) => shop.open()));
  const customers = WAYS.map((way, at) => {
    const client = start(programs.client, { url: urls[at], way, seconds: SECONDS });
    client.on('message', (message) => {
      counts[at] = message as ClientCounts;
    });
    return once(client, 'exit');
  });
  let drawn = 0;
  const draw = () => {
    const text = render(columns(), colours);
    if (drawn > 0) process.stdout.write(`\x1b[${drawn}A`);
    process.stdout.write(`${text}\n`);
    drawn = text.split('\n').length;
  };
  const timer = live ? setInterval(draw, 500) : null;
  const deploys = (async () => {
    for (const [at, second] of DEPLOY_AFTER.entries()) {
      await sleep((second - (DEPLOY_AFTER[at - 1] ?? 0)) * 1000);
      await Promise.all(shops.map((shop) => shop.deploy()));
    }
  })();
  await Promise.all([...customers, deploys]);
  if (timer !== null) clearInterval(timer);
  draw();
  const nothing = 'nothing: no error this time';
  const [plain, , guarded] = counts as [ClientCounts, ClientCounts, ClientCounts];
  console.log(`
${quote('undici says', plain.example ?? nothing, colours)}
${quote('the guard says', guarded.example ?? nothing, colours)}

  What is left under the guard are orders that the shop may have executed. To send
  them again would be a guess, so the guard says so instead; with an
  Idempotency-Key (generateKey: true) it would repeat those as well.
`);
} finally {
  stop();
}
process.exit();
