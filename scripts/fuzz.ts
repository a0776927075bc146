/**
 * `npm run fuzz [-- --runs N --seed N]`: mutated captures and texts through the
 * whole tool. Every run is a function of the seed and its number, so a failure
 * is repeated by `--seed S --only N`. The offending input is kept in
 * test/fuzz/corpus, which the tests run ever after.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { diagnose, explain, NotACaptureError } from '../packages/whyreset/src/index.ts';
import { renderText } from '../packages/whyreset/src/report/text.ts';
import { fuzzHostFiles, fuzzRewriting } from './fuzz-host.ts';
import { dice, mutate } from './mutate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const corpus = join(root, 'test/fuzz/corpus');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);

/** Slower than this on a small input is a hang in the making; generous, because machines are shared. */
const SLOWEST_MS = 1000;
/** Growth of the process beyond which something is kept that should not be. */
const MOST_BYTES = 1.5e9;
/** Larger captures only slow the runs down; their beginnings are just as good to mutate. */
const LARGEST = 16_384;

function seeds(folder: string, suffix: RegExp): Uint8Array[] {
  return readdirSync(folder)
    .filter((name) => suffix.test(name))
    .sort()
    .map((name) => new Uint8Array(readFileSync(join(folder, name))).slice(0, LARGEST));
}

const captures = [...seeds(join(root, 'test/captures'), /\.pcap(ng)?$/), ...seeds(corpus, /\.bin$/)];
const hostFiles = seeds(join(root, 'test/host'), /\.(?:trace|before|after|log)$/);
/** Packets as text, as tools print and people paste them. */
const listings = [
  ...seeds(join(root, 'test/listings'), /\.txt$/),
  ...seeds(join(root, 'test/listings/pasted'), /\.txt$/),
];
const hostCapture = new Uint8Array(readFileSync(join(root, 'test/host/host-silence.pcap')));
const texts = [
  'read ECONNRESET',
  '[cause]: Error: other side closed',
  'curl: (56) Recv failure: Connection reset by peer',
];

function once(run: number): void {
  const random = dice(seed * 1_000_003 + run);
  if (run % 20 === 0) {
    const text = texts[Math.floor(random() * texts.length)]!;
    explain(
      new TextDecoder('latin1').decode(
        mutate(
          new TextEncoder().encode(text),
          texts.map((t) => new TextEncoder().encode(t)),
          random,
        ),
      ),
    );
    return;
  }
  if (run % 20 === 1) {
    const [one, other] = [0, 1].map(() => hostFiles[Math.floor(random() * hostFiles.length)]!);
    const damaged = mutate(one!, hostFiles, random);
    attempt(run, damaged, () => fuzzHostFiles(hostCapture, damaged, other!, 1 + Math.floor(random() * 5000)));
    return;
  }
  const pool = run % 20 < 8 ? listings : captures;
  const start = pool[Math.floor(random() * pool.length)]!;
  const bytes = mutate(start, pool, random);
  if (run % 20 === 8) {
    attempt(run, bytes, () => fuzzRewriting(bytes, 1 + Math.floor(random() * 5000)));
    return;
  }
  const began = performance.now();
  try {
    const result = diagnose(bytes);
    renderText(result, { width: 80, colour: false, explain: false });
  } catch (error) {
    if (!(error instanceof NotACaptureError)) fail(run, bytes, error);
  }
  const took = performance.now() - began;
  if (took > SLOWEST_MS) {
    // Once more, alone: a busy machine is not a hang.
    const again = performance.now();
    try {
      diagnose(bytes);
    } catch {}
    if (performance.now() - again > SLOWEST_MS) fail(run, bytes, new Error(`took ${Math.round(took)} ms`));
  }
}

/** Runs it twice when it was slow: a busy machine is not a hang. */
function attempt(run: number, bytes: Uint8Array, action: () => void): void {
  for (let turn = 0; turn < 2; turn++) {
    const began = performance.now();
    try {
      action();
    } catch (error) {
      fail(run, bytes, error);
    }
    const took = performance.now() - began;
    if (took <= SLOWEST_MS) return;
    if (turn === 1) fail(run, bytes, new Error(`took ${Math.round(took)} ms`));
  }
}

function fail(run: number, bytes: Uint8Array, error: unknown): never {
  mkdirSync(corpus, { recursive: true });
  const path = join(corpus, `seed-${seed}-run-${run}.bin`);
  writeFileSync(path, bytes);
  console.error(`Run ${run} of seed ${seed} failed; the input is kept as ${path}`);
  console.error(error);
  process.exit(1);
}

if (values.only !== undefined) once(Number(values.only));
else {
  let largest = 0;
  for (let run = 0; run < runs; run++) {
    once(run);
    if (run % 1000 === 0) {
      largest = Math.max(largest, process.memoryUsage().rss);
      if (largest > MOST_BYTES)
        fail(run, new Uint8Array(0), new Error(`the process grew to ${largest} bytes`));
    }
  }
  console.log(
    `${runs} mutated inputs: none crashed, hung or outgrew its bound (peak ${Math.round(largest / 1e6)} MB).`,
  );
}
