/** Clients with a connection each; told to stop, it sends how many had a request reset, and how many requests were answered. */
import { load } from '../../../test/guard/load.ts';

const { host, port, clients, pause } = JSON.parse(process.argv[2]!) as {
  host: string;
  port: number;
  clients: number;
  pause: number;
};
const running = load({ host, port, clients, pause });
process.on('message', async () => {
  running.stop();
  await running.done;
  process.send!({
    reset: running.runs.filter(({ errors }) => errors.length > 0).length,
    answered: running.runs.reduce((sum, { answered }) => sum + answered, 0),
  });
});
process.on('disconnect', () => process.exit());
process.send!('ready');
