import { seconds, who } from '../evidence/packets.ts';
import { ask, defineFamily } from './define.ts';

const FOUND: Readonly<Record<string, string>> = {
  'injected-reset': 'A box on the path resets connections to',
  'policy-reset': 'A policy on the path (firewall, IPS or WAF) reads the request and ends connections to',
  'firewall-reject-mid-connection': 'A packet filter began to reject packets of living connections to',
  'unnatted-reply': 'Replies come through untranslated, and the client’s kernel resets connections to',
  'sequence-rewritten': 'A box on the path rewrites sequence numbers and breaks connections to',
};

export default defineFamily({
  id: 'box-reset',
  title: 'A box on the path resets connections',
  benign: false,
  sharedBy: 'path',
  byMoment: true,
  statement({ reset, maker, exchange, promptClose, icmp }) {
    if (reset === null) {
      if (icmp !== null && icmp.rejection !== null) return icmp.says;
      const after =
        promptClose === null || exchange === null
          ? ''
          : ` ${seconds(promptClose.end.time - exchange.originator.lastDataTime)} after the request`;
      return `the connection was closed${after} with the server’s address, before a byte of an answer`;
    }
    const name = who(reset.side);
    return maker?.madeOutsideStack === 'proven'
      ? `the TCP of the ${name} did not make the RST that carries its address`
      : `a RST with the address of the ${name} ended the connection`;
  },
  headline: ({ cause, servers }) =>
    `${FOUND[cause ?? ''] ?? 'A box on the path resets connections to'} ${servers[0] ?? 'the server'}`,
  advice: () => [],
  context: [],
  tells: [
    {
      is: 'injected-reset',
      not: 'abort-by-linger-zero',
      by: 'the claimed sender cannot have made it, or its header is not that host’s hand',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'injected-reset',
      not: 'unread-data-at-close',
      by: 'the claimed sender cannot have made it, or its header is not that host’s hand',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'injected-reset',
      not: 'middlebox-idle-reset-on-next-packet',
      by: 'the connection was busy, not woken after a silence',
      ask: ask.config('server', 'the idle timeouts of the boxes between client and server'),
    },
    {
      is: 'injected-reset',
      not: 'middlebox-idle-reset-at-expiry',
      by: 'the connection was busy, not silent',
      ask: ask.config('server', 'the idle timeouts of the boxes between client and server'),
    },
    {
      is: 'injected-reset',
      not: 'accept-queue-overflow-reset',
      by: 'TTL or timing of the RST are not those of the SYN-ACK',
      ask: ask.counters('sender', 'ListenOverflows'),
    },
    {
      is: 'injected-reset',
      not: 'peer-lost-state',
      by: 'TTL or timing exclude the host itself',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'injected-reset',
      not: 'blind-reset-ignored',
      by: 'the connection ended with it',
      ask: ask.state(
        'server',
        'what the application at either end did afterwards: an error there means that the RST counted',
      ),
    },
    {
      is: 'injected-reset',
      not: 'client-gave-up',
      by: 'the client cannot have made it, or its header is not the hand of that host',
      ask: ask.capture('client', 'whether it holds the RST'),
    },
    {
      is: 'injected-reset',
      not: 'policy-reset',
      by: 'nothing shows that it goes by what the request asks for',
      ask: ask.state(
        'server',
        'the same request for another name to the same address (curl --resolve, openssl s_client -servername)',
      ),
    },
    {
      is: 'injected-reset',
      not: 'firewall-reject-mid-connection',
      by: 'the RST is not the stateless answer to one packet of a connection in use',
      ask: ask.state('server', 'the rule set of the filters on the path and when it was last changed'),
    },
    {
      is: 'injected-reset',
      not: 'sequence-rewritten',
      by: 'the acknowledgements of the connection are in its own numbers',
      ask: ask.state(
        'server',
        'captures of one connection at both ends: whether its initial sequence numbers differ by more than a constant of the headers',
      ),
    },
    {
      is: 'injected-reset',
      not: 'unnatted-reply',
      by: 'TTL, timing or numbering of the RST are not those of the client',
      ask: ask.capture('client', 'the same bytes from an address it never dialled'),
    },
    {
      is: 'policy-reset',
      not: 'firewall-reject-mid-connection',
      by: 'it strikes the first request, by its content',
      ask: ask.state('server', 'the same request for another name to the same address'),
    },
    {
      is: 'policy-reset',
      not: 'unread-data-at-close',
      by: 'another request to the same server is answered',
      ask: ask.counters('sender', 'TCPAbortOnClose'),
    },
    {
      is: 'policy-reset',
      not: 'abort-by-linger-zero',
      by: 'another request to the same server is answered',
      ask: ask.counters('sender', 'TCPAbortOnData'),
    },
    {
      is: 'policy-reset',
      not: 'plaintext-to-tls-port',
      by: 'the request is in the language of the port',
      ask: ask.state('server', 'the same request for another name to the same address'),
    },
    {
      is: 'policy-reset',
      not: 'tls-to-plaintext-port',
      by: 'the request is in the language of the port',
      ask: ask.state('server', 'the same connection with another server name (openssl s_client -servername)'),
    },
    {
      is: 'policy-reset',
      not: 'proxy-protocol-mismatch',
      by: 'another request to the same server is answered',
      ask: ask.state('server', 'the same request for another name to the same address'),
    },
    {
      is: 'policy-reset',
      not: 'listener-closed-with-queue',
      by: 'it happens at any time, by content',
      ask: ask.state('server', 'the same request for another name to the same address'),
    },
    {
      is: 'policy-reset',
      not: 'process-died',
      by: 'the service lives on and answers other requests',
      ask: ask.state('server', 'the same request for another name to the same address'),
    },
    {
      is: 'firewall-reject-mid-connection',
      not: 'middlebox-idle-reset-on-next-packet',
      by: 'the connection was busy, not woken after a silence',
      ask: ask.config('server', 'the idle timeouts of the boxes between client and server'),
    },
    {
      is: 'firewall-reject-mid-connection',
      not: 'peer-lost-state',
      by: 'TTL or timing exclude the host itself',
      ask: ask.capture('other end', 'whether it holds the RST'),
    },
    {
      is: 'unnatted-reply',
      not: 'peer-lost-state',
      by: 'the client had been heard a moment before, and its other packets are well',
      ask: ask.capture('client', 'the same bytes from an address it never dialled'),
    },
    {
      is: 'unnatted-reply',
      not: 'client-gave-up',
      by: 'the client had not closed: no FIN and no active RST of it was seen',
      ask: ask.capture('client', 'the same bytes from an address it never dialled'),
    },
  ],
});
