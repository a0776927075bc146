import { seconds, who } from '../evidence/packets.ts';
import { type Answer, cite, defineCause, doubted, type KnownFacts, SILENT, supported } from './define.ts';

/** After a longer pause it may as well be a box that had forgotten the connection, seconds. */
const BUSY = 2;

/** The filter says so itself, by ICMP: Linux goes on repeating until the program gives up (RFC 1122 §4.2.3.9). */
function byIcmp({ icmp, exchange }: Pick<KnownFacts, 'icmp' | 'exchange'>): Answer {
  if (icmp === null || icmp.rejection === null || exchange === null) return SILENT;
  const { number, about } = icmp.rejection;
  const peer = exchange[about === 'originator' ? 'responder' : 'originator'];
  // In mid-connection: the other side had spoken, so packets had been let through.
  if (peer.sent === 0 || peer.lastDataNumber > number) return SILENT;
  return supported(
    'strong',
    [
      cite('icmp', icmp.says, number),
      cite(
        'exchange',
        `until then the ${who(about === 'originator' ? 'responder' : 'originator')} had answered on this connection`,
        peer.lastDataNumber,
      ),
    ],
    'middlebox',
  );
}

export default defineCause({
  id: 'firewall-reject-mid-connection',
  taxonomy: 'P7L',
  family: 'box-reset',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'A box on the path began to reject the packets of a living connection',
  resetBy: 'path',
  benign: false,
  kernelReasons: [],
  counters: [],
  references: [
    'Linux net/ipv4/netfilter/nf_reject_ipv4.c nf_send_reset',
    'nftables manual, "reject with tcp reset"',
    'RFC 3360 (inappropriate TCP resets considered harmful)',
  ],
  explain:
    'The connection was at work when a packet filter on the way began to reject it: a rule was loaded, a policy or an address list changed, or a balancer in the path was replaced by one that does not know the connection. ' +
    'The filter answers each packet it rejects with a bare RST in the name of the other end, built from that packet’s own acknowledgement number, with the TTL of the box and sooner than the other end could answer. ' +
    'Often only one direction is rejected: the side that spoke is reset, and the other one knows nothing, keeps its half open and meets a RST only when it speaks itself. ' +
    'Neither application did anything, and no counter of the host whose address the RST carries moves. ' +
    'The side that spoke reads ECONNRESET, "connection reset by peer"; the other hangs, or fails much later.',
  requires: ['exchange'],
  mayUse: ['reset', 'trigger', 'maker', 'handshake', 'endings', 'idle', 'packetsAfterReset', 'ttl', 'icmp'],
  refines: ['injected-reset', 'retransmission-give-up'],
  examine({ reset, trigger, maker, exchange, handshake, endings, idle, packetsAfterReset, icmp }) {
    if (reset === null) return byIcmp({ icmp, exchange });
    if (reset.shape !== 'passive' || trigger === null || maker === null) return SILENT;
    if (endings === null || endings.closed.originator || endings.closed.responder) return SILENT;
    if (handshake !== null && !handshake.complete) return SILENT;
    const { side, packet } = reset;
    // In mid-connection: the side in whose name it was made had spoken, so a request of it had been let through.
    if (exchange[side].sent === 0) return SILENT;
    if (maker.middlebox === 'unlikely') {
      const [sign, second] = maker.fits;
      return sign !== undefined && second !== undefined
        ? doubted('maker', `${sign.says}; ${second.says}`, [...sign.packets, ...second.packets])
        : SILENT;
    }
    if (maker.madeOutsideStack === 'unclear') return SILENT;
    const speaker = who(side === 'originator' ? 'responder' : 'originator');
    const because = [
      cite(
        'trigger',
        `${seconds(trigger.delay)} after packet ${trigger.packet.number} of the ${speaker} a bare RST came back, built from that packet’s own ACK, as a rule that rejects builds it`,
        trigger.packet.number,
        packet.number,
      ),
      ...[...maker.proofs, ...maker.against].map(({ says, packets }) => cite('maker', says, ...packets)),
      cite(
        'exchange',
        `until then the ${who(side)} had answered on this connection, and neither side had closed it`,
        exchange[side].lastDataNumber > 0 ? exchange[side].lastDataNumber : packet.number,
      ),
    ];
    if (packetsAfterReset !== null && packetsAfterReset.packets.length > 0)
      because.push(
        cite(
          'packetsAfterReset',
          `the ${who(side)} itself goes on: only this direction is rejected`,
          packetsAfterReset.packets[0]!.number,
        ),
      );
    if (maker.byFilter && maker.own !== null)
      because.push(
        cite(
          'maker',
          `${maker.own.says}; its TCP went on, so a packet filter on it did`,
          ...maker.own.packets,
        ),
      );
    // After a pause a state that was lost looks the same; and a maker that is not even located may be another host.
    const paused = idle?.silent && idle.gap >= BUSY;
    const located = maker.sender !== 'undetermined';
    return supported(paused || !located ? 'fair' : 'strong', because, maker.sender);
  },
  advice({ reset, ttl }) {
    const side = reset !== null ? who(reset.side) : 'server';
    const far =
      ttl !== null && ttl.delta !== 0
        ? ` (its RST arrives with TTL ${ttl.reset}, the ${side}'s packets with ${ttl.max}; traceroute shows which hop fits)`
        : '';
    return [
      {
        who: 'path',
        do: `Find the filter${far} and what changed there at that moment: nft list ruleset, iptables -nvL, security policy push, address list, failover of a balancer or firewall without state synchronisation`,
      },
      {
        who: 'path',
        do: 'Let rules for new connections spare the living ones: accept established and related first (nft "ct state established,related accept"), reject only ct state new, and synchronise state between a pair (conntrackd, HA sync)',
      },
      {
        who: side === 'server' ? 'client' : 'server',
        do: 'Treat it as any lost connection: retry idempotent work on a new one; whether the new one is rejected as well (ECONNREFUSED at once) tells a rule from a lost state',
      },
      {
        who: side,
        do: 'Use TCP keep-alive or heartbeats, or its half of the connection stays open for hours: it receives no packet that ends it',
      },
    ];
  },
  scenario: 'fw-reject-live',
  examples: {
    match: [
      String.raw`# at the client: the second request is rejected by the router next door
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+0.500 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.501 < R passive ttl 64`,
      String.raw`# at the server: its response is rejected in the name of the client, who lives on
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.042 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.082 > .
+0.500 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.501 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.502 > R passive ttl 64
+0.800 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n" seq 57`,
    ],
    miss: [
      String.raw`# the host itself has forgotten the connection
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+5.500 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+5.540 < R passive`,
      `# the SYN itself was rejected
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.001 < R. refusal ttl 64`,
      String.raw`# the first request, of which the server had not said a word yet
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.042 < R passive ttl 64`,
    ],
  },
});
