import { seconds } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

/** A connect is answered in less unless something is slow; programs that give up wait at least this long, seconds. */
const LATE = 1;

export default defineCause({
  id: 'reset-of-unexpected-syn-ack',
  taxonomy: 'H10',
  family: 'refused',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Client’s kernel refused a SYN-ACK that no socket waited for',
  resetBy: 'originator',
  benign: false,
  kernelReasons: ['SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts', 'AttemptFails'],
  references: [
    'RFC 9293 §3.10.7.1 (segment for a connection that does not exist)',
    'Linux net/ipv4/tcp_ipv4.c tcp_v4_send_reset',
    'nmap reference guide, TCP SYN scan',
  ],
  explain:
    'The server answered a SYN, and the kernel at the client’s address replied to the SYN-ACK with a bare RST: it holds no socket that waits for it. ' +
    'Either the program had given up meanwhile (connect timeout, cancelled, killed) because the answer came late; ' +
    'or the SYN-ACK went to a host that never asked (a route by which answers reach another host, a forged sender address, a translation that was lost); ' +
    'or the SYN was made by a scanner that builds its own packets, of which the kernel knows nothing. ' +
    'No connection came about and no request was lost. ' +
    'A client that gave up reports its own timeout (ETIMEDOUT, UND_ERR_CONNECT_TIMEOUT, i/o timeout); the server counts an embryonic reset and logs nothing.',
  requires: ['reset', 'trigger'],
  mayUse: ['handshake', 'exchange', 'coverage', 'endpoints'],
  refines: ['health-check-reset'],
  examine({ handshake, reset, trigger, exchange, coverage }) {
    if (reset.side !== 'originator' || reset.shape !== 'passive') return SILENT;
    if (exchange === null || !exchange.silent || coverage === null) return SILENT;
    const { packet: synAck } = trigger;
    const { number } = reset.packet;
    const opens = (synAck.flags & 0x12) === 0x12;
    if (!opens) return SILENT;
    const refused = cite(
      'trigger',
      'the kernel at the client’s address answered the SYN-ACK with a bare RST, sequence number copied from it: no socket waited for it',
      synAck.number,
      number,
    );
    if (handshake === null) {
      if (coverage.fromStart) return SILENT;
      const never = cite(
        'coverage',
        'no SYN of that client was seen: the answer went to a host that, as far as this capture shows, never asked',
        synAck.number,
      );
      return supported('fair', [refused, never]);
    }
    if (handshake.foreignAck !== null || handshake.ack !== null) return SILENT;
    const { syns, syn } = handshake;
    const waited = synAck.time - syn.time;
    if (waited < LATE && syns.length < 2) return supported('weak', [refused]);
    const late = cite(
      'handshake',
      `the answer came ${seconds(waited)} after the first SYN${syns.length > 1 ? `, which had been sent ${syns.length} times` : ''}: the program had stopped waiting`,
      syn.number,
      synAck.number,
    );
    return supported(waited >= LATE ? 'strong' : 'fair', [refused, late]);
  },
  advice({ handshake, endpoints }) {
    const waited =
      handshake !== null && handshake.synAck !== null
        ? seconds(handshake.synAck.time - handshake.syn.time)
        : 'T';
    const from = endpoints !== null ? endpoints.client.address : 'the client';
    return [
      {
        who: 'client',
        do: `Compare the connect timeout of the program at ${from} with the ${waited} that the answer took; raise it, or find out why the answer is slow (a lost SYN costs one second, two cost three)`,
      },
      {
        who: 'server',
        do: 'Look for dropped SYNs at that time (nstat -az TcpExtListenOverflows TcpExtListenDrops): a full queue makes answers late; an address that never asked is a scanner or forged',
      },
      {
        who: 'path',
        do: `If ${from} did ask but from another host or interface, make the way back the same as the way there: policy routing, one NAT for both directions, net.ipv4.conf.all.rp_filter`,
      },
    ];
  },
  scenario: 'syn-ack-refused',
  examples: {
    match: [
      `# at the client: the connect was given up after two seconds
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+1.030 > S
+3.100 < S.
+3.100 > R passive`,
      `# at the server: its answer to the third SYN comes too late
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+1.030 > S
+3.050 > S
+3.051 < S.
+3.091 > R passive`,
      `# at a host that never asked
server ip 10.0.0.2 port 8080 ttl 57
+0.000 < S. rawack 12345
+0.000 > R rawseq 12345 win 0 nots id 0`,
    ],
    miss: [
      `# the program itself aborted
server ip 10.0.0.2 port 8080 ttl 57
handshake 3040ms
+3.041 > R.`,
      `# an old connection on the same ports
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.040 < . seq 5000000 ack 7000000
+0.040 > R passive`,
    ],
  },
});
