import { seconds } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

export default defineCause({
  id: 'stale-four-tuple',
  taxonomy: 'H8',
  family: 'port-reuse',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'The server still held an old connection on these addresses and ports',
  resetBy: 'originator',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_INVALID_ACK_SEQUENCE'],
  counters: ['TCPChallengeACK', 'TCPSYNChallenge', 'TCPSynRetrans'],
  references: [
    'RFC 9293 §3.5.1, figure 10 (recovery from old duplicate SYN, half-open)',
    'RFC 5961 §4 (challenge ACK)',
    'Linux net/ipv4/tcp_input.c tcp_rcv_synsent_state_process',
  ],
  explain:
    'The client opened a connection from a port that it, or another host behind the same address, had used before, and the server still held the old connection: its end had crashed, was rebooted, or its FIN was lost. ' +
    'To the SYN the server answered with an ACK of the old stream, as the rules demand. ' +
    'The client’s kernel cannot place that number and answers with a bare RST, which clears the old connection away; then it sends its SYN again and is served. ' +
    'So the new connection usually succeeds a moment later, and the one that breaks is the old one: its socket on the server reads ECONNRESET. ' +
    'If the RST or the ACK is dropped on the way (a firewall that knows no such connection), the connect hangs until it times out.',
  requires: ['handshake'],
  mayUse: ['reset', 'trigger', 'predecessor', 'endpoints'],
  refines: ['peer-lost-state'],
  examine({ handshake, reset, trigger, predecessor }) {
    if (handshake.foreignAck === null) return SILENT;
    const { syn, foreignAck } = handshake;
    const foreign = cite(
      'handshake',
      `the server answered the SYN with an ACK of ${foreignAck.ack}, a number this client never sent: it still held an older connection on the same addresses and ports`,
      syn.number,
      foreignAck.number,
    );
    if (predecessor !== null && predecessor.otherHost !== null) return SILENT;
    const because = [foreign];
    if (predecessor?.open)
      because.push(
        cite(
          'predecessor',
          `that one is in this capture: last heard ${seconds(predecessor.gap)} before, and never closed`,
          predecessor.number,
        ),
      );
    const answered =
      reset !== null &&
      reset.side === 'originator' &&
      reset.shape === 'passive' &&
      trigger !== null &&
      trigger.packet.number === foreignAck.number;
    if (!answered) return reset !== null ? SILENT : supported('fair', because);
    because.push(
      cite(
        'trigger',
        'the client’s kernel answered that ACK with a bare RST, sequence number copied from it, which clears the old connection away',
        foreignAck.number,
        reset.packet.number,
      ),
    );
    return supported('strong', because);
  },
  advice({ endpoints, predecessor }) {
    const from =
      endpoints !== null ? `${endpoints.client.address} port ${endpoints.client.port}` : 'the client';
    const old = predecessor !== null ? `, last heard ${seconds(predecessor.gap)} before` : '';
    return [
      {
        who: 'server',
        do: `Find dead connections sooner, so that none waits for its own successor${old}: TCP keep-alive on accepted sockets (SO_KEEPALIVE with TCP_KEEPIDLE of a minute or so, Node server.listen with keepAlive, PostgreSQL tcp_keepalives_idle) or heartbeats of the protocol`,
      },
      {
        who: 'client',
        do: `Close connections properly at shutdown instead of kill -9 or power-off, do not bind a fixed source port (${from}), and keep net.ipv4.ip_local_port_range wide so that a port comes round late`,
      },
      {
        who: 'path',
        do: 'Let a stateful firewall pass the ACK and the RST of this exchange (net.netfilter.nf_conntrack_tcp_be_liberal, no drop of INVALID before the RST), or the connect hangs instead of recovering',
      },
    ];
  },
  scenario: 'port-reuse',
  examples: {
    match: [
      `# at the client: SYN, an ACK of something else, RST, and SYN again
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < . seq 5000000 ack 7000000
+0.040 > R passive
+0.044 handshake 40ms
+0.085 > P. len 60
+0.125 < P. len 90
+0.130 > F.
+0.170 < F.
+0.170 > .`,
      `# at the server: the SYN comes into a connection that is still open
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 5432 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > P. len 60
+0.042 < P. len 90
+0.082 > .
---
client port 40000
+30.000 > S
+30.000 < . seq 91 ack 3000061
+30.040 > R passive
+30.044 > S
+30.044 < S.
+30.084 > .`,
    ],
    miss: [
      `# the port was closed
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < R. refusal`,
      `# the server knew nothing; the client’s kernel refused a SYN-ACK
server ip 10.0.0.2 port 5432 ttl 57
+0.000 > S
+0.040 < S.
+0.040 > R passive`,
    ],
  },
});
