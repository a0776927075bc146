/**
 * The load of the bench, a process of its own: workers that each keep one connection and pause from the end of one
 * answer to the next request. Plan as JSON in the first argument; prints the result as JSON.
 */
import { GuardCore, type OriginSnapshot, type ResetDetails } from '@whyreset/guard';
import { type Client, type ContenderName, contenders } from './contenders.ts';
import type { LoadPlan, LoadResult } from './plan.ts';

const plan = JSON.parse(process.argv[2]!) as LoadPlan;
const { url, method, workers, seconds, renewEvery, pauseMs, requests: least = 0 } = plan;
const [shortest, longest] = pauseMs;
const shared = new GuardCore();
const prefix = `${process.pid}-`;
const until = performance.now() + seconds * 1000;

const result: LoadResult = {
  requests: 0,
  errors: 0,
  codes: {},
  failed: [],
  recovered: 0,
  attempts: null,
  foundClosed: 0,
  proofs: 0,
  saidUnexecuted: [],
  guard: null,
  learned: null,
};
let began = 0;
/** Requests that had begun when the guard had seen its fifth close. */
let learnedAt: { began: number; connections: number } | null = null;
let errorsAfter = 0;

const open = (): Client =>
  contenders[plan.contender as ContenderName]({
    url,
    method,
    connections: 1,
    core: renewEvery ? new GuardCore() : shared,
  });
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
const pause = () => shortest + Math.random() * (longest - shortest);
const count = (stats: OriginSnapshot | undefined) => {
  result.recovered += stats?.recovered ?? 0;
  result.foundClosed += stats?.foundClosed ?? 0;
  if (!stats) return;
  result.attempts = (result.attempts ?? 0) + stats.attempts;
  const { P0, P1, 'P1+': tls, P2, P4, P5 } = stats.grades;
  result.proofs += P0 + P1 + tls + P2 + P4 + P5;
};

async function work(): Promise<void> {
  await sleep(Math.random() * longest);
  let client = open();
  for (let own = 1; performance.now() < until || began < least; own++) {
    const number = ++began;
    const id = `${prefix}${number}`;
    try {
      await client.send(id);
    } catch (error) {
      result.errors += 1;
      result.failed.push(id);
      if ((error as { whyreset?: ResetDetails }).whyreset?.delivered === 'no') result.saidUnexecuted.push(id);
      const code = String((error as NodeJS.ErrnoException).code ?? (error as Error).message);
      result.codes[code] = (result.codes[code] ?? 0) + 1;
      if (learnedAt !== null && number > learnedAt.began) errorsAfter += 1;
    }
    result.requests += 1;
    if (renewEvery && own % renewEvery === 0) {
      count(client.stats?.());
      client.close();
      client = open();
    }
    await sleep(pause());
  }
  if (renewEvery) count(client.stats?.());
  client.close();
}

const LEARNED = 5;
const guarded = !renewEvery && plan.contender.startsWith('guard');
const watch = setInterval(() => {
  const stats = guarded ? shared.stats()[0] : undefined;
  if (learnedAt === null && stats && stats.observedCloses >= LEARNED)
    learnedAt = { began, connections: stats.connections };
}, 10);
await Promise.all(Array.from({ length: workers }, work));
clearInterval(watch);
if (guarded) {
  const [stats] = shared.stats();
  count(stats);
  if (stats)
    result.guard = `limit ${stats.learnedIdleMs?.toFixed(0)} ms, round trip ${stats.roundTripMs.toFixed(1)} ms, loop late by ${shared.loopDelayMs(shared.now()).toFixed(1)} ms, ${stats.avoided} avoided, ${stats.idleCloses} idle closes, ${stats.retries} retries`;
  const mark = learnedAt as { began: number; connections: number } | null;
  if (mark !== null && stats)
    result.learned = {
      after: mark.began,
      requests: began - mark.began,
      errors: errorsAfter,
      connections: stats.connections - mark.connections,
    };
}
process.stdout.write(JSON.stringify(result), () => process.exit());
