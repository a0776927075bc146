import { bytes, other, seconds, thousands, who } from '../evidence/packets.ts';
import { type Citation, cite, defineCause, supported } from './define.ts';

/** One such block may be a damaged packet; a box that forgets the option does it every time. */
const EVERY_TIME = 2;

export default defineCause({
  id: 'sequence-rewritten',
  taxonomy: 'D11',
  family: 'box-reset',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'A box on the path rewrites sequence numbers and forgets the SACK option',
  resetBy: 'path',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_TOO_OLD_ACK', 'SK_RST_REASON_TCP_ACK_UNSENT_DATA'],
  counters: ['TCPSACKDiscard', 'TCPChallengeACK', 'TCPACKSkippedChallenge', 'RetransSegs'],
  references: [
    'RFC 2018 §3 and §4',
    'RFC 5961 §5 (challenge ACKs)',
    'Linux net/ipv4/tcp_input.c tcp_is_sackblock_valid; net/netfilter/nf_conntrack_proto_tcp.c tcp_in_window',
  ],
  explain:
    'A firewall between the two randomises initial sequence numbers: it shifts the numbers of every packet by a constant. ' +
    'It does so in the header, but not in the SACK option, so selective acknowledgements name bytes that their reader never sent. ' +
    'As long as nothing is lost there is no sign of it; after the first loss the stacks disagree about what arrived. ' +
    'Some throw such packets away altogether (so does Linux’s conntrack, which calls them INVALID), loss is then repaired by timeouts alone, and the connection crawls, stalls or is reset. ' +
    'The programs see slow transfers that end in timeouts or ECONNRESET, on this path and no other, the more the longer the distance.',
  requires: ['foreignSack'],
  mayUse: ['giveUp', 'loss', 'reset', 'trigger', 'maker'],
  refines: [
    'retransmission-give-up',
    'client-gave-up',
    'peer-lost-state',
    'injected-reset',
    'firewall-reject-mid-connection',
  ],
  examine({ foreignSack, giveUp, loss, reset, trigger, maker }) {
    const { from, number, off, count, elsewhere, renumbered } = foreignSack;
    const because: Citation[] = [
      cite(
        'foreignSack',
        `the ${who(from)} acknowledges selectively what the ${who(other(from))} never sent: a block that begins ${thousands(Math.abs(off))} bytes ${off < 0 ? 'before' : 'beyond'} the byte it waits for${count > 1 ? `, and ${count - 1} more such packets` : ''}${elsewhere ? ', as the other capture shows' : ''}`,
        number,
      ),
    ];
    if (renumbered !== null)
      because.push(
        cite(
          'foreignSack',
          `the captures hold the ${who(other(from))}’s sequence numbers shifted by ${thousands(Math.abs(renumbered.shift))}; less that, the block begins ${thousands(renumbered.beyond)} bytes beyond that byte, as an honest one does`,
          number,
        ),
      );
    if (giveUp !== null)
      because.push(
        cite(
          'giveUp',
          `packet ${giveUp.first.number} (${bytes(giveUp.first.length)}) had to be repeated ${giveUp.repetitions.length} times over ${seconds(giveUp.span)}: the selective acknowledgements did not help`,
          giveUp.first.number,
          giveUp.repetitions[0]!.number,
        ),
      );
    else if (loss !== null && loss.retransmissions > 0)
      because.push(cite('loss', `${loss.retransmissions} packets were repeated in all`, number));
    const plain = count >= EVERY_TIME || renumbered !== null;
    if (reset === null) return supported(plain ? 'strong' : 'fair', because, 'middlebox');
    const { packet, side } = reset;
    const answered = trigger !== null && trigger.packet.number === number;
    because.push(
      cite(
        'reset',
        answered
          ? `that very packet was answered with a RST in the ${who(side)}’s name: a stack or filter there held it to be invalid`
          : `in the end a RST came in the ${who(side)}’s name`,
        packet.number,
      ),
    );
    // Whether the host's own filter or one before it resets what is invalid, the packets do not tell.
    const foreign = maker !== null && (maker.middlebox === 'proven' || maker.middlebox === 'likely');
    if (foreign && !answered) return supported('weak', because, 'undetermined');
    const sender = foreign ? 'undetermined' : side;
    if (answered && renumbered !== null) return supported('proof', because, sender);
    return supported(answered || plain ? 'strong' : 'fair', because, sender);
  },
  advice({ foreignSack }) {
    const off = foreignSack !== null ? ` (here by ${thousands(Math.abs(foreignSack.off))} bytes)` : '';
    return [
      {
        who: 'path',
        do: `Switch off the randomisation of sequence numbers in the firewall or load balancer between the two (Cisco ASA "set connection random-sequence-number disable", F5 and others alike), or update it to one that shifts the SACK option as well${off}`,
      },
      {
        who: 'server',
        do: 'Until then take SACK out of the handshake for this path: let the box clear the option (ASA tcp-map "tcp-options selective-ack clear"), or net.ipv4.tcp_sack=0 on one host. It costs speed after every loss, so only until the box is mended',
      },
      {
        who: 'client',
        do: 'To prove it, capture one connection at both ends: the initial sequence numbers differ, and the SACK blocks carry the numbers of the other side of the box',
      },
    ];
  },
  scenario: 'sequence-rewritten',
  examples: {
    match: [
      `# at the client: its upload lost a packet, and the server's SACK blocks are in other numbers
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 1448
+0.081 < P. len 90
+0.081 > .
+0.141 > . len 1448
+0.142 > . len 1448
+0.143 > . len 1448
+0.181 < . ack 1449 sack 1500002897-1500004345
+0.182 < . ack 1449 sack 1500002897-1500005793
+0.400 > . len 1448 seq 1449
+0.440 < . ack 1449 sack 1500002897-1500005793
+1.000 > . len 1448 seq 1449
+2.200 > . len 1448 seq 1449
+2.240 < R passive`,
      String.raw`# at the server: the download stalls, and the client loses patience
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.060 < . len 1448
+0.061 < . len 1448
+0.062 < . len 1448
+0.100 > . ack 1 sack 3000001449-3000002897
+0.101 > . ack 1 sack 3000001449-3000004345
+0.400 < . len 1448 seq 1
+1.000 < . len 1448 seq 1
+2.200 < . len 1448 seq 1
+9.000 > R.`,
    ],
    miss: [
      `# an ordinary loss: the blocks name what was sent
server ip 10.0.0.2 port 443 ttl 57
handshake 40ms
+0.041 > . len 1448
+0.042 > . len 1448
+0.043 > . len 1448
+0.081 < . ack 1 sack 1449-2897
+0.082 < . ack 1 sack 1449-4345
+0.300 > . len 1448 seq 1
+0.900 > . len 1448 seq 1
+0.940 < R.`,
    ],
  },
});
