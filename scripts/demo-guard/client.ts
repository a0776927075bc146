/** The customers of the demo: bursts of orders over undici, in one of three ways. Sends its counts as it goes. */
import { guard, type ResetDetails } from '@whyreset/guard';
import { Agent, type Dispatcher, RetryAgent, request } from 'undici-7';

export type Way = 'undici' | 'retrying' | 'guarded';

export interface ClientCounts {
  sent: number;
  errors: number;
  /** Errors that say whether the order was executed. */
  explained: number;
  example: string | null;
}

const { url, way, seconds } = JSON.parse(process.argv[2]!) as { url: string; way: Way; seconds: number };
const BURST = 50;
/** The second is about when the server closes idle connections. */
const GAPS_MS = [600, 1497];
const SPREAD_MS = 8;

const ways: Record<Way, () => Dispatcher> = {
  undici: () => new Agent(),
  retrying: () => new RetryAgent(new Agent(), { methods: ['GET', 'PUT', 'DELETE', 'POST'] }),
  guarded: () => new Agent(guard.agentOptions).compose(guard() as never),
};
const dispatcher = ways[way]();
const counts: ClientCounts = { sent: 0, errors: 0, explained: 0, example: null };

async function order(): Promise<void> {
  const id = ++counts.sent;
  try {
    const answer = await request(`${url}/orders/${id}`, { dispatcher, method: 'POST', body: '{}' });
    await answer.body.dump();
  } catch (error) {
    counts.errors += 1;
    const { whyreset } = error as { whyreset?: ResetDetails };
    if (whyreset === undefined) counts.example ??= (error as Error).message;
    else {
      counts.explained += 1;
      counts.example ??= whyreset.cause;
    }
  }
}

const until = performance.now() + seconds * 1000;
const tell = setInterval(() => process.send!({ ...counts, done: false }), 250);
for (let burst = 0; performance.now() < until; burst++) {
  await Promise.all(Array.from({ length: BURST }, order));
  const gap = GAPS_MS[burst % GAPS_MS.length]! + Math.random() * SPREAD_MS;
  await new Promise((done) => setTimeout(done, gap));
}
clearInterval(tell);
process.send!({ ...counts, done: true }, () => process.exit());
