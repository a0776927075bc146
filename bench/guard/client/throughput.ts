/** 50 closed loops of POST over one client, in slices that are asked for: `{ ms }` → requests, seconds of CPU. */
import { GuardCore } from '@whyreset/guard';
import { type ContenderName, contenders } from './contenders.ts';

const LOOPS = 50;
const { url, contender } = JSON.parse(process.argv[2]!) as { url: string; contender: string };
const client = contenders[contender as ContenderName]({
  url,
  method: 'POST',
  connections: LOOPS,
  core: new GuardCore(),
});

async function slice(ms: number) {
  let requests = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  const until = began + ms;
  const loop = async () => {
    while (performance.now() < until) {
      await client.send('same');
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: LOOPS }, loop));
  const { user, system } = process.cpuUsage(cpu);
  return { requests, seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

process.on('message', async ({ ms }: { ms: number }) => process.send!(await slice(ms)));
process.on('disconnect', () => process.exit());
process.send!('ready');
