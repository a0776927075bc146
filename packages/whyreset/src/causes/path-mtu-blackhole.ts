import { other, seconds, thousands, who } from '../evidence/packets.ts';
import { type Citation, cite, defineCause, SILENT, supported } from './define.ts';

/** Fewer large segments lost in a row are a moment of loss. */
const SEVERAL = 3;

export default defineCause({
  id: 'path-mtu-blackhole',
  taxonomy: 'D13',
  family: 'no-reply',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Large packets vanish on the path, small ones pass: path MTU black hole',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: ['TCPMTUPFail', 'TCPMTUPSuccess', 'TCPAbortOnTimeout', 'RetransSegs'],
  references: [
    'RFC 1191 §4 and RFC 8201 (path MTU discovery)',
    'RFC 2923 §2.1 (black holes)',
    'RFC 4821 (discovery without ICMP); Linux net.ipv4.tcp_mtu_probing',
  ],
  explain:
    'The handshake and short messages went through, and then the first packet of full size was lost, and lost again each time it was repeated. ' +
    'A link on the path (VPN, tunnel, PPPoE, overlay network) carries only smaller packets, and these forbid to be fragmented. ' +
    'The router before that link should say so with ICMP "fragmentation needed"; here it did not, or a filter dropped the message, or the sender ignored it. ' +
    'So the connection hangs as soon as one side sends much: uploads, large queries, TLS certificates, `ls` in a long directory. ' +
    'The program sees a timeout (ETIMEDOUT, "Read timed out", curl 28) and, when one side loses patience or has forgotten the connection, a late ECONNRESET.',
  requires: ['segmentSizes', 'giveUp'],
  mayUse: ['reset', 'idle', 'coverage'],
  refines: [
    'retransmission-give-up',
    'client-gave-up',
    'middlebox-idle-silent-drop',
    'server-timeout-on-slow-client',
    'write-after-close',
    'max-requests-or-age',
    'stale-pool-reuse',
    'abort-by-linger-zero',
  ],
  examine({ segmentSizes, giveUp, reset, coverage }) {
    const { side, large, lost, arrived, dontFragment, whole, alive, tooBig, despite } = segmentSizes;
    if (!dontFragment || coverage === null || !coverage.bothWays) return SILENT;
    if (large.length < SEVERAL && tooBig === null) return SILENT;
    const name = who(side);
    const because: Citation[] = [
      cite(
        'segmentSizes',
        `the ${name} repeated ${large.length} times packets of at least ${thousands(lost)} bytes that forbid fragmentation, over ${seconds(giveUp.span)}, and none was acknowledged`,
        giveUp.first.number,
        ...large.slice(0, 3).map(({ number }) => number),
      ),
    ];
    if (arrived > 0)
      because.push(
        cite(
          'segmentSizes',
          `nothing larger than ${thousands(arrived)} bytes of it had ever arrived`,
          giveUp.first.number,
        ),
      );
    if (alive !== null)
      because.push(
        cite(
          'segmentSizes',
          `meanwhile small packets of the ${who(other(side))} came through (packet ${alive.number}): the path is not dead`,
          alive.number,
        ),
      );
    if (tooBig !== null) {
      const mtu = tooBig.mtu > 0 ? `, next link ${thousands(tooBig.mtu)} bytes` : '';
      because.push(
        cite(
          'segmentSizes',
          `${tooBig.reporter} had said that they are too big (ICMP ${tooBig.type}/${tooBig.code}${mtu})`,
          tooBig.number,
        ),
      );
      if (despite.length > 0)
        because.push(
          cite(
            'segmentSizes',
            `the ${name} went on sending larger ones: the message did not reach it, or it did not heed it`,
            despite[0]!.number,
          ),
        );
    }
    const sender = reset !== null ? reset.side : 'middlebox';
    if (despite.length > 0) return supported('strong', because, sender);
    if (arrived > 0 && alive !== null && whole) return supported('strong', because, sender);
    return supported(arrived > 0 || alive !== null || tooBig !== null ? 'fair' : 'weak', because, sender);
  },
  advice({ segmentSizes, giveUp }) {
    const known = segmentSizes !== null ? segmentSizes : null;
    const side = known === null ? 'client' : who(known.side);
    const lost = known === null ? 'N' : thousands(known.lost);
    const mtu = known?.tooBig?.mtu ?? 0;
    const span = giveUp !== null ? ` (here it took ${seconds(giveUp.span)} of repeating)` : '';
    return [
      {
        who: 'path',
        do: `Let ICMP type 3 code 4 (IPv6: type 2) through every firewall between the two, so that senders learn the true size${mtu > 0 ? ` of ${thousands(mtu)} bytes` : ''}; on the tunnel or VPN gateway clamp the MSS as well (nft "tcp option maxseg size set rt mtu", iptables TCPMSS --clamp-mss-to-pmtu)`,
      },
      {
        who: side,
        do: `Confirm the size: packets of ${lost} bytes vanish; "ping -M do -s SIZE HOST" or tracepath finds the largest that passes. Then give the interface or the route that MTU (ip route … mtu N, the MTU of the container network or VPN client)`,
      },
      {
        who: side,
        do: `Let the kernel find out by itself: net.ipv4.tcp_mtu_probing=1 makes Linux try smaller segments after a few unacknowledged repetitions${span}`,
      },
    ];
  },
  scenario: 'pmtu-blackhole',
  examples: {
    match: [
      `# at the client: small queries pass, the large one never arrives; the server's keep-alive still comes
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+0.100 > . len 1448
+0.400 > . len 1448 seq 61
+1.000 > . len 1448 seq 61
+1.500 < . ack 61 seq 90
+2.200 > . len 1448 seq 61
+4.600 > . len 1448 seq 61
+9.400 > . len 1448 seq 61`,
      String.raw`# at the server: a long answer; a router says what is wrong, and the server does not hear it
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.060 < . len 1448
+0.061 < . len 1448
+0.066 > icmp 3/4 from 10.0.9.9 mtu 1400 quote 1
+0.300 < . len 1448 seq 1
+0.800 < . len 1448 seq 1
+1.800 < . len 1448 seq 1
+3.800 < . len 1448 seq 1
+9.000 > R.`,
    ],
    miss: [
      `# small packets are lost as well
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 400
+0.081 < P. len 90
+0.081 > .
+0.500 > P. len 60
+0.800 > P. len 60 seq 401
+1.400 > P. len 60 seq 401
+2.600 > P. len 60 seq 401
+5.000 > P. len 60 seq 401`,
      `# as large ones had arrived before
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > . len 1448
+0.081 < .
+0.500 > . len 1448
+0.800 > . len 1448 seq 1449
+1.400 > . len 1448 seq 1449
+2.600 > . len 1448 seq 1449
+5.000 > . len 1448 seq 1449`,
    ],
  },
});
