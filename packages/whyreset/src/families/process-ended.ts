import { ask, defineFamily } from './define.ts';

export default defineFamily({
  id: 'process-ended',
  title: 'The process or its listener went away',
  benign: false,
  brings: ['no-listener'],
  sharedBy: 'server',
  statement: () => 'The process or its listener went away',
  headline: () => 'The process or its listener went away',
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'process-died',
      not: 'listener-closed-with-queue',
      by: 'the program had accepted this connection: it had sent bytes, or closed with a FIN',
      ask: ask.state('server', 'the stop time and exit status of the server process'),
    },
    {
      is: 'process-died',
      not: 'unread-data-at-close',
      by: 'nobody listens afterwards, and other connections end in the same instant',
      ask: ask.state('server', 'the stop time and exit status of the server process'),
    },
    {
      is: 'process-died',
      not: 'abort-by-linger-zero',
      by: 'nobody listens afterwards',
      ask: ask.state('server', 'the exit status of the server process'),
    },
    {
      is: 'process-died',
      not: 'administrative-kill',
      by: 'nobody listens afterwards',
      ask: ask.state('server', 'the exit status of the server process'),
    },
    {
      is: 'process-died',
      not: 'policy-reset',
      by: 'other connections end in the same moment, or the port refuses right after',
      ask: ask.state('server', 'the stop time and exit status of the server process'),
    },
    {
      is: 'process-died',
      not: 'worker-killed',
      by: 'nobody listens afterwards, or the age of the request is like no other’s',
      ask: ask.log(
        'server',
        'the supervisor’s log at that second: WORKER TIMEOUT, harakiri, terminating, signal 9',
      ),
    },
    {
      is: 'listener-closed-with-queue',
      not: 'unread-data-at-close',
      by: 'several connections end at once, or the port refuses right after',
      ask: ask.counters('sender', 'TCPAbortOnClose'),
    },
    {
      is: 'listener-closed-with-queue',
      not: 'abort-by-linger-zero',
      by: 'several connections end at once, or the port refuses right after',
      ask: ask.counters('sender', 'TCPAbortOnData'),
    },
    {
      is: 'listener-closed-with-queue',
      not: 'proxy-protocol-mismatch',
      by: 'several connections end in one moment; before and after it others are served',
      ask: ask.state('server', 'the start and stop times of the service from its supervisor'),
    },
    {
      is: 'listener-closed-with-queue',
      not: 'policy-reset',
      by: 'several connections end in one moment, whatever they asked for',
      ask: ask.state('server', 'the start and stop times of the service from its supervisor'),
    },
  ],
});
