import { bytes, seconds, who } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

export default defineCause({
  id: 'injected-reset',
  taxonomy: 'P6',
  title: 'Reset made by a box between the two ends',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: [],
  references: [
    'RFC 3360 (inappropriate TCP resets)',
    'Weaver, Sommer, Paxson: Detecting Forged TCP Reset Packets, NDSS 2009',
    'Sundara Raman et al.: Global, Passive Detection of Connection Tampering, SIGCOMM 2023',
    'draft-ietf-tcpm-rst-diagnostic-payload',
  ],
  explain:
    'The RST carries the address of one end, but that end did not make it: a firewall, intrusion prevention system, filter or balancer on the way did. ' +
    'The two ends only see the other one "reset" the connection, and neither finds a reason in its own logs. ' +
    'Such a box often acts on what it reads (a server name, a host header, a signature), on a policy change, or because it has forgotten the connection. ' +
    'The claimed sender knows nothing of it: its OutRsts counter stays, and a capture taken there does not contain the RST. ' +
    'Applications report ECONNRESET, "connection reset by peer", curl 56 or 35. ' +
    'Whether it is repeated for one name and not for another to the same address tells a content filter from a rule by address.',
  needs: ['reset', 'handshake', 'maker', 'ttl', 'application', 'exchange', 'tamperingSignature'],
  refines: [],
  examine(facts) {
    const { reset, handshake, maker, exchange } = facts;
    if (!reset.known || !maker.known) return SILENT;
    // A RST that answers the SYN is a rejected connection, told elsewhere.
    if (handshake.known && handshake.synAck === null && reset.side === 'responder') return SILENT;
    if (maker.middlebox === 'unlikely') {
      const [sign, second] = maker.fits;
      return sign !== undefined && second !== undefined
        ? contradicted('maker', `${sign.says}; ${second.says}`, [...sign.packets, ...second.packets])
        : SILENT;
    }
    if (maker.middlebox === 'unclear') return SILENT;
    const signs = [...maker.proofs, ...maker.against, ...maker.resembles].map(({ says, packets }) => ({
      fact: 'maker' as const,
      says,
      packets,
    }));
    const name = who(reset.side);
    const proven = [...new Set(maker.proofs.map(({ claim }) => claim))].join(', and ');
    const headline =
      maker.middlebox === 'proven'
        ? `the RST bears the ${name}'s address, but the ${name} did not make it: ${proven}`
        : `the RST bears the ${name}'s address, but does not look as if the ${name} made it`;
    const because = [cite('maker', headline, reset.packet.number), ...signs];
    if (exchange.known && exchange.unanswered)
      because.push(
        cite(
          'exchange',
          `it came ${seconds(reset.packet.time - exchange.originator.lastDataTime)} after the client's last ${bytes(exchange.originator.sent)}`,
          exchange.originator.lastDataNumber,
          reset.packet.number,
        ),
      );
    const { tamperingSignature } = facts;
    const match = tamperingSignature.known
      ? tamperingSignature.matches.find(({ side }) => side === reset.side)
      : undefined;
    if (match !== undefined)
      because.push(cite('tamperingSignature', match.says, ...match.packets.map((p) => p.number)));
    return supported(maker.middlebox === 'proven' ? 'proof' : 'strong', because, 'middlebox');
  },
  rivals: [
    {
      cause: 'abort-by-linger-zero',
      discriminator: 'the claimed sender cannot have made it, or its header is not that host’s hand',
      ask: 'a capture of the same moment taken at the host whose address the RST carries',
    },
    {
      cause: 'unread-data-at-close',
      discriminator: 'the claimed sender cannot have made it, or its header is not that host’s hand',
      ask: 'a capture of the same moment taken at the host whose address the RST carries',
    },
    {
      cause: 'middlebox-idle-reset-on-next-packet',
      discriminator: 'the connection was busy, not woken after a silence',
      ask: 'the idle timeouts of the boxes between client and server',
    },
    {
      cause: 'middlebox-idle-reset-at-expiry',
      discriminator: 'the connection was busy, not silent',
      ask: 'the idle timeouts of the boxes between client and server',
    },
    {
      cause: 'firewall-reject',
      discriminator: 'the connection had been accepted before it was reset',
      ask: 'a connect to another port of the same host: a rule by address and port rejects every time',
    },
    {
      cause: 'accept-queue-overflow-reset',
      discriminator: 'TTL or timing of the RST are not those of the SYN-ACK',
      ask: 'the delta of EmbryonicRsts and ListenOverflows on the server',
    },
    {
      cause: 'no-healthy-target',
      discriminator: 'TTL or timing of the RST are not those of the SYN-ACK',
      ask: 'a capture of the same moment taken at the server',
    },
    {
      cause: 'plaintext-to-tls-port',
      discriminator: 'the header of the RST is not that of the server',
      ask: 'the same request over https to the same port',
    },
    {
      cause: 'tls-to-plaintext-port',
      discriminator: 'the header of the RST is not that of the server',
      ask: 'the same connection with another server name (openssl s_client -servername)',
    },
    {
      cause: 'tls-alert',
      discriminator: 'no alert was sent before the RST',
      ask: 'the TLS error in the log of the side that was reset',
    },
    {
      cause: 'peer-lost-state',
      discriminator: 'TTL or timing exclude the host itself',
      ask: 'a capture of the same moment taken at the host whose address the RST carries',
    },
    {
      cause: 'administrative-kill',
      discriminator: 'one side is accused, in a header that is not its own',
      ask: 'the audit log of the hosts on that segment: who ran tcpkill, cutter or ss -K',
    },
    {
      cause: 'blind-reset-ignored',
      discriminator: 'the connection ended with it',
      ask: 'what the application at either end did afterwards: an error there means that the RST counted',
    },
    {
      cause: 'client-gave-up',
      discriminator: 'the client cannot have made it, or its header is not the hand of that host',
      ask: 'a capture of the same moment taken at the client',
    },
    {
      cause: 'policy-reset',
      discriminator: 'nothing shows that it goes by what the request asks for',
      ask: 'the same request for another name to the same address (curl --resolve, openssl s_client -servername)',
    },
    {
      cause: 'firewall-reject-mid-connection',
      discriminator: 'the RST is not the stateless answer to one packet of a connection in use',
      ask: 'the rule set of the filters on the path and when it was last changed',
    },
    {
      cause: 'stale-four-tuple',
      discriminator: 'the header of the RST is not that of the client',
      ask: 'a capture of the same moment taken at the client',
    },
    {
      cause: 'reset-of-unexpected-syn-ack',
      discriminator: 'the header of the RST is not that of the client',
      ask: 'a capture of the same moment taken at the client',
    },
    {
      cause: 'mptcp-subflow-reset',
      discriminator: 'the RST carries no reason of Multipath TCP',
      ask: 'a capture of the same moment taken at the host whose address the RST carries',
    },
    {
      cause: 'sequence-rewritten',
      discriminator: 'the acknowledgements of the connection are in its own numbers',
      ask: 'captures of one connection at both ends: whether its initial sequence numbers differ by more than a constant of the headers',
    },
    {
      cause: 'unnatted-reply',
      discriminator: 'TTL, timing or numbering of the RST are not those of the client',
      ask: 'a capture taken at the client, without a filter on the service address: the same bytes from an address it never dialled',
    },
  ],
  advice({ ttl, reset, application }) {
    const side = reset.known ? who(reset.side) : 'server';
    const far =
      ttl.known && ttl.delta !== 0
        ? `; its packets arrive here with TTL ${ttl.reset}, the ${side}'s with ${ttl.min === ttl.max ? ttl.max : `${ttl.min} to ${ttl.max}`}, and traceroute shows which hop fits`
        : '';
    const first = application.known ? application.firstRequest : null;
    const byName =
      first?.protocol === 'tls-handshake'
        ? 'with another server name (openssl s_client -connect ADDRESS:PORT -servername example.org)'
        : 'with another Host header (curl --resolve)';
    return [
      {
        who: 'path',
        do: `Find the box that resets and read its log: firewall session end reasons, IPS signatures, proxy or NAT state tables, a rule change at that time${far}`,
      },
      {
        who: 'client',
        do: `Repeat the request ${byName}, and over another network or VPN: reset by name means a content filter, by address a rule, never again a lost state. No setting of the application cures it; encrypted server names (ECH), a VPN or an exception in the policy do`,
      },
      {
        who: 'server',
        do: 'Take a capture at the same moment, or compare OutRsts (nstat -az TcpOutRsts) before and after: a RST that is missing there was made between',
      },
    ];
  },
  scenario: 'forged-rst',
  examples: {
    match: [
      `# acknowledges the request 4 ms after it passed, at a round trip of 40 ms
server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "\\x16\\x03\\x01\\x00\\x2e\\x01\\x00\\x00\\x2a\\x03\\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.081 < P. "\\x16\\x03\\x03\\x00\\x2e\\x02\\x00\\x00\\x2a\\x03\\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.082 > P. len 120
+0.086 < R. ttl 61 win 0 nots id 4660`,
      `# the server goes on as if nothing had happened
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.060 < R. ttl 57
+0.081 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"`,
    ],
    miss: [
      `server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > .
+0.041 > P. "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.081 < .
+0.200 < R.`,
    ],
  },
});
