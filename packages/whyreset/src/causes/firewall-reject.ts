import type { IcmpError } from '../connection/connection.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

/** Codes by which a filter says that it forbids (RFC 1812 §5.2.7.1, RFC 4443 §3.1; nft "reject with icmp"). */
const REJECTIONS: Record<string, string> = {
  '3/3': 'port unreachable',
  '3/9': 'network administratively prohibited',
  '3/10': 'host administratively prohibited',
  '3/13': 'communication administratively prohibited',
  '1/1': 'administratively prohibited',
  '1/4': 'port unreachable',
  '1/5': 'source address failed policy',
  '1/6': 'route rejected',
};

const meaning = (e: IcmpError) => REJECTIONS[`${e.type}/${e.code}`];

export default defineCause({
  id: 'firewall-reject',
  taxonomy: 'H2',
  family: 'refused',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Connection rejected by a firewall before the server',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: [],
  references: [
    'Linux net/ipv4/netfilter/nf_reject_ipv4.c nf_send_reset',
    'RFC 1812 §5.2.7.1',
    'RFC 4443 §3.1',
  ],
  explain:
    'A packet filter on the way refused the connection in the name of the server: it answered the SYN with a RST, or with an ICMP error. ' +
    'Header for header such a RST equals the one a closed port gives, except that it carries the TTL of the box that made it and often comes back sooner than the server could answer. ' +
    'The server never saw the SYN, so its logs and counters are silent. ' +
    'The client reads ECONNREFUSED or "connection refused" for a RST and for ICMP port unreachable, EHOSTUNREACH or "no route to host" for an administrative prohibition. ' +
    'A filter on the server host itself cannot be told from a closed port by packets; there only the OutRsts counter, which a filter does not raise, helps.',
  requires: ['handshake'],
  mayUse: ['reset', 'ttl', 'maker', 'icmp', 'endpoints', 'arrival', 'counterDeltas', 'neighbours'],
  refines: [],
  examine(facts) {
    const { reset, handshake, maker } = facts;
    if (handshake.synAck !== null || handshake.answered) return SILENT;
    const { icmp, arrival } = facts;
    const stopped =
      arrival !== null && arrival.course === 'stopped'
        ? cite('arrival', arrival.says, ...arrival.packets)
        : null;
    const rejection =
      icmp !== null
        ? icmp.errors.find((e) => e.about === 'originator' && meaning(e) !== undefined)
        : undefined;
    const { endpoints } = facts;
    if (rejection !== undefined) {
      const atServer = endpoints !== null && rejection.reporter === endpoints.server.address;
      return supported(
        'strong',
        [
          cite(
            'icmp',
            `${atServer ? 'the server host itself' : rejection.reporter} answered the SYN with ICMP ${rejection.type}/${rejection.code}, ${meaning(rejection)}`,
            handshake.syn.number,
            rejection.number,
          ),
          ...(stopped === null ? [] : [stopped]),
        ],
        atServer ? 'responder' : 'middlebox',
      );
    }
    if (reset === null || reset.side !== 'responder') return SILENT;
    const { number } = reset.packet;
    const answered = cite(
      'handshake',
      'the SYN was answered by a RST, and no SYN-ACK came',
      handshake.syn.number,
      number,
    );
    if (maker !== null && (maker.middlebox === 'proven' || maker.middlebox === 'likely')) {
      const signs = [...maker.proofs, ...maker.against].filter(({ fact }) => fact !== 'arrival');
      const because = stopped === null ? [answered] : [answered, stopped];
      return supported(
        'strong',
        [...because, ...signs.map((s) => ({ ...s, fact: 'maker' as const }))],
        maker.sender,
      );
    }
    const { ttl } = facts;
    // From the server's own distance another host that shares its address may have refused it as well.
    if (stopped !== null)
      return supported(ttl !== null && ttl.delta === 0 ? 'fair' : 'strong', [answered, stopped]);
    const { counterDeltas, neighbours } = facts;
    const accepts = neighbours?.server != null && neighbours.server.established > 0;
    if (counterDeltas?.silent)
      return supported(
        // Where the port accepts others, another host with the address may have refused this one.
        accepts ? 'fair' : 'strong',
        [
          answered,
          cite(
            'counterDeltas',
            'the TCP of the server’s host counted no RST of its own (OutRsts +0): a packet filter made it, on that host if not on the way',
            number,
          ),
        ],
        'responder',
      );
    if (ttl !== null && ttl.delta === 0) {
      const says = `TTL ${ttl.reset} is that of the server's other packets: no box on the way made the RST`;
      if (!accepts) return doubted('ttl', says, [number]);
      // The service lives: a filter on its own host would answer just so.
      return supported(
        'weak',
        [answered, cite('ttl', `${says}, but a filter on that host may have`, number)],
        'responder',
      );
    }
    if (reset.shape === 'passive' || reset.shape === 'foreign') {
      return supported('fair', [
        answered,
        cite('reset', 'no stack answers a SYN without acknowledging it (RFC 9293 §3.10.7.1)', number),
      ]);
    }
    return supported('weak', [answered]);
  },
  advice({ endpoints, icmp, ttl }) {
    const where =
      endpoints !== null ? `${endpoints.server.address} port ${endpoints.server.port}` : 'that port';
    const from = endpoints !== null ? endpoints.client.address : 'the client';
    const box = icmp !== null ? `; the rejecting host names itself, ${icmp.errors[0]!.reporter}` : '';
    const far =
      ttl !== null && ttl.delta !== 0
        ? ` (its packets arrive with TTL ${ttl.reset}, the server's with ${ttl.max})`
        : '';
    return [
      {
        who: 'path',
        do: `Allow ${from} to reach ${where} in the filter that rejects it${far}: nft list ruleset, iptables -nvL, the security group or network policy${box}`,
      },
      {
        who: 'server',
        do: 'Take a capture on the server during one attempt: no SYN there confirms that the rule lies before it, and nothing needs changing on the service',
      },
      {
        who: 'client',
        do: `Find the box with "tcptraceroute ${endpoints !== null ? `${endpoints.server.address} ${endpoints.server.port}` : 'HOST PORT'}": it stops where the refusal is made`,
      },
    ];
  },
  scenario: 'fw-reject-new',
  examples: {
    match: [
      `server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 > F.
+0.081 < F.
+0.081 > .
---
server port 8081
+1.000 > S
+1.001 < R. refusal ttl 64`,
      `# a box on the way says openly that it forbids
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.006 < icmp 3/13 from 10.0.9.9`,
      `# so does a filter on the server host
server ip fd00::2 port 8080 ttl 57
client ip fd00::1
+0.000 > S
+0.040 < icmp 1/1`,
    ],
    miss: [
      `server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 > F.
+0.081 < F.
+0.081 > .
---
server port 8081
+1.000 > S
+1.040 < R. refusal`,
      `# nobody forbids: the last router finds no host
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+1.000 > S seq 0
+3.000 > S seq 0
+3.100 < icmp 3/1 from 10.0.9.9`,
    ],
  },
});
