import { defineFamily } from './define.ts';

/** Has no causes of its own: each connection keeps its own, and the finding says what they have in common. */
export default defineFamily({
  id: 'syn-flood',
  title: 'SYN flood',
  benign: false,
  sharedBy: 'server',
  statement: ({ scan }) => scan?.says ?? 'most handshakes with the server were never completed',
  headline: ({ facts, servers }) =>
    `SYN flood on ${servers[0] ?? 'the server'}: ${facts.scan?.says ?? 'most handshakes were never completed'}`,
  isEvent: true,
  advice: ({ servers }) => [
    {
      who: 'server',
      do: 'Keep SYN cookies on (sysctl net.ipv4.tcp_syncookies=1) and the queues large enough (net.ipv4.tcp_max_syn_backlog, net.core.somaxconn, the backlog of listen); watch nstat TcpExtTCPReqQFullDoCookies and TcpExtListenDrops',
    },
    {
      who: 'path',
      do: `Limit new connections to ${servers[0] ?? 'the server'} before the server: a rate limit in the firewall, a SYN proxy, or the provider's protection`,
    },
    {
      who: 'client',
      do: 'Where the sources are your own load test or health checks, let them complete the handshake',
    },
  ],
  context: [],
  tells: [],
});
