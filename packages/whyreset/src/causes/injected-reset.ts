import { bytes, seconds, who } from '../evidence/packets.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

export default defineCause({
  id: 'injected-reset',
  taxonomy: 'P6',
  family: 'box-reset',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
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
  requires: ['reset', 'maker'],
  mayUse: ['handshake', 'ttl', 'application', 'exchange', 'tamperingSignature', 'earlierReset'],
  refines: [],
  examine(facts) {
    const { reset, handshake, maker, exchange } = facts;
    // A RST that answers the SYN is a rejected connection, told elsewhere.
    if (handshake !== null && handshake.synAck === null && reset.side === 'responder') return SILENT;
    const { earlierReset } = facts;
    // The RST in view is the host's own; the one that made its socket vanish was made elsewhere.
    if (earlierReset?.inUse === true) {
      const { says, last, refused } = earlierReset;
      const because = [cite('earlierReset', says, last.number, refused.number, reset.packet.number)];
      return supported('fair', because, reset.side);
    }
    if (maker.middlebox === 'unlikely') {
      const [sign, second] = maker.fits;
      return sign !== undefined && second !== undefined
        ? doubted('maker', `${sign.says}; ${second.says}`, [...sign.packets, ...second.packets])
        : SILENT;
    }
    if (maker.madeOutsideStack === 'unclear' || maker.sender === reset.side) return SILENT;
    const signs = [...maker.proofs, ...maker.against, ...maker.resembles].map(({ says, packets }) => ({
      fact: 'maker' as const,
      says,
      packets,
    }));
    const name = who(reset.side);
    const proven = [...new Set(maker.proofs.map(({ claim }) => claim))].join(', and ');
    const headline =
      maker.madeOutsideStack === 'proven'
        ? `the RST bears the ${name}'s address, but the TCP that held the connection there did not make it: ${proven}`
        : `the RST bears the ${name}'s address, but does not look as if the ${name} made it`;
    const because = [cite('maker', headline, reset.packet.number), ...signs];
    if (exchange?.unanswered)
      because.push(
        cite(
          'exchange',
          `it came ${seconds(reset.packet.time - exchange.originator.lastDataTime)} after the client's last ${bytes(exchange.originator.sent)}`,
          exchange.originator.lastDataNumber,
          reset.packet.number,
        ),
      );
    const { tamperingSignature } = facts;
    const match =
      tamperingSignature !== null
        ? tamperingSignature.matches.find(({ side }) => side === reset.side)
        : undefined;
    if (match !== undefined)
      because.push(cite('tamperingSignature', match.says, ...match.packets.map((p) => p.number)));
    // Who made it may be proven; that says nothing of why, which is what the causes answer.
    return supported(maker.sender === 'middlebox' ? 'strong' : 'fair', because, maker.sender);
  },
  advice({ ttl, reset, application }) {
    const side = reset !== null ? who(reset.side) : 'server';
    const far =
      ttl !== null && ttl.delta !== 0
        ? `; its packets arrive here with TTL ${ttl.reset}, the ${side}'s with ${ttl.min === ttl.max ? ttl.max : `${ttl.min} to ${ttl.max}`}, and traceroute shows which hop fits`
        : '';
    const first = application !== null ? application.firstRequest : null;
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
      String.raw`# acknowledges the request 4 ms after it passed, at a round trip of 40 ms
server ip 10.0.0.2 port 443 ttl 57
handshake 40ms
+0.041 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.081 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.082 > P. len 120
+0.086 < R. ttl 61 win 0 nots id 4660`,
      String.raw`# the server goes on as if nothing had happened
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.060 < R. ttl 57
+0.131 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+0.200 < R.`,
    ],
  },
});
