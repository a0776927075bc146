import { bytes, other, seconds, who } from '../evidence/packets.ts';
import { type Answer, cite, defineCause, type KnownFacts, SILENT, supported } from './define.ts';

/** A side that was heard this shortly before has neither rebooted nor closed unnoticed, seconds. */
const JUST_HEARD = 0.5;

/** At the client: the RST answers packets from an address that it never dialled. */
function stray({ untranslated, reset }: Pick<KnownFacts, 'untranslated' | 'reset'>): Answer {
  if (untranslated === null || reset === null) return SILENT;
  const { address, port } = untranslated;
  const { number } = reset.packet;
  return supported(
    'proof',
    [
      cite(
        'untranslated',
        `these packets carry the sequence numbers of the client port’s connection with ${address} port ${port}, but another address: a translator let them through as they were`,
        number,
      ),
      cite(
        'reset',
        `the ${who(reset.side)}’s kernel has no connection with that address, and answered with a bare RST`,
        number,
      ),
    ],
    reset.side,
  );
}

/** At the client: the connection whose packets came astray. */
function bereft({
  untranslated,
  reset,
  loss,
  maker,
}: Pick<KnownFacts, 'untranslated' | 'reset' | 'loss' | 'maker'>): Answer {
  if (untranslated === null) return SILENT;
  const { address, port, time } = untranslated;
  const repeated = loss !== null ? loss.unanswered[0]?.number : undefined;
  const at = reset !== null ? reset.packet.number : repeated;
  if (at === undefined) return SILENT;
  const says = `packets with the numbers of this very stream came from ${address} port ${port} as well, untranslated, and the client’s kernel reset them: so the server learnt that its connection was gone`;
  const because = [cite('untranslated', says, at)];
  if (reset !== null)
    because.push(
      cite('reset', `what the ${who(other(reset.side))} sent after that was answered with a RST`, at),
    );
  if (reset === null) return supported('strong', because, 'middlebox');
  // The translator may answer in the server's name once it has forgotten the connection altogether.
  const own = maker !== null && maker.middlebox === 'unlikely';
  return supported(reset.packet.time >= time ? 'proof' : 'fair', because, own ? reset.side : 'undetermined');
}

/** At the server: a RST from a client that a moment ago was well. */
function atServer(
  facts: Pick<
    KnownFacts,
    'reset' | 'trigger' | 'endings' | 'handshake' | 'exchange' | 'maker' | 'lastReceived'
  >,
): Answer {
  const { reset, trigger, endings, handshake, exchange, maker, lastReceived } = facts;
  if (reset === null || reset.side !== 'originator' || reset.shape !== 'passive') return SILENT;
  if (trigger === null || trigger.packet.length === 0 || trigger.packet.keepAliveProbe) return SILENT;
  if (endings === null || endings.originator !== null || endings.responder !== null) return SILENT;
  if (handshake === null || !handshake.complete || exchange === null || exchange.silent) return SILENT;
  if (maker === null || maker.middlebox === 'proven' || maker.middlebox === 'likely') return SILENT;
  // A side that had repeated its own bytes without an answer gave up, which is told as such.
  if (lastReceived === null || lastReceived.packet.retransmission) return SILENT;
  const { packet } = lastReceived;
  const since = trigger.packet.time - packet.time;
  if (since > JUST_HEARD) return SILENT;
  // A first answer that is refused is rather the work of one who cut the client off by what it asked for.
  const translated = exchange.responder.sent > exchange.responder.unacked;
  return supported(
    translated ? 'fair' : 'weak',
    [
      cite(
        'trigger',
        `the client’s stack answered the server’s ${bytes(trigger.packet.length)} in packet ${trigger.packet.number} as if it knew no such connection, without having closed it`,
        trigger.packet.number,
        reset.packet.number,
      ),
      cite(
        'lastReceived',
        `only ${seconds(since)} before it had sent packet ${packet.number} as usual: it had neither rebooted nor closed, but may have got this packet from another address`,
        packet.number,
      ),
    ],
    'originator',
  );
}

export default defineCause({
  id: 'unnatted-reply',
  taxonomy: 'D10',
  family: 'box-reset',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Reply came through untranslated, and the client’s own kernel reset it (conntrack INVALID)',
  resetBy: 'path',
  benign: false,
  kernelReasons: ['SK_RST_REASON_NO_SOCKET'],
  counters: ['OutRsts'],
  references: [
    'kubernetes.io blog 2019-03-29, kube-proxy subtleties: debugging an intermittent connection reset',
    'kubernetes/kubernetes#74839',
    'Linux net.netfilter.nf_conntrack_tcp_be_liberal; net/netfilter/nf_conntrack_proto_tcp.c tcp_in_window',
  ],
  explain:
    'The client had dialled a service address, and a translator (kube-proxy, a NAT gateway, a balancer) turned that into the address of one server, and the replies back. ' +
    'For one reply it did not: its connection tracking called the packet INVALID, because of a full window, a lost entry or a full table, and an invalid packet passes as it is. ' +
    'So the client’s kernel got a packet from an address that it had never dialled, knew no such connection and answered with a bare RST, as it must. ' +
    'The RST reaches the server, whose program reads ECONNRESET "from the client", though the client’s program did nothing. ' +
    'The client notices at its next packet, which meets a server that has dropped the connection: "read ECONNRESET", often in the middle of a long download.',
  requires: [],
  mayUse: [
    'untranslated',
    'reset',
    'trigger',
    'endings',
    'handshake',
    'exchange',
    'maker',
    'loss',
    'lastReceived',
  ],
  refines: ['peer-lost-state'],
  examine(facts) {
    const { untranslated } = facts;
    if (untranslated === null) return atServer(facts);
    return untranslated.stray ? stray(facts) : bereft(facts);
  },
  advice({ untranslated }) {
    const pair =
      untranslated !== null
        ? ` (${untranslated.address} port ${untranslated.port} is the other name of this stream)`
        : '';
    return [
      {
        who: 'path',
        do: `On the host that translates${pair}, set net.netfilter.nf_conntrack_tcp_be_liberal=1, or drop what is INVALID instead of letting it through (iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP, nft "ct state invalid drop"; kube-proxy does so since 1.15)`,
      },
      {
        who: 'path',
        do: 'Look why the packets are invalid: conntrack -S (invalid, insert_failed, drop), a full table (nf_conntrack_count against nf_conntrack_max), entries that expire before the connection does, asymmetric routes that show the translator one direction only',
      },
      {
        who: 'client',
        do: 'Confirm it with a capture at the client that is not limited to the service address: the packets that the kernel resets come from the address of a pod or backend',
      },
    ];
  },
  scenario: 'dnat-invalid',
  examples: {
    match: [
      String.raw`# at the client: the stream it opened to 10.96.0.10 goes on from a backend's own address
server ip 10.96.0.10 port 80 ttl 62
client ip 10.0.0.1 port 40000
handshake 10ms
+0.011 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.030 < . len 1448
+0.030 > .
+0.081 > .
+0.091 < R passive
---
server ip 10.244.1.5 port 8080 ttl 62
client port 40000
+0.050 < . len 1448 rawseq 1740010846 rawack 3466866401
+0.050 > R passive`,
      String.raw`# at the client: the connection itself, reset at its next packet
server ip 10.244.1.5 port 8080 ttl 62
client port 40001
+0.050 < . len 1448 rawseq 2332954020 rawack 4061474100
+0.050 > R passive
---
server ip 10.96.0.10 port 80 ttl 62
client port 40001
handshake 10ms
+0.011 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.030 < . len 1448
+0.030 > .
+0.081 > .
+0.091 < R passive`,
      String.raw`# at the server: the client resets in the middle of a download that it had just acknowledged
client ip 10.0.0.1 port 40000 ttl 62
server ip 10.244.1.5 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.010 > .
+0.011 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.020 < . len 1448
+0.030 > .
+0.040 < . len 1448
+0.050 > .
+0.060 < . len 1448
+0.070 > R passive`,
    ],
    miss: [
      String.raw`# the client had closed, and the server went on
client ip 10.0.0.1 port 40000 ttl 62
server ip 10.244.1.5 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.010 > .
+0.011 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.020 < . len 1448
+0.030 > F.
+0.040 < . len 1448
+0.050 > R passive`,
      `# an hour after it was last heard: it may have rebooted
client ip 10.0.0.1 port 40000 ttl 62
server ip 10.244.1.5 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.010 > .
+0.011 > P. len 60
+0.020 < P. len 60
+0.030 > .
+3600.0 < P. len 60
+3600.1 > R passive`,
    ],
  },
});
