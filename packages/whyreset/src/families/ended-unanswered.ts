import type { AdviceLine } from '../causes/advice.ts';
import { ask, defineFamily, type Trouble } from './define.ts';
import { adviseUnanswered, describeEnd, measureEnd } from './unanswered.ts';
import { unansweredContext } from './unanswered-context.ts';
import { nameServers, rangeText } from './words.ts';

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
        do: 'Take the answer where it is complete; a RST behind a complete answer is no failed request. Open a new connection for the next one',
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
  context: unansweredContext,
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
      is: 'closed-without-answer',
      not: 'process-died',
      by: 'the program lives and goes on serving other connections',
      ask: EXIT,
    },
    {
      is: 'closed-without-answer',
      not: 'worker-killed',
      by: 'no two requests end at the same age',
      ask: LIMITS,
    },
    {
      is: 'closed-without-answer',
      not: 'proxy-protocol-mismatch',
      by: 'other requests to the same listener are answered',
      ask: PROTOCOL,
    },
    {
      is: 'closed-without-answer',
      not: 'policy-reset',
      by: 'the FIN is that of the server’s own stack',
      ask: ask.log('server', 'an exception, a failed upstream, or a rule that closed the connection'),
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
