/** Closed loops of POST by one guarded client over many origins; sends what memory it holds, after a collection, as it goes. */
import { GuardCore } from '@whyreset/guard';
import { type Client, type ContenderName, contenders } from './contenders.ts';

export interface SoakPlan {
  contender: string;
  port: number;
  requests: number;
  /** Requests between two looks. */
  every: number;
}

/** Bytes after a full collection. */
export interface SoakSample {
  requests: number;
  errors: number;
  heap: number;
  external: number;
  resident: number;
}

const LOOPS = 50;
/** So many origins take turns, more than a guard is told to remember. */
const ORIGINS = 500;
const REMEMBERED = 100;
/** Requests to one origin before the next has its turn. */
const TURN = 200;

const { contender, port, requests, every } = JSON.parse(process.argv[2]!) as SoakPlan;
const core = new GuardCore({ maxOrigins: REMEMBERED });
let began = 0;
let errors = 0;
let next = every;
let client: Client = open(0);

function open(origin: number): Client {
  const url = `http://127.0.${origin >> 7}.${1 + (origin & 127)}:${port}/`;
  return contenders[contender as ContenderName]({ url, method: 'POST', connections: LOOPS, core });
}

function sample(): void {
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external, rss } = process.memoryUsage();
  const found: SoakSample = { requests: began, errors, heap: heapUsed, external, resident: rss };
  process.send!(found);
}

/** What is in flight holds memory: a look waits for it to end. */
async function upTo(limit: number): Promise<void> {
  const loop = async () => {
    while (began < limit) {
      began += 1;
      if (began % TURN === 0) {
        const before = client;
        client = open((began / TURN) % ORIGINS);
        setTimeout(() => before.close(), 1000);
      }
      await client.send('same').catch(() => {
        errors += 1;
      });
    }
  };
  await Promise.all(Array.from({ length: LOOPS }, loop));
}

process.on('disconnect', () => process.exit());
process.send!('ready');
for (; began < requests; next += every) {
  await upTo(Math.min(next, requests));
  await new Promise((done) => setTimeout(done, 1500));
  sample();
}
process.send!('done');
