/**
 * `npm run bench:guard`: the guard side by side with the clients that people use, in one run; writes
 * bench/guard/README.md. `--quick`: a short run, printed only. `--only race,hint`: some rows, printed
 * only; `--clients guard`: only clients whose name holds the word, printed only.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { enter, inside, rights } from '../../packages/whyreset/src/lab/machine.ts';
import { bundle, cache } from './bundle.ts';
import type { Bench, Programs } from './measure.ts';
import { Laboratory, loopback } from './place.ts';
import { type Section, verdict } from './report.ts';
import { deadBackend } from './rows/dead-backend.ts';
import { drain } from './rows/drain.ts';
import { executesThenResets } from './rows/executes-then-resets.ts';
import { falseProofs } from './rows/false-proofs.ts';
import { hint } from './rows/hint.ts';
import { race } from './rows/race.ts';
import { recovered } from './rows/recovered.ts';
import { restarts } from './rows/restarts.ts';
import { throughput } from './rows/throughput.ts';

const ROWS: Record<string, (bench: Bench) => Promise<Section>> = {
  race,
  resets: executesThenResets,
  proofs: falseProofs,
  recovered,
  dead: deadBackend,
  drain,
  restarts,
  throughput,
  hint,
};
const RTT_MS = 10;

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, clients: { type: 'string' } },
});
const chosen = options.only?.split(',') ?? Object.keys(ROWS);
const unknown = chosen.filter((name) => !(name in ROWS));
if (unknown.length > 0) {
  console.error(`bench:guard: no such row: ${unknown.join(', ')}; known: ${Object.keys(ROWS).join(', ')}`);
  process.exit(2);
}

const allowed = rights();
if (allowed.namespaces && inside() === null) process.exit(await enter(allowed.flags, process.argv.slice(2)));
if (!allowed.namespaces) console.error(`bench:guard: loopback only: ${allowed.why}`);

const goSource = join(root, 'bench/guard/client/load.go');
const go = () => {
  const program = join(cache, 'load-go');
  const { status } = spawnSync('go', ['build', '-o', program, goSource], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
  });
  return status === 0 ? program : null;
};

const programs: Programs = {
  ...(await bundle({
    server: 'bench/guard/server.ts',
    load: 'bench/guard/client/load.ts',
    throughput: 'bench/guard/client/throughput.ts',
    matrix: 'bench/guard/client/matrix.ts',
    drainServer: 'bench/guard/client/drain-server.ts',
    drainClient: 'bench/guard/client/drain-client.ts',
    restartingServer: 'bench/guard/client/restarting-server.ts',
  })),
  go: go(),
};

const laboratory = allowed.namespaces ? new Laboratory(RTT_MS) : null;
const began = new Date();
const loadBefore = loadavg()[0]!;
const sections: Section[] = [];
try {
  const bench: Bench = {
    programs,
    loopback: laboratory?.loopback ?? loopback,
    apart: laboratory?.apart ?? null,
    quick: options.quick ?? false,
    clients: options.clients ?? '',
    say: (line) => console.error(`  ${line}`),
  };
  for (const name of chosen) {
    console.error(name);
    try {
      sections.push(await ROWS[name]!(bench));
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      console.error(error);
      sections.push({
        title: name,
        text: `This row broke off: ${text}`,
        reached: [{ measure: name, target: '', reached: `broke off: ${text}`, ok: false }],
      });
    }
  }
} finally {
  await laboratory?.close();
}

const versionOf = (name: string) =>
  `${name} ${JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version}`;
const peers = ['undici-7', 'got', 'axios', 'axios-retry'].map(versionOf);
if (programs.go !== null)
  peers.push(execFileSync('go', ['version'], { encoding: 'utf8' }).trim().replace('go version ', ''));
const reached = sections.flatMap((section) => section.reached);
const report = `# The guard beside its peers

Written by \`npm run bench:guard\` on ${began.toISOString().slice(0, 10)}, in one run of ${Math.round((Date.now() - began.getTime()) / 60_000)} minutes: ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, Node ${process.versions.node}, load average ${loadBefore.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after.
Peers: ${peers.join(', ')}. Client and server are processes of their own; the path with a round trip of ${RTT_MS} ms is a pair of
network namespaces with a delay of ${RTT_MS / 2} ms each way between them. Every client retries as shipped.

| | measure | target | reached |
|---|---|---|---|
${reached.map(({ measure, target, reached, ok }) => `| ${verdict(ok)} | ${measure} | ${target} | ${reached} |`).join('\n')}

${sections.map(({ title, text }) => `## ${title}\n\n${text}`).join('\n\n')}
`;
if (!options.quick && options.only === undefined && options.clients === undefined)
  writeFileSync(join(root, 'bench/guard/README.md'), report);
console.log(report);
process.exit(reached.some(({ ok }) => ok === false) ? 1 : 0);
