import { thousands } from '../evidence/packets.ts';
import { ask, defineFamily, type Trouble } from './define.ts';
import { adviseUnanswered, describeEnd, measureEnd } from './unanswered.ts';
import { rangeText } from './words.ts';

const EXIT = ask.state(
  'server',
  'the stop time and exit status of the server process (its supervisor, dmesg)',
);
const SUPERVISOR = ask.log(
  'server',
  'the line of the supervisor at that second (WORKER TIMEOUT, harakiri, terminating, signal 9)',
);

function headline({ servers, measures, cause, count }: Trouble): string {
  const [server = 'the server'] = servers;
  const where = servers.length > 1 ? `${servers.length} servers` : server;
  const wait = measures.wait === undefined ? '' : `, ${rangeText(measures.wait)} after the request`;
  const refuses = measures.refused === undefined ? '' : ', and the port refuses connections afterwards';
  if (cause === 'listener-closed-with-queue')
    return `The listener of ${where} ended while ${count === 1 ? 'a connection' : 'connections'} waited to be accepted${refuses}`;
  const what = measures.refused === undefined ? 'process, or a worker of it,' : 'process';
  return `The ${what} that served ${where} ended with requests unanswered${wait}${refuses}`;
}

export default defineFamily({
  id: 'process-ended',
  title: 'The server process or its listener ended',
  benign: false,
  brings: ['no-listener'],
  sharedBy: 'server',
  byMoment: true,
  statement: describeEnd,
  headline,
  measure: measureEnd,
  advice(trouble) {
    const { count, measures } = trouble;
    // One connection alone may as well have met an exception, a limit or an operator.
    if (count === 1 && measures.refused === undefined) return adviseUnanswered(trouble);
    return [
      {
        who: 'server',
        do: `Find out how the process ended at that moment${count > 1 ? ` (${thousands(count)} connections)` : ''}: dmesg for oom-kill, exit status 137 (SIGKILL) or 139 (segmentation fault), restarts of the pod, an uncaught exception in its log`,
      },
      {
        who: 'server',
        do: 'If it was a deployment, drain first: fail the health check, finish what runs, then exit (Kubernetes preStop and terminationGracePeriodSeconds, systemd TimeoutStopSec)',
      },
      {
        who: 'client',
        do: 'Repeat only what is idempotent or carries an Idempotency-Key, with growing delay',
      },
    ];
  },
  context: [],
  tells: [
    {
      is: 'process-died',
      not: 'listener-closed-with-queue',
      by: 'the program had accepted this connection: it had sent bytes, closed with a FIN, or read some of it',
      ask: EXIT,
    },
    {
      is: 'process-died',
      not: 'policy-reset',
      by: 'other connections end in the same moment, or the port refuses right after',
      ask: EXIT,
    },
    {
      is: 'process-died',
      not: 'server-timeout-on-slow-client',
      by: 'the request was complete',
      ask: SUPERVISOR,
    },
    {
      is: 'listener-closed-with-queue',
      not: 'proxy-protocol-mismatch',
      by: 'several connections end in one moment; before and after it others are served',
      ask: EXIT,
    },
    {
      is: 'listener-closed-with-queue',
      not: 'policy-reset',
      by: 'several connections end in one moment, whatever they asked for',
      ask: EXIT,
    },
  ],
});
