import { type Bench, median } from '../measure.ts';
import { type Child, start } from '../place.ts';
import { number, type Reached, type Section, table } from '../report.ts';

const TARGET = 0.97;
/** Each guard beside what it is composed onto. */
const PAIRS = [
  ['undici.request', 'guard, undici'],
  ['http.Agent keepAlive', 'guard, http.Agent'],
] as const;

interface Slice {
  requests: number;
  seconds: number;
  cpuSeconds: number;
}

/** The success path: closed loops, in short slices that alternate, so that what else the machine does hits both. */
export async function throughput(bench: Bench): Promise<Section> {
  const ms = 1000;
  const rounds = bench.quick ? 5 : 25;
  const rows: string[][] = [];
  const reached: Reached[] = [];
  for (const pair of PAIRS) {
    const place = bench.loopback;
    const [{ port }, server] = await start<{ port: number }>(place, 'server', bench.programs.server, {
      host: place.host,
    });
    const url = `http://${place.host}:${port}/`;
    const sides: { name: string; child: Child; slices: Slice[] }[] = [];
    for (const name of pair) {
      const [, child] = await start(place, 'client', bench.programs.throughput, { url, contender: name });
      await child.ask({ ms: 2000 });
      sides.push({ name, child, slices: [] });
    }
    const [bare, guarded] = sides as [(typeof sides)[0], (typeof sides)[0]];
    for (let round = 0; round < rounds; round++)
      for (const side of round % 2 === 0 ? [bare, guarded] : [guarded, bare])
        side.slices.push(await side.child.ask<Slice>({ ms }));
    for (const { child } of sides) await child.stop();
    await server.stop();

    const rate = (slice: Slice) => slice.requests / slice.seconds;
    const cpu = (slice: Slice) => (slice.cpuSeconds / slice.requests) * 1e6;
    // Of neighbouring slices, so that a slow minute of the machine cancels out.
    const ratio = median(guarded.slices.map((slice, at) => rate(slice) / rate(bare.slices[at]!)));
    for (const { name, slices } of sides)
      rows.push([place.name, name, number(median(slices.map(rate))), number(median(slices.map(cpu)), 1)]);
    bench.say(`${guarded.name} against ${bare.name}: ${ratio.toFixed(3)}`);
    reached.push({
      measure: `success path (${guarded.name}): throughput against ${bare.name}`,
      target: `≥ ${TARGET}`,
      reached: number(ratio, 3),
      ok: ratio >= TARGET,
    });
  }
  return {
    title: 'The success path',
    text: `50 closed loops of POST, loopback; ${rounds} pairs of slices of ${ms / 1000} s, one after the other in turns. The ratio is the median over the pairs.\n\n${table(['path', 'client', 'requests per second (median)', 'µs of CPU per request'], rows)}`,
    reached,
  };
}
