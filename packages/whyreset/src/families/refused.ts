import { seconds } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';
import { nameServers } from './words.ts';

export default defineFamily({
  id: 'refused',
  title: 'Connection refused before it began',
  benign: false,
  outcome: 'refused',
  sharedBy: 'server',
  statement({ reset, handshake, icmp }) {
    const end = reset?.packet ?? icmp?.errors[0];
    const after =
      end === undefined || handshake === null
        ? ''
        : ` ${seconds(end.time - handshake.syn.time)} after the SYN`;
    const by = reset === null && icmp !== null ? 'an ICMP error' : 'a RST';
    return reset?.side === 'originator'
      ? `the client’s host answered the SYN-ACK with ${by}; no data was sent`
      : `${by} came${after} instead of a connection; no data was sent`;
  },
  headline: ({ cause, servers }) =>
    cause === 'firewall-reject'
      ? `A packet filter refuses connections to ${servers[0] ?? 'the server'}`
      : cause === 'reset-of-unexpected-syn-ack'
        ? `The client’s host no longer waited for the answer of ${servers[0] ?? 'the server'} and refused it`
        : cause === 'accept-queue-overflow-reset'
          ? `${nameServers(servers, 'accepts', 'accept')} connections too slowly; the queue of connections waiting for accept() is full`
          : `Nothing listens on ${servers.length === 1 ? servers[0] : `${servers.length} addresses and ports`}`,
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'no-listener',
      not: 'firewall-reject',
      by: 'TTL and speed of the RST are those of the server, not of a box before it',
      ask: ask.capture('server', 'a SYN that never arrives there was rejected on the way'),
    },
    {
      is: 'accept-queue-overflow-reset',
      not: 'injected-reset',
      by: 'TTL and timing of the RST are those of the SYN-ACK',
      ask: ask.capture('server', 'whether it holds the RST'),
    },
    {
      is: 'reset-of-unexpected-syn-ack',
      not: 'health-check-reset',
      by: 'the answer came late, or no SYN had asked for it; a check or scan resets a prompt answer',
      ask: ask.config('client', 'which program runs at the client address, and its connect timeout'),
    },
  ],
});
