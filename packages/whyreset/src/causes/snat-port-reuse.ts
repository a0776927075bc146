import { seconds } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

/** A pair of addresses and ports should rest this long: twice the maximum segment lifetime (RFC 9293 §3.4.2), seconds. */
const QUARANTINE = 240;

export default defineCause({
  id: 'snat-port-reuse',
  taxonomy: 'H9',
  family: 'port-reuse',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Address translator gave out a port again while the server still knew it',
  resetBy: 'originator',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_INVALID_ACK_SEQUENCE'],
  counters: ['TCPChallengeACK', 'TCPSYNChallenge', 'PAWSEstab'],
  references: [
    'RFC 5382 REQ-5 (how long a NAT keeps a TCP mapping)',
    'RFC 6056 §2.3 (collisions of port numbers)',
    'Azure NAT gateway and Load Balancer: SNAT port exhaustion; Google Cloud NAT: TCP TIME_WAIT timeout',
  ],
  explain:
    'Many clients share one public address, and the translator in front of them gave the same port to a new connection while the server still held, or still remembered, the previous one to the same address and port. ' +
    'The server takes the SYN for a stray packet of the old connection: it answers with an ACK of the old stream, and the new client’s kernel resets that; or it drops the SYN and the connect times out. ' +
    'It comes in bursts, at high rates of short connections to one destination, when the translator runs out of ports. ' +
    'Clients see connects that take a second longer, time out (ETIMEDOUT, UND_ERR_CONNECT_TIMEOUT, i/o timeout), or a server that resets an established connection of another client. ' +
    'The translator’s own metrics tell: failed SNAT connections, allocation failures, conntrack insert_failed.',
  requires: ['handshake'],
  mayUse: ['reset', 'trigger', 'predecessor', 'unansweredSyn', 'vantage', 'endpoints'],
  refines: [],
  examine({ handshake, reset, trigger, predecessor, unansweredSyn: silence, vantage }) {
    const { syn, foreignAck } = handshake;
    if (foreignAck === null && silence === null) return SILENT;
    const because = [
      silence !== null
        ? cite(
            'unansweredSyn',
            `${silence.syns.length} SYNs in ${seconds(silence.span)} met silence`,
            ...silence.syns.slice(0, 3).map((p) => p.number),
          )
        : cite(
            'handshake',
            'the server answered the SYN with an ACK of an older connection on the same addresses and ports',
            syn.number,
            foreignAck!.number,
          ),
    ];
    if (reset !== null) {
      const own = trigger !== null && trigger.packet.number === foreignAck?.number;
      if (reset.side !== 'originator' || !own) return SILENT;
      because.push(cite('trigger', 'the client’s kernel reset that ACK', reset.packet.number));
    }
    // At the client itself its own ports are seen, not those of a translator: only a port that was in use here is its own doing.
    if (vantage !== null && vantage.at === 'originator')
      return silence !== null || predecessor !== null ? SILENT : supported('weak', because);
    if (predecessor !== null && predecessor.otherHost !== null && predecessor.gap < QUARANTINE) {
      because.push(cite('predecessor', predecessor.otherHost, predecessor.number));
      return supported('strong', because);
    }
    if (predecessor !== null && predecessor.gap < QUARANTINE) {
      const says = `the same addresses and ports had been in use until ${seconds(predecessor.gap)} before, sooner than a port should be given out again`;
      because.push(cite('predecessor', says, predecessor.number));
      return supported('fair', because);
    }
    return silence !== null ? SILENT : supported('weak', because);
  },
  advice({ predecessor, endpoints }) {
    const gap = predecessor !== null ? ` (here again after ${seconds(predecessor.gap)})` : '';
    const to =
      endpoints !== null ? `${endpoints.server.address} port ${endpoints.server.port}` : 'one destination';
    return [
      {
        who: 'path',
        do: `Give the translator more ports for ${to}: more public addresses or a NAT gateway, more ports per host, endpoint-independent mapping off where it wastes them; and let a closed mapping rest for a TIME_WAIT${gap} (Linux nf_conntrack_tcp_timeout_time_wait, Cloud NAT --tcp-time-wait-timeout)`,
      },
      {
        who: 'client',
        do: 'Open fewer connections: pools and keep-alive instead of one connection per request; private endpoints or IPv6 to that destination need no translation at all',
      },
      {
        who: 'server',
        do: 'Let the client close first, so that TIME_WAIT is not on the server, and find dead connections by TCP keep-alive; a lower net.ipv4.tcp_fin_timeout does not shorten TIME_WAIT',
      },
    ];
  },
  scenario: 'snat-collision',
  examples: {
    match: [
      `# at the server: the same address and port again, from another host behind it (TTL 120 after 57)
client ip 203.0.113.1 port 40000 ttl 57
server ip 10.0.0.2 port 443 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > P. len 60
+0.042 < P. len 90
+0.082 > .
---
client port 40000 ttl 120
+3.000 > S
+3.000 < . seq 91 ack 3000061
+3.040 > R passive`,
      `# behind the translator: one port twice, and the second SYN meets silence
client ip 203.0.113.1 port 40000 ttl 57
server ip 10.0.0.2 port 443 ttl 50
+0.000 > S
+0.020 < S.
+0.040 > .
+0.041 > P. len 60
+0.062 < P. len 90
+0.082 > F.
+0.102 < F.
+0.122 > .
---
client port 40000 ttl 120
+2.000 > S
+3.030 > S
+5.050 > S`,
    ],
    miss: [
      `# at the client: its own port, its own old connection
client ip 10.0.0.1 port 40000 ttl 64
server ip 10.0.0.2 port 443 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
---
client port 40000
+30.000 > S
+30.040 < . seq 91 ack 3000061
+30.040 > R passive`,
      `# a fresh port
client ip 203.0.113.1 port 40000 ttl 57
server ip 10.0.0.2 port 443 ttl 50
+2.000 > S
+3.030 > S
+5.050 > S`,
    ],
  },
});
