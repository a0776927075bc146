import type { KnownFacts } from '../causes/define.ts';
import { spared } from '../evidence/around/unaffected-connections.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { ask, defineFamily, type Trouble } from './define.ts';
import { nameServers, rangeText } from './words.ts';

const ACCEPTOR = ask.log(
  'server',
  'what the proxy or server that accepted the connection wrote: target health, open files, connection limit, a refused address',
);
const DESCRIPTORS = ask.state(
  'server',
  'the open files of the process (ls /proc/PID/fd | wc -l) against its limit (grep "open files" /proc/PID/limits)',
);
const LIMIT = ask.config('server', 'its limit of connections, against their number at that time');
const LISTS = ask.config('server', 'the access lists that apply after accept(), and the address it sees');

function statement({ acceptAndClose, limit, unansweredSyn }: KnownFacts): string {
  if (limit !== null)
    return `the server ended the connection with the words of ${limit.words.program} at its limit (${limit.words.setting})`;
  if (acceptAndClose?.heard)
    return `the server closed the connection with a ${acceptAndClose.by} ${seconds(acceptAndClose.elapsed)} after accepting it, as it closed others before a byte of the client had reached it: nothing that the client sent caused it`;
  if (acceptAndClose !== null)
    return `the server closed the connection with a ${acceptAndClose.by} ${seconds(acceptAndClose.elapsed)} after accepting it, before a byte of the client had reached it: nothing that the client sent caused it`;
  return unansweredSyn === null
    ? 'the server ended the connection as soon as it had accepted it'
    : `${thousands(unansweredSyn.syns.length)} SYNs in ${seconds(unansweredSyn.span)} got no answer from the server’s host`;
}

function headline({ servers, measures, facts }: Trouble): string {
  if (facts.acceptAndClose === null)
    return `${nameServers(servers, 'accepts', 'accept')} no more connections and leaves new ones in its queue`;
  const after = measures.elapsed === undefined ? '' : `, ${rangeText(measures.elapsed)} after the handshake`;
  const others = (facts.unaffectedConnections?.count ?? 0) > 0;
  return `${nameServers(servers)} ${others ? 'some connections' : 'connections'} as soon as it has accepted them${after}${others ? ', and serves others' : ''}`;
}

export default defineFamily({
  id: 'closed-at-accept',
  title: 'Connection closed right after it was accepted',
  benign: false,
  sharedBy: 'server',
  statement,
  headline,
  measure: ({ acceptAndClose }): Record<string, number> =>
    acceptAndClose === null ? {} : { elapsed: acceptAndClose.elapsed },
  advice: ({ servers, count }) => [
    {
      who: 'server',
      do: `Look in the log of what accepts on ${servers.slice(0, 3).join(', ') || 'that port'}${count > 1 ? ` (${thousands(count)} connections met it)` : ''}: health of targets, limits of connections and open files, access lists`,
    },
    {
      who: 'client',
      do: 'A retry is safe, since no program has read a request: repeat with growing delay and jitter, and reuse connections instead of opening one per request',
    },
  ],
  context: [
    {
      of: ({ acceptAndClose: a }) =>
        a === null || !a.heard ? null : { fact: 'acceptAndClose', says: a.says, packets: a.packets },
      favours: [
        'no-healthy-target',
        'client-not-allowed',
        'connection-limit-reached',
        'descriptor-exhaustion',
      ],
      disfavours: [
        'proxy-protocol-mismatch',
        'unread-data-at-close',
        'abort-by-linger-zero',
        'listener-closed-with-queue',
        'closed-without-answer',
      ],
    },
    {
      of: ({ unaffectedConnections: u, acceptAndClose: a }) =>
        a === null || u === null || u.count === 0
          ? null
          : { fact: 'unaffectedConnections', says: spared(u), packets: [a.end.number] },
      favours: ['connection-limit-reached', 'descriptor-exhaustion', 'client-not-allowed'],
      disfavours: ['no-healthy-target'],
    },
    {
      of: ({ unaffectedConnections: u, acceptAndClose: a }) =>
        a === null || u === null || u.count > 0 || u.troubled < 2
          ? null
          : {
              fact: 'unaffectedConnections',
              says: `all ${thousands(u.troubled)} connections to it that the capture holds ended so`,
              packets: [a.end.number],
            },
      favours: ['no-healthy-target', 'client-not-allowed'],
      disfavours: ['connection-limit-reached', 'descriptor-exhaustion'],
    },
  ],
  tells: [
    {
      is: 'no-healthy-target',
      not: 'descriptor-exhaustion',
      by: 'the port serves no connection, neither an old one nor a new one',
      ask: ACCEPTOR,
    },
    {
      is: 'no-healthy-target',
      not: 'connection-limit-reached',
      by: 'the port serves no connection, and no message names a limit',
      ask: ACCEPTOR,
    },
    {
      is: 'no-healthy-target',
      not: 'client-not-allowed',
      by: 'other clients are not served either',
      ask: LISTS,
    },
    {
      is: 'client-not-allowed',
      not: 'connection-limit-reached',
      by: 'it is the same client each time, whatever the load',
      ask: LISTS,
    },
    {
      is: 'client-not-allowed',
      not: 'descriptor-exhaustion',
      by: 'it is the same client each time, whatever the load',
      ask: LISTS,
    },
    {
      is: 'connection-limit-reached',
      not: 'descriptor-exhaustion',
      by: 'the limit is the program’s own; on the wire the two are the same unless it says so',
      ask: DESCRIPTORS,
    },
    {
      is: 'descriptor-exhaustion',
      not: 'accept-queue-overflow-drop',
      by: 'the program cannot accept at all, and does not only lag behind',
      ask: ask.counters('sender', 'ListenOverflows'),
    },
    {
      is: 'descriptor-exhaustion',
      not: 'policy-drop',
      by: 'other connections to the port are served',
      ask: DESCRIPTORS,
    },
    {
      is: 'connection-limit-reached',
      not: 'abort-by-linger-zero',
      by: 'the connection is ended before any request was read',
      ask: LIMIT,
    },
  ],
});
