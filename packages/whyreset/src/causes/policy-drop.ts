import { seconds, thousands } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

export default defineCause({
  id: 'policy-drop',
  taxonomy: 'H12',
  family: 'no-reply',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Connection attempts dropped in silence by a policy, or no way to the host',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: ['TcpRetransSegs', 'TCPSynRetrans', 'AttemptFails'],
  references: [
    'RFC 9293 §3.8.3 (R2 for a SYN)',
    'Linux Documentation/networking/ip-sysctl.rst tcp_syn_retries, tcp_syn_linear_timeouts',
    'AWS VPC security groups: traffic that no rule allows is dropped without an answer',
  ],
  explain:
    'The client asked for a connection again and again, and nothing ever came back: no SYN-ACK, no RST, no ICMP error. ' +
    'A filter that drops instead of rejecting does that (security group, network policy, iptables DROP), and so does a route that leads nowhere or a host that is down. ' +
    'A closed port would have answered with a RST, so a filter on the way or on the host drops the SYN, or the host is not there. ' +
    'A server whose accept queue is full also drops SYNs, but only while it is full: other connections to the port succeed before and after. ' +
    'The client waits for its own timeout or about two minutes for the kernel’s: ETIMEDOUT, "connection timed out", UND_ERR_CONNECT_TIMEOUT, i/o timeout, curl 28.',
  requires: [],
  mayUse: ['unansweredSyn', 'handshake', 'icmp', 'endpoints', 'arrival'],
  refines: [],
  examine({ unansweredSyn: silence, handshake, icmp, arrival }) {
    if (silence === null) {
      if (handshake === null || handshake.syns.length < 2 || handshake.synAck !== null || icmp === null)
        return SILENT;
      const [error] = icmp.errors;
      return contradicted('icmp', 'an ICMP error answered the SYN, which a silent drop does not', [
        error!.number,
      ]);
    }
    const { syns, span, atServer, server, hostHeard } = silence;
    const numbers = syns.slice(0, 4).map((p) => p.number);
    const because = [
      cite(
        'unansweredSyn',
        `${syns.length} SYNs in ${seconds(span)}, and not a packet in return: no SYN-ACK, no RST, no ICMP error`,
        ...numbers,
      ),
    ];
    if (arrival !== null && (arrival.course === 'stopped' || arrival.answers.length > 0)) {
      because.push(cite('arrival', arrival.says, ...arrival.packets));
      // Elsewhere than at the host itself another way round the capture is left.
      return supported('strong', because, 'middlebox');
    }
    const answered = server === null ? 0 : server.established + server.refused;
    if (answered > 0) {
      because.push(
        cite(
          'unansweredSyn',
          `but the same address and port answered ${thousands(answered)} other attempts in this capture`,
          numbers[0]!,
        ),
      );
      return supported('weak', because, 'middlebox');
    }
    if (server !== null && server.unanswered > 1)
      because.push(
        cite(
          'unansweredSyn',
          `all ${thousands(server.unanswered)} attempts at this address and port met the same silence`,
          numbers[0]!,
        ),
      );
    if (atServer) {
      because.push(
        cite(
          'unansweredSyn',
          'the SYNs did reach the server host: a filter on the way is ruled out',
          numbers[0]!,
        ),
      );
      return supported('fair', because, 'responder');
    }
    if (hostHeard)
      because.push(
        cite(
          'unansweredSyn',
          'the host itself answers in other connections: it is up, and only this port is silent',
          numbers[0]!,
        ),
      );
    return supported('fair', because, 'middlebox');
  },
  advice({ unansweredSyn: silence, endpoints }) {
    const where =
      endpoints !== null ? `${endpoints.server.address} port ${endpoints.server.port}` : 'HOST port PORT';
    const from = endpoints !== null ? endpoints.client.address : 'the client';
    const arrived = silence?.atServer;
    return [
      {
        who: 'path',
        do: arrived
          ? `Look at the filter on the server host itself, since the SYNs reach it: nft list ruleset, iptables -nvL INPUT; a rule that drops ${from} on ${where}, or an asymmetric route by which the answer leaves unseen`
          : `Allow ${from} to reach ${where}: security group, network ACL, network policy, firewall; the flow log of each names the one that drops. Check the route too: "tcptraceroute ${endpoints !== null ? `${endpoints.server.address} ${endpoints.server.port}` : 'HOST PORT'}" stops where the packets are lost`,
      },
      {
        who: 'server',
        do: 'See whether the SYN arrives: tcpdump on the server during one attempt. If it does, compare ListenOverflows and ListenDrops before and after (nstat -az) and look at ss -ltn: a full accept queue is silent too',
      },
      {
        who: 'client',
        do: 'Set a connect timeout of a few seconds, so that silence costs seconds and not the two minutes of the kernel, and try the next address of the name (happy eyeballs); nothing was sent, so a retry is safe',
      },
    ];
  },
  scenario: 'fw-drop',
  examples: {
    match: [
      `# at the client; another port of the same host answers
server ip 10.0.0.2 port 22 ttl 57
handshake 40ms
+0.041 > F.
+0.081 < F.
+0.081 > .
---
server port 8080
+1.000 > S
+2.030 > S seq 0
+4.050 > S seq 0`,
      `# at the server: the SYNs arrive, and the host stays silent
client ip 10.0.0.1 port 39000 ttl 57
server ip 10.0.0.2 port 22 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > F.
+0.041 < F.
+0.081 > .
---
client port 40000
server port 8080
+1.000 > S
+2.030 > S seq 0
+4.050 > S seq 0`,
    ],
    miss: [
      `# a filter that says so
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+1.030 > S seq 0
+1.031 < R. refusal ttl 64`,
      String.raw`# lost once, then served, and reset for another reason
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+1.030 > S seq 0
+1.070 < S.
+1.070 > .
+1.071 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+1.111 < R.`,
    ],
  },
});
