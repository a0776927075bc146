/**
 * `npm run chaos:guard`: the chaos of chaos.test.ts with everything varied: POST and PUT, faults that strike once, twice
 * and always, fresh and used connections, with and without the kernel’s view, clear and over TLS. `--rounds N`: so often.
 */
import { parseArgs } from 'node:util';
import { selfSigned } from '../helpers/certificate.ts';
import { cells, type Variation } from './cells.ts';
import { complaints, encounters, startChaosServer } from './chaos.ts';
import { chaosClients } from './clients.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '1' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`chaos:guard: --rounds must be a whole number of at least 1, not ${values.rounds}`);
  process.exit(2);
}

const variations: Variation[] = [];
for (const kernel of ['auto', 'none'] as const)
  for (const method of ['POST', 'PUT'] as const)
    for (const times of [1, 2, 1000])
      for (const reused of [true, false]) variations.push({ kernel, method, times, reused });

const certificate = selfSigned();
const wrong: string[] = [];
let met = 0;
let salt = 0;
try {
  for (let round = 1; round <= rounds; round++)
    for (const secure of [null, certificate]) {
      // fetch accepts no certificate that nobody vouches for.
      const names = Object.keys(chaosClients).filter((name) => secure === null || name !== 'fetch');
      const server = await startChaosServer(secure);
      for (const variation of variations) {
        const all = await encounters(server, cells(names, variation, ++salt));
        const found = all.flatMap(complaints);
        met += all.length;
        wrong.push(...found);
        const { kernel, method, times, reused } = variation;
        console.log(
          `${server.scheme} ${method}, ${times} times, ${reused ? 'used' : 'fresh'} connections, kernel ${kernel}: ${all.length} encounters, ${all.filter(({ text }) => text !== null).length} answered, ${found.length} complaints`,
        );
        for (const complaint of found.slice(0, 20)) console.log(`    ${complaint}`);
      }
      await server.stop();
    }
} finally {
  certificate.remove();
}
console.log(`${met} encounters, ${wrong.length} complaints`);
process.exit(wrong.length > 0 ? 1 : 0);
