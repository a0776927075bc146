import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { TapLoop } from '../../packages/whyreset/src/lab/kernel/tap-loop.ts';
import { ADDRESSES } from '../../packages/whyreset/src/lab/path/addresses.ts';
import { Network } from '../../packages/whyreset/src/lab/path/network.ts';
import { root } from '../helpers/cli.ts';
import { type ChildServer, childServer } from './child-server.ts';
import type { ClientRun, LoadOptions } from './load.ts';

const open: (() => unknown)[] = [];
afterEach(() => {
  for (const close of open.splice(0).reverse()) close();
});

const mayUnshare = process.platform === 'linux' && process.getuid?.() === 0;
if (!mayUnshare) console.log('server-drain-path.test: a path with a delay needs root and network namespaces');

/** A server and 200 clients in namespaces of their own, five milliseconds apart each way. */
async function stopUnderLoad(guarded: boolean, load: Pick<LoadOptions, 'keepAlive' | 'pause'>) {
  const loop = new TapLoop();
  const network = new Network(loop, { delayMs: 5 });
  open.push(
    () => loop.close(),
    () => network.close(),
  );
  const host = ADDRESSES.server.v4;
  const options = { drain: { grace: 2000, deadline: 20_000 } };
  const server: ChildServer = await childServer(guarded ? options : null, {
    host,
    within: (act) => network.within('server', act),
  });
  open.push(() => server.process.kill('SIGKILL'));
  const argument = JSON.stringify({ ...load, host, port: server.port, clients: 200, path: '/?delay=10' });
  const script = join(root, 'test/guard/fixtures/load.ts');
  const client = network.within('client', () =>
    spawn(process.execPath, ['--import', 'tsx', script, argument], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  open.push(() => client.kill('SIGKILL'));
  const lines = createInterface({ input: client.stdout });
  await once(lines, 'line');
  await new Promise((resolve) => setTimeout(resolve, 500));
  server.process.kill('SIGTERM');
  const [[runs], exit] = await Promise.all([once(lines, 'line'), server.exit]);
  const errors = (JSON.parse(runs) as ClientRun[]).flatMap((run) => run.errors);
  return { errors, exit, lines: server.lines.slice(1) };
}

describe.skipIf(!mayUnshare)('a server stopped in the middle of the load, at a round trip of 10 ms', () => {
  it('resets none of 200 clients that keep their connections', async () => {
    expect(await stopUnderLoad(true, { pause: 60 })).toEqual({ errors: [], exit: [0, null], lines: [] });
  }, 60_000);

  it('resets none of 200 clients that connect for every request', async () => {
    expect(await stopUnderLoad(true, { pause: 200, keepAlive: false })).toEqual({
      errors: [],
      exit: [0, null],
      lines: [],
    });
  }, 60_000);

  it('resets many without the guard', async () => {
    const { errors } = await stopUnderLoad(false, { pause: 60 });
    expect(errors.length).toBeGreaterThan(10);
  }, 60_000);
});
