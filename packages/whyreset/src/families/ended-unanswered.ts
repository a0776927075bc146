import type { AdviceLine } from '../causes/advice.ts';
import type { Citation, KnownFacts } from '../causes/define.ts';
import { eventIn } from '../evidence/around/neighbours.ts';
import { accepts, refuses } from '../evidence/around/next-attempts.ts';
import { matchesOf, named } from '../evidence/exchange/known-timeout.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { LONG_WORK, MANY } from '../evidence/thresholds.ts';
import { ask, type ContextRule, defineFamily, type Trouble } from './define.ts';
import { adviseUnanswered, describeEnd, measureEnd } from './unanswered.ts';
import { nameServers, rangeText } from './words.ts';

/** Causes by which a program closed or ended: its kernel then empties the receive queue. */
const CLOSED = ['unread-data-at-close', 'process-died', 'worker-killed', 'keep-alive-race-unread'];
/** Causes by which no program closed the socket. */
const FROM_OUTSIDE = ['listener-closed-with-queue', 'administrative-kill', 'tcp-memory-exhausted'];

/** An observation on the packets of an unanswered request, or on those of the end. */
const rule = (
  of: (facts: KnownFacts) => Citation | null,
  favours: readonly string[],
  disfavours: readonly string[] = [],
): ContextRule => ({ of, favours, disfavours });

const endOf = (exchange: KnownFacts['exchange']): number[] =>
  exchange === null || exchange.end === null ? [] : [exchange.end.number];

const context: readonly ContextRule[] = [
  rule(
    ({ resetWindow: w }) =>
      w?.change !== 'reopened'
        ? null
        : {
            fact: 'resetWindow',
            says: `the window of the RST is ${thousands(w.after)}, after ${thousands(w.before)} in the packet before: the receive queue was emptied, as the close or end of a program does`,
            packets: [w.last.number],
          },
    CLOSED,
    FROM_OUTSIDE,
  ),
  rule(
    ({ resetWindow: w }) =>
      w?.change !== 'unchanged'
        ? null
        : {
            fact: 'resetWindow',
            says: `the window of the RST is still ${thousands(w.before)}: the receive queue was not emptied, so no program closed the socket`,
            packets: [w.last.number],
          },
    FROM_OUTSIDE,
    CLOSED,
  ),
  rule(
    ({ abort: a, neighbours: n }) =>
      a?.side !== 'responder' ||
      a.owed !== 'answer' ||
      !a.prompt ||
      a.wait === null ||
      (n?.sameInstant ?? 1) >= MANY
        ? null
        : {
            fact: 'abort',
            says: `it came ${seconds(a.wait)} after the request: sooner than a time limit or a crash under way`,
            packets: a.packets,
          },
    ['unread-data-at-close', 'abort-by-linger-zero'],
  ),
  rule(
    ({ unansweredRequest: u }) =>
      u === null || u.wait < LONG_WORK
        ? null
        : {
            fact: 'unansweredRequest',
            says: `the server had the request for ${seconds(u.wait)}: later than a server refuses one`,
            packets: [u.request, u.end.number],
          },
    ['process-died', 'worker-killed'],
  ),
  rule(
    ({ neighbours: n, unansweredRequest: u }) =>
      u === null || n === null || n.sameAge < 2 || u.age < LONG_WORK
        ? null
        : {
            fact: 'neighbours',
            says: `${n.sameAge} requests that began at different times were cut off at the same age`,
            packets: [u.end.number],
          },
    ['worker-killed'],
    ['process-died'],
  ),
  rule(
    ({ unansweredRequest: u }) =>
      u === null || u.limits.length === 0
        ? null
        : {
            fact: 'unansweredRequest',
            says: `${seconds(u.age)} is a known limit of ${named(u.limits)}`,
            packets: [u.end.number],
          },
    ['worker-killed'],
  ),
  rule(
    ({ nextAttempts: n, exchange }) =>
      n === null || !refuses(n) ? null : { fact: 'nextAttempts', says: n.says, packets: endOf(exchange) },
    ['process-died', 'listener-closed-with-queue'],
    ['worker-killed', 'administrative-kill', 'abort-by-linger-zero'],
  ),
  rule(
    ({ nextAttempts: n, exchange }) =>
      n === null || !accepts(n) ? null : { fact: 'nextAttempts', says: n.says, packets: endOf(exchange) },
    [],
    ['process-died', 'listener-closed-with-queue'],
  ),
  rule(
    ({ neighbours, exchange }) => {
      const says = neighbours === null ? null : eventIn(neighbours);
      return says === null ? null : { fact: 'neighbours', says, packets: endOf(exchange) };
    },
    ['process-died', 'administrative-kill', 'listener-closed-with-queue'],
    ['worker-killed'],
  ),
  rule(
    ({ neverAccepted: n }) =>
      n?.likely !== true
        ? null
        : {
            fact: 'neverAccepted',
            says: 'a program reads so short a request in one go, and this one was not read: it may never have been accepted',
            packets: n.packets,
          },
    ['listener-closed-with-queue'],
    ['process-died'],
  ),
  rule(
    ({ idle, knownTimeout: k }) => {
      if (idle === null || k === null || !idle.idle || idle.brokenBy !== 'originator') return null;
      const servers = matchesOf(k, 'responder').filter(({ what }) => what === 'server-keepalive');
      return servers.length === 0
        ? null
        : {
            fact: 'knownTimeout',
            says: `the connection had been idle, and ${seconds(idle.timer)} after its last answer it ended: a known default of ${named(servers)}`,
            packets: [idle.since, idle.ended],
          };
    },
    ['keep-alive-race-unread'],
  ),
];

function headline({ servers, measures, cause, facts }: Trouble): string {
  if (facts.abort?.side === 'originator')
    return `${facts.endpoints?.client.address ?? 'The client'} aborts its connections to ${servers[0] ?? 'the server'} with a RST in the place of a FIN`;
  const after = measures.wait === undefined ? '' : ` ${rangeText(measures.wait)} after the request`;
  if (cause === 'unread-data-at-close')
    return `${nameServers(servers)} connections without reading what it has received${after}; its kernel then sends a RST`;
  if (measures.wait === undefined && measures.quiet !== undefined)
    return `${nameServers(servers, 'resets', 'reset')} connections ${rangeText(measures.quiet)} after the last answer; nothing was outstanding`;
  return `${nameServers(servers, 'resets', 'reset')} connections${after} instead of answering`;
}

function advice(trouble: Trouble): AdviceLine[] {
  const { servers, measures, facts } = trouble;
  if (facts.abort?.side === 'originator')
    return [
      {
        who: 'client',
        do: 'Look in the log of the client at that second: an abort, a cancel, an error path that destroys the socket',
      },
    ];
  const [server = 'the server'] = servers;
  if (measures.wait === undefined && measures.quiet !== undefined)
    return [
      {
        who: 'client',
        do: 'Take the answer, which is complete; a RST behind it is no failed request. Open a new connection for the next one',
      },
      {
        who: 'server',
        do: `Look what on ${server} ends connections with a RST ${rangeText(measures.quiet)} after an answer: an ordinary close sends a FIN`,
      },
    ];
  return adviseUnanswered(trouble);
}

const COUNTERS = ask.counters('sender', 'TCPAbortOnClose', 'TCPAbortOnData');
const EXIT = ask.log(
  'server',
  'the exit status of the process or worker at that second (oom-kill, signal, restart)',
);
const LIMITS = ask.config('server', 'the limits on a request, and the age at which a few more requests die');
const IDLE = ask.config('server', 'the idle and session timeouts, and the log of the server at that time');
const PROTOCOL = ask.attempt(
  'try the request by hand with and without TLS, and look in the error log of the listener',
);

export default defineFamily({
  id: 'ended-unanswered',
  title: 'Server ended the connection instead of answering',
  benign: false,
  sharedBy: 'server',
  byMoment: true,
  statement: describeEnd,
  headline,
  measure: measureEnd,
  advice,
  context,
  tells: [
    {
      is: 'unread-data-at-close',
      not: 'abort-by-linger-zero',
      by: 'bytes were left unread, which the kernel counts apart',
      ask: COUNTERS,
    },
    {
      is: 'unread-data-at-close',
      not: 'process-died',
      by: 'the program lives and closed this one socket',
      ask: EXIT,
    },
    {
      is: 'unread-data-at-close',
      not: 'worker-killed',
      by: 'no two requests end at the same age',
      ask: LIMITS,
    },
    {
      is: 'unread-data-at-close',
      not: 'administrative-kill',
      by: 'the program itself closed the socket',
      ask: ask.counters('sender', 'TCPAbortOnClose'),
    },
    {
      is: 'unread-data-at-close',
      not: 'listener-closed-with-queue',
      by: 'the program had accepted the connection',
      ask: ask.counters('sender', 'TCPAbortOnClose'),
    },
    {
      is: 'unread-data-at-close',
      not: 'keep-alive-race-unread',
      by: 'no silence as long as an idle timeout preceded the request',
      ask: ask.config('server', 'the keep-alive timeout the server is configured with'),
    },
    {
      is: 'unread-data-at-close',
      not: 'early-response-unread-body',
      by: 'the server had not answered',
      ask: ask.log('server', 'the status it gave to this request in its access log'),
    },
    {
      is: 'unread-data-at-close',
      not: 'injected-reset',
      by: 'the RST continues the sender’s own numbering',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'unread-data-at-close',
      not: 'policy-reset',
      by: 'it does not depend on what the request asks for',
      ask: ask.counters('sender', 'TCPAbortOnClose'),
    },
    ...['plaintext-to-tls-port', 'tls-to-plaintext-port', 'proxy-protocol-mismatch'].map((not) => ({
      is: 'unread-data-at-close',
      not,
      by: 'the port speaks the protocol of the request',
      ask: PROTOCOL,
    })),
    {
      is: 'unread-data-at-close',
      not: 'tcp-memory-exhausted',
      by: 'bytes of the other side were left unread',
      ask: ask.counters('sender', 'TCPAbortOnMemory', 'TCPAbortOnClose'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'administrative-kill',
      by: 'the program itself asked for it, right behind the exchange',
      ask: ask.counters('sender', 'TCPAbortOnData'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'server-idle-kill',
      by: 'it follows the exchange at once, not after a silence',
      ask: IDLE,
    },
    {
      is: 'abort-by-linger-zero',
      not: 'listener-closed-with-queue',
      by: 'the program had accepted the connection',
      ask: ask.counters('sender', 'TCPAbortOnData'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'process-died',
      by: 'the program lives and closed this one socket',
      ask: EXIT,
    },
    {
      is: 'abort-by-linger-zero',
      not: 'worker-killed',
      by: 'no two requests end at the same age',
      ask: LIMITS,
    },
    {
      is: 'abort-by-linger-zero',
      not: 'client-gave-up',
      by: 'it comes right behind the client’s own data, not after a wait',
      ask: ask.log('client', 'an abort, a cancel or a timeout'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'keep-alive-race-unread',
      by: 'no silence as long as an idle timeout preceded the request',
      ask: COUNTERS,
    },
    {
      is: 'abort-by-linger-zero',
      not: 'injected-reset',
      by: 'the RST continues the sender’s own numbering',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'policy-reset',
      by: 'it does not depend on what the request asks for',
      ask: ask.counters('sender', 'TCPAbortOnData'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'proxy-protocol-mismatch',
      by: 'other requests to the same listener are answered',
      ask: PROTOCOL,
    },
    {
      is: 'abort-by-linger-zero',
      not: 'connection-limit-reached',
      by: 'a request had been read',
      ask: ask.config('server', 'its limit of connections, against their number at that time'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'keepalive-gave-up',
      by: 'no keep-alive probe had gone unanswered before it',
      ask: ask.counters('sender', 'TCPAbortOnTimeout', 'TCPAbortOnData'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'mptcp-subflow-reset',
      by: 'the RST carries no reason of Multipath TCP',
      ask: ask.state('server', 'ss -M shows whether the connection has other sub-flows'),
    },
    {
      is: 'abort-by-linger-zero',
      not: 'tcp-memory-exhausted',
      by: 'no FIN came before it, and it happens to single connections',
      ask: ask.counters('sender', 'TCPAbortOnMemory', 'TCPAbortOnData'),
    },
    {
      is: 'worker-killed',
      not: 'process-died',
      by: 'the port goes on accepting, and every request dies at the same age',
      ask: ask.log(
        'server',
        'the line of the supervisor at that second (WORKER TIMEOUT, harakiri, terminating, signal 9)',
      ),
    },
    {
      is: 'administrative-kill',
      not: 'server-idle-kill',
      by: 'the silence before it is not the same each time',
      ask: IDLE,
    },
    {
      is: 'administrative-kill',
      not: 'process-died',
      by: 'the port goes on accepting connections',
      ask: EXIT,
    },
    {
      is: 'administrative-kill',
      not: 'listener-closed-with-queue',
      by: 'the program had accepted the connection, and lives',
      ask: EXIT,
    },
    {
      is: 'administrative-kill',
      not: 'keepalive-gave-up',
      by: 'no keep-alive probe had gone unanswered before it',
      ask: ask.counters('sender', 'TCPAbortOnTimeout'),
    },
    {
      is: 'administrative-kill',
      not: 'mptcp-subflow-reset',
      by: 'the RST carries no reason of Multipath TCP',
      ask: ask.state('server', 'ss -M shows whether the connection has other sub-flows'),
    },
    {
      is: 'administrative-kill',
      not: 'tcp-memory-exhausted',
      by: 'nothing was undelivered',
      ask: ask.counters('sender', 'TCPAbortOnMemory'),
    },
    {
      is: 'early-response-unread-body',
      not: 'write-after-close',
      by: 'the late data is the rest of a request that was already answered',
      ask: ask.log('server', 'the status it gave to this request in its access log'),
    },
  ],
});
