/**
 * `npm run soak:guard`: a million requests by each kind of guarded client, one in a thousand executed and reset, over
 * more origins than the guard remembers. Fails when the heap goes on growing. `--requests N`: so many.
 */
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import type { SoakSample } from './client/soak.ts';
import { GUARDS, median } from './measure.ts';
import { loopback, start } from './place.ts';

/** Growth from the second quarter of the run to the last that counts as none: what code and caches still settle to. */
const FLAT_BYTES = 2 * 2 ** 20;
const SAMPLES = 20;

const { values } = parseArgs({ options: { requests: { type: 'string', default: '1000000' } } });
const requests = Number(values.requests);
if (!Number.isInteger(requests) || requests < SAMPLES) {
  console.error(
    `soak:guard: --requests must be a whole number of at least ${SAMPLES}, not ${values.requests}`,
  );
  process.exit(2);
}

const programs = await bundle({ server: 'bench/guard/server.ts', soak: 'bench/guard/client/soak.ts' });
const mega = (bytes: number) => (bytes / 2 ** 20).toFixed(1).padStart(7);
let failed = false;
for (const contender of GUARDS) {
  const options = { host: '0.0.0.0', idle: 500, resetShare: 0.001 };
  const [{ port }, server] = await start<{ port: number }>(loopback, 'server', programs.server, options);
  const plan = { contender, port, requests, every: Math.ceil(requests / SAMPLES) };
  const [, client] = await start(loopback, 'client', programs.soak, plan, ['--expose-gc']);
  console.log(`\n${contender}\n   requests   errors  heap MB  external MB  resident MB`);
  const heaps: number[] = [];
  for (;;) {
    const heard = await client.heard<SoakSample | 'done'>();
    if (heard === 'done') break;
    heaps.push(heard.heap + heard.external);
    console.log(
      `${String(heard.requests).padStart(11)} ${String(heard.errors).padStart(8)}  ${mega(heard.heap)}      ${mega(heard.external)}      ${mega(heard.resident)}`,
    );
  }
  await client.stop();
  await server.stop();
  const quarter = heaps.length >> 2;
  const growth = median(heaps.slice(-quarter)) - median(heaps.slice(quarter, 2 * quarter));
  const flat = growth <= FLAT_BYTES;
  failed ||= !flat;
  console.log(`${flat ? 'flat' : 'GROWING'}: ${mega(growth).trim()} MB from the second quarter to the last`);
}
process.exit(failed ? 1 : 0);
