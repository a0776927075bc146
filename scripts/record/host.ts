/**
 * Records what a host itself knows of a reset, beside the packets: kernel trace, counters before and after,
 * a program's log. Writes test/host/<name>.{pcap,trace,before,after,log}; npx tsx scripts/record/host.ts [name…]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { address, Lab, privateDirectory } from './lab.ts';
import type { Puppet } from './puppet.ts';
import { hireJanitor, prefix, sweep } from './spaces.ts';

const directory = fileURLToPath(new URL('../../test/host/', import.meta.url));
/** A port that no other recording uses: the trace sees the whole machine and is cut to it. */
const PORT = 8317;
const filter = `tcp port ${PORT}`;
const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Both reset events of the whole machine, with the kernel stack of each one sent. */
class Trace {
  readonly #mount: string;
  readonly #instance: string;

  constructor(lab: Lab) {
    this.#mount = join(lab.directory, 'host-tracing');
    mkdirSync(this.#mount);
    execFileSync('mount', ['-t', 'tracefs', 'none', this.#mount]);
    this.#instance = join(this.#mount, 'instances', `${prefix}-host-${process.pid}`);
    mkdirSync(this.#instance);
    for (const event of ['tcp_send_reset', 'tcp_receive_reset']) {
      const folder = join(this.#instance, 'events/tcp', event);
      if (event === 'tcp_send_reset') writeFileSync(join(folder, 'trigger'), 'stacktrace');
      writeFileSync(join(folder, 'enable'), '1');
    }
  }

  /** The lines of our port, with the stacks that follow them. */
  read(): string {
    const kept: string[] = [];
    let ours = true;
    for (const line of readFileSync(join(this.#instance, 'trace'), 'utf8').split('\n')) {
      if (/tcp_(?:send|receive)_reset:/.test(line)) ours = new RegExp(`[:=]${PORT}\\b`).test(line);
      else if (line.startsWith('#')) ours = true;
      if (ours) kept.push(line);
    }
    return kept.join('\n');
  }

  close(): void {
    if (existsSync(this.#instance)) {
      for (const event of ['tcp_send_reset', 'tcp_receive_reset'])
        writeFileSync(join(this.#instance, 'events/tcp', event, 'enable'), '0');
      writeFileSync(join(this.#instance, 'events/tcp/tcp_send_reset/trigger'), '!stacktrace');
      rmdirSync(this.#instance);
    }
    spawnSync('umount', [this.#mount]);
  }
}

interface Scene {
  lab: Lab;
  client: Puppet;
  server: Puppet;
}

interface Recording {
  name: string;
  at?: 'client' | 'server';
  counters?: 'nstat' | 'json' | 'proc';
  act(scene: Scene): Promise<{ log?: string } | undefined>;
}

/** A connection with one answered request, which then stands idle. */
async function exchange({ client, server }: Scene, as: string): Promise<number> {
  const { port } = await client.do('connect', { as, host: address.server, port: PORT });
  await server.do('accept', { as });
  await client.do('send', { on: as, text: request });
  await server.do('recv', { on: as });
  await server.do('send', { on: as, text: answer });
  await client.do('recv', { on: as });
  return port as number;
}

async function closeUnread(scene: Scene, as: string): Promise<void> {
  await exchange(scene, as);
  await scene.client.do('send', { on: as, text: request });
  await scene.server.do('unread', { on: as, atLeast: request.length });
  await scene.server.do('close', { on: as });
  await scene.client.do('closed', { on: as });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const recordings: Recording[] = [
  {
    name: 'close-unread',
    counters: 'nstat',
    async act(scene) {
      await closeUnread(scene, 'a');
      return undefined;
    },
  },
  {
    name: 'linger-zero',
    counters: 'json',
    async act(scene) {
      await exchange(scene, 'a');
      await scene.client.do('send', { on: 'a', text: request });
      await scene.server.do('recv', { on: 'a' });
      await scene.server.do('linger', { on: 'a' });
      await scene.server.do('close', { on: 'a' });
      await scene.client.do('closed', { on: 'a' });
      return undefined;
    },
  },
  {
    name: 'ss-kill',
    counters: 'proc',
    async act(scene) {
      const port = await exchange(scene, 'a');
      await pause(300);
      scene.lab.command('server', 'ss', '-K', 'dst', address.client, 'dport', '=', `:${port}`);
      await scene.client.do('closed', { on: 'a' });
      return undefined;
    },
  },
  {
    name: 'forgotten',
    async act(scene) {
      await exchange(scene, 'a');
      await scene.lab.loseServer(scene.server.program);
      await scene.lab.connectServer();
      const reborn = scene.lab.puppet('server');
      await reborn.do('listen', { as: 'l', host: address.server, port: PORT });
      await scene.client.do('send', { on: 'a', text: request });
      await scene.client.do('closed', { on: 'a' });
      return undefined;
    },
  },
  {
    name: 'host-silence',
    at: 'server',
    counters: 'proc',
    async act(scene) {
      const { lab, client } = scene;
      await closeUnread(scene, 'a');
      const port = await exchange(scene, 'b');
      lab.nft(
        'server',
        `table ip f { chain c { type filter hook input priority 0; tcp sport ${port} tcp dport ${PORT} reject with tcp reset; }; }`,
      );
      await client.do('send', { on: 'b', text: request });
      await client.do('closed', { on: 'b' });
      await closeUnread(scene, 'c');
      return undefined;
    },
  },
  {
    name: 'nginx-upstream',
    async act({ lab, server }) {
      const folder = privateDirectory(lab, 'nginx');
      writeFileSync(
        join(folder, 'nginx.conf'),
        `pid ${folder}/pid; error_log ${folder}/error.log; daemon off; master_process off; user root;
events {} http { access_log off; client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
server { listen 127.0.0.1:8080; location / { proxy_pass http://${address.server}:${PORT}; } } }`,
      );
      const nginx = lab.run('client', 'nginx', '-p', folder, '-c', join(folder, 'nginx.conf'));
      while (!existsSync(join(folder, 'pid'))) await pause(20);
      await pause(200);
      const curl = lab.run('client', 'curl', '-sS', '-o', '/dev/null', 'http://127.0.0.1:8080/orders');
      await server.do('accept', { as: 'a' });
      await server.do('unread', { on: 'a', atLeast: 20 });
      await server.do('close', { on: 'a' });
      await curl.ended;
      nginx.signal('SIGQUIT');
      await nginx.ended;
      return { log: readFileSync(join(folder, 'error.log'), 'utf8') };
    },
  },
];

function counters(lab: Lab, kind: NonNullable<Recording['counters']>): string {
  if (kind === 'nstat') return lab.command('server', 'nstat', '-asz');
  if (kind === 'json') return lab.command('server', 'nstat', '-asz', '--json');
  return lab.command('server', 'cat', '/proc/net/netstat', '/proc/net/snmp');
}

const wanted = process.argv.slice(2);
if (process.getuid?.() !== 0) {
  console.error('recording needs root: it makes network namespaces');
  process.exit(2);
}
process.on('exit', () => {
  for (const lab of Lab.all) lab.close();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
sweep();
hireJanitor();
mkdirSync(directory, { recursive: true });
for (const { name, at = 'client', counters: kind, act } of recordings) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const lab = await Lab.open();
  const trace = new Trace(lab);
  try {
    const capture = await lab.capture(at, { filter });
    const server = lab.puppet('server');
    await server.do('listen', { as: 'l', host: address.server, port: PORT });
    const scene = { lab, client: lab.puppet('client'), server };
    const before = kind === undefined ? null : counters(lab, kind);
    const said = await act(scene);
    const after = kind === undefined ? null : counters(lab, kind);
    await capture.stop();
    const path = (suffix: string) => join(directory, `${name}.${suffix}`);
    copyFileSync(capture.file, path('pcap'));
    writeFileSync(path('trace'), trace.read());
    if (before !== null) writeFileSync(path('before'), before);
    if (after !== null) writeFileSync(path('after'), after);
    if (said?.log !== undefined) writeFileSync(path('log'), said.log);
    console.log(
      `${name}\n${capture
        .read()
        .map((line) => `  ${line.slice(0, 150)}`)
        .join('\n')}`,
    );
  } finally {
    trace.close();
    lab.close();
  }
}
