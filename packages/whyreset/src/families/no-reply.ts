import type { KnownFacts } from '../causes/define.ts';
import { bytes, seconds, who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';
import { rangeText } from './words.ts';

const silence = ({ unansweredSyn, giveUp, loss }: KnownFacts): number | undefined =>
  unansweredSyn?.span ?? giveUp?.span ?? loss?.span;

/** What the silence began with, by cause: the sentence goes on with the server's name. */
const FOUND: Readonly<Record<string, string>> = {
  'accept-queue-overflow-drop':
    'drops connections, because its queue of connections waiting for accept() is full',
  'syn-queue-overflow': 'drops SYNs, because its queue of half-open connections is full',
  'policy-drop': 'cannot be reached: a policy on the path drops the SYNs, or there is no route',
  'path-mtu-blackhole': 'gets no large packets: they vanish on the path, and small ones pass',
  'retransmission-give-up': 'stopped answering in an open connection, or the path to it went dead',
  'middlebox-idle-silent-drop':
    'no longer gets the packets of idle connections: a box on the path forgot them',
  'keepalive-gave-up': 'did not answer TCP keep-alive probes',
  'timestamps-went-back': 'drops packets whose TCP timestamps went back',
  'window-stayed-closed': 'takes nothing more: its window stayed closed',
};

export default defineFamily({
  id: 'no-reply',
  title: 'No reply from the other side',
  benign: false,
  sharedBy: 'server',
  byMoment: true,
  statement(facts) {
    const { unansweredSyn, giveUp, exchange, zeroWindow } = facts;
    if (zeroWindow?.stalled != null) {
      const { side, since, last } = zeroWindow.stalled;
      return `the ${who(side)} offered no room to its peer for the last ${seconds(last.time - since.time)}`;
    }
    if (unansweredSyn !== null)
      return `${unansweredSyn.syns.length} SYNs in ${seconds(unansweredSyn.span)} got no reply`;
    if (giveUp !== null)
      return `from packet ${giveUp.first.number} on, ${bytes(giveUp.first.length)} of the ${who(giveUp.side)} were not acknowledged for ${seconds(giveUp.span)}`;
    const last = exchange?.end;
    return last == null
      ? 'nothing was acknowledged any more'
      : `nothing was acknowledged any more before packet ${last.number}`;
  },
  headline({ cause, servers, measures }) {
    const found = FOUND[cause ?? ''] ?? 'does not answer';
    const idle =
      cause === 'middlebox-idle-silent-drop' && measures.idle !== undefined
        ? ` after ${rangeText(measures.idle)}`
        : '';
    return `${servers.length > 1 ? `${servers.length} servers: the server` : (servers[0] ?? 'The server')} ${found}${idle}`;
  },
  measure: (facts): Record<string, number> => {
    const span = silence(facts);
    return {
      ...(span !== undefined && { silence: span }),
      ...(facts.idle?.idle === true && { idle: facts.idle.gap }),
    };
  },
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'accept-queue-overflow-drop',
      not: 'policy-drop',
      by: 'the same port accepts other connections, or the server repeats its SYN-ACK',
      ask: ask.counters('sender', 'ListenOverflows', 'ListenDrops'),
    },
    {
      is: 'accept-queue-overflow-drop',
      not: 'syn-queue-overflow',
      by: 'no flood of SYNs that are never completed',
      ask: ask.state(
        'server',
        'the deltas of ListenOverflows (accept queue) and of TCPReqQFullDrop and SyncookiesSent (SYN queue) on the server',
      ),
    },
    {
      is: 'accept-queue-overflow-drop',
      not: 'descriptor-exhaustion',
      by: 'the program still accepts, only too slowly',
      ask: ask.log(
        'server',
        'the server log at that time ("too many open files", EMFILE), and the process’s open files against ulimit -n',
      ),
    },
    {
      is: 'accept-queue-overflow-drop',
      not: 'snat-port-reuse',
      by: 'the source port is a fresh one',
      ask: ask.counters('sender', 'ListenOverflows'),
    },
    {
      is: 'accept-queue-overflow-drop',
      not: 'middlebox-idle-silent-drop',
      by: 'the connection was new',
      ask: ask.capture('client', 'whether the client’s packets arrive there'),
    },
    {
      is: 'accept-queue-overflow-drop',
      not: 'peer-lost-state',
      by: 'the server had never taken the connection in',
      ask: ask.counters('sender', 'ListenOverflows'),
    },
    {
      is: 'syn-queue-overflow',
      not: 'policy-drop',
      by: 'the port answers others, and a burst of SYNs is to be seen',
      ask: ask.log('server', 'the kernel log of the server ("possible SYN flooding on port")'),
    },
    {
      is: 'syn-queue-overflow',
      not: 'snat-port-reuse',
      by: 'the source port is a fresh one',
      ask: ask.counters('sender', 'TCPReqQFullDrop'),
    },
    {
      is: 'syn-queue-overflow',
      not: 'middlebox-idle-silent-drop',
      by: 'the connection was new',
      ask: ask.capture('client', 'whether the client’s packets arrive there'),
    },
    {
      is: 'syn-queue-overflow',
      not: 'retransmission-give-up',
      by: 'the SYN-ACK itself is as poor as a cookie, and nothing after it was ever taken in',
      ask: ask.counters('sender', 'SyncookiesSent'),
    },
    {
      is: 'policy-drop',
      not: 'descriptor-exhaustion',
      by: 'no attempt at all is answered, not only those after the descriptors ran out',
      ask: ask.log(
        'server',
        'the server log at that time ("too many open files"), and the process’s open files against ulimit -n',
      ),
    },
    {
      is: 'policy-drop',
      not: 'snat-port-reuse',
      by: 'every source port fails, not one that was in use before',
      ask: ask.state(
        'box',
        'the metrics of the translator (SNAT connection count, conntrack -S insert_failed)',
      ),
    },
    {
      is: 'policy-drop',
      not: 'middlebox-idle-silent-drop',
      by: 'the connection never came about',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'path-mtu-blackhole',
      not: 'retransmission-give-up',
      by: 'only packets larger than any that had arrived are lost',
      ask: ask.state(
        'server',
        'ping -M do -s 1472 to the other host, and with smaller sizes until one comes back',
      ),
    },
    {
      is: 'path-mtu-blackhole',
      not: 'middlebox-idle-silent-drop',
      by: 'the size decides, not a pause before',
      ask: ask.state(
        'server',
        'ping -M do -s 1472 to the other host, and with smaller sizes until one comes back',
      ),
    },
    {
      is: 'retransmission-give-up',
      not: 'middlebox-idle-silent-drop',
      by: 'no silence as long as an idle timeout came before the first packet that was lost',
      ask: ask.state('server', 'whether connections that never pause die as well'),
    },
    {
      is: 'retransmission-give-up',
      not: 'peer-lost-state',
      by: 'the side that answers with the RST had repeated its own bytes without an answer before: it gave up, it did not reboot',
      ask: ask.log(
        'server',
        'the log of the program on that side: ETIMEDOUT at the time of the last repetition',
      ),
    },
    {
      is: 'retransmission-give-up',
      not: 'keepalive-gave-up',
      by: 'payload went unacknowledged, not probes',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'retransmission-give-up',
      not: 'timestamps-went-back',
      by: 'the repeated packets are not answered, and their timestamps only go forward',
      ask: ask.counters('sender', 'PAWSEstab'),
    },
    {
      is: 'middlebox-idle-silent-drop',
      not: 'keepalive-gave-up',
      by: 'payload was repeated, not only probes',
      ask: ask.capture('other end', 'whether the probes arrive'),
    },
    {
      is: 'keepalive-gave-up',
      not: 'server-idle-kill',
      by: 'probes went unanswered right before the reset, and it came when the next one was due',
      ask: ask.log(
        'server',
        'the error in the log of the program that reset: ETIMEDOUT is the kernel’s verdict, not the program’s',
      ),
    },
    {
      is: 'keepalive-gave-up',
      not: 'administrative-kill',
      by: 'probes went unanswered right before the reset, and it came when the next one was due',
      ask: ask.counters('sender', 'TCPAbortOnTimeout'),
    },
    {
      is: 'keepalive-gave-up',
      not: 'abort-by-linger-zero',
      by: 'probes went unanswered right before the reset, and it came when the next one was due',
      ask: ask.counters('sender', 'TCPAbortOnTimeout', 'TCPAbortOnData'),
    },
  ],
});
