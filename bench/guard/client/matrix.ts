/**
 * Ends connections under POSTs in every way, by every guarded client, and looks for proofs that were wrong: the guard
 * said "not executed", and the server had executed. Plan as JSON in the first argument; prints {@link MatrixResult}.
 */
import { Readable } from 'node:stream';
import type { DecisionEvent } from '@whyreset/guard';
import { clients } from '../../../test/guard/helpers/clients.ts';
import type { Ending } from '../../../test/guard/helpers/endings.ts';

export interface MatrixPlan {
  /** Scheme, host and port. */
  base: string;
  endings: Record<string, Ending>;
  rounds: number;
  /** Most milliseconds that a pause is longer or shorter than planned, so that the ends meet at every moment. */
  spreadMs: number;
  peerMayProcessAfterHalfClose: boolean;
}

/** A POST as the client saw it; the server's counts are added by who started both. */
export interface Meeting {
  id: string;
  ending: string;
  client: string;
  answered: boolean;
  /** Failed attempts that were said to be unexecuted, and those about which nothing was said. */
  proven: number;
  unproven: number;
}

export interface MatrixResult {
  meetings: Meeting[];
  /** Origins that were found to act on requests after their own FIN, of all clients. */
  marked: number;
  clients: number;
}

const plan = JSON.parse(process.argv[2]!) as MatrixPlan;
const BODIES = {
  small: () => 'hello',
  'several segments': () => Buffer.alloc(200_000, 'x'),
  stream: () => Readable.from([Buffer.alloc(20_000, 'a'), Buffer.alloc(20_000, 'b')]),
};
/** Milliseconds before the POST in which the client sees nothing of what its socket says. */
const BLIND_MS = 20;

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const result: MatrixResult = { meetings: [], marked: 0, clients: 0 };
for (const [name, make] of Object.entries(clients)) {
  if (name === 'fetch' && plan.base.startsWith('https:')) continue; // fetch accepts no certificate of ours
  for (const [title, ending] of Object.entries(plan.endings)) {
    for (const [kind, body] of Object.entries(BODIES)) {
      const seen: DecisionEvent[] = [];
      const { peerMayProcessAfterHalfClose } = plan;
      for (let round = 0; round < plan.rounds; round++) {
        // A new one each time: what a guard has learned it avoids, and what it avoids needs no proof.
        const client = await make({
          peerMayProcessAfterHalfClose,
          onDecision: (event) => void seen.push(event),
        });
        const id = `${process.pid}-${name}-${title}-${kind}-${round}`.replaceAll(/[^\w-]/g, '_');
        await client.send(plan.base, 'GET', {
          'x-id': `${id}-warm`,
          ...(ending.after && { 'x-then': ending.after }),
        });
        await sleep(Math.max(0, ending.pause - BLIND_MS + (Math.random() * 2 - 1) * plan.spreadMs));
        busy(BLIND_MS);
        seen.length = 0;
        const answered = await client
          .send(plan.base, 'POST', { 'x-id': id, ...(ending.act && { 'x-do': ending.act }) }, body())
          .then(
            () => true,
            () => false,
          );
        const proven = seen.filter(({ decision }) => decision.delivered === 'no').length;
        result.meetings.push({
          id,
          ending: title,
          client: name,
          answered,
          proven,
          unproven: seen.length - proven,
        });
        // A late acknowledgement is waited for as long as a receiver may sit on it.
        if (title.startsWith('half-closed')) await sleep(350);
        result.clients += 1;
        if (client.core.stats().some(({ processesAfterHalfClose }) => processesAfterHalfClose))
          result.marked += 1;
        await client.close();
      }
    }
  }
}
process.stdout.write(JSON.stringify(result), () => process.exit());
