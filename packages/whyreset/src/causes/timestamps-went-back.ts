import { bytes, other, seconds, thousands, who } from '../evidence/packets.ts';
import {
  type Answer,
  type Citation,
  cite,
  defineCause,
  type KnownFacts,
  SILENT,
  supported,
} from './define.ts';

/** One old packet may be a duplicate that took a long way; more are a clock. */
const SEVERAL = 2;

/** The client's own kernel resets a SYN-ACK that answers another clock. */
function onConnect({
  foreignEcho,
  reset,
  trigger,
}: Pick<KnownFacts, 'foreignEcho' | 'reset' | 'trigger'>): Answer {
  if (foreignEcho === null || reset === null || reset.side !== 'originator' || trigger === null)
    return SILENT;
  const { synAck, off } = foreignEcho;
  const { number } = reset.packet;
  if (trigger.packet.number !== synAck.number) return SILENT;
  return supported(
    'strong',
    [
      cite(
        'foreignEcho',
        `the SYN-ACK echoes a timestamp ${thousands(Math.abs(off))} ticks ${off < 0 ? 'before' : 'after'} the client’s own clock`,
        synAck.number,
      ),
      cite('reset', 'the client’s kernel took it for the answer to another host’s SYN, and reset it', number),
    ],
    'originator',
  );
}

export default defineCause({
  id: 'timestamps-went-back',
  taxonomy: 'D12',
  family: 'no-reply',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'TCP timestamps went back, and the receiver drops the packets as old (PAWS)',
  resetBy: 'path',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_RFC7323_PAWS'],
  counters: ['PAWSEstab', 'PAWSActive', 'TCPChallengeACK', 'RetransSegs'],
  references: [
    'RFC 7323 §5 (PAWS) and §5.3',
    'Linux net/ipv4/tcp_input.c tcp_paws_discard, tcp_validate_incoming',
    'Linux 4.12 removed net.ipv4.tcp_tw_recycle',
  ],
  explain:
    'Every packet carries the clock of its sender, and a receiver drops what is older than the last packet it accepted: that protects it from stragglers. ' +
    'Here the clock of one side jumped back in the middle of the connection, so all that it sends looks like a straggler. ' +
    'The receiver answers each with an acknowledgement of what it already has, the sender repeats, and nothing moves until one side gives up or resets. ' +
    'A clock goes back when a translator or balancer lets several hosts share one address and port, when a proxy takes a connection over, or when a virtual machine is restored or moved. ' +
    'The programs see a stall and then timeouts or ECONNRESET; kernels before 4.12 with tcp_tw_recycle did the same to new connections from shared addresses, whose SYNs vanish.',
  requires: [],
  mayUse: ['backwardClock', 'foreignEcho', 'reset', 'trigger'],
  refines: ['retransmission-give-up', 'client-gave-up', 'peer-lost-state', 'reset-of-unexpected-syn-ack'],
  examine(facts) {
    const { backwardClock, reset } = facts;
    if (backwardClock === null) return onConnect(facts);
    const { side, before, after, back, ignored, answers } = backwardClock;
    const name = who(side);
    const peer = who(other(side));
    const because: Citation[] = [
      cite(
        'backwardClock',
        `the ${name}’s timestamps went back by ${thousands(back)} ticks, though ${seconds(after.time - before.time)} had passed`,
        before.number,
        after.number,
      ),
    ];
    const sender = reset !== null ? reset.side : 'middlebox';
    const first = ignored[0];
    if (first === undefined || answers.length === 0) return SILENT;
    because.push(
      cite(
        'backwardClock',
        `packet ${first.number}${first.length > 0 ? ` (${bytes(first.length)})` : ''} and ${ignored.length - 1} more with old timestamps arrived and were not taken: the ${peer} went on acknowledging what it had before`,
        first.number,
        answers[0]!.number,
      ),
    );
    if (reset !== null)
      because.push(
        cite('backwardClock', `in the end the ${who(reset.side)} reset the connection`, reset.packet.number),
      );
    return supported(ignored.length >= SEVERAL ? 'strong' : 'fair', because, sender);
  },
  advice({ backwardClock }) {
    const side = backwardClock !== null ? backwardClock.side : 'originator';
    const back = backwardClock !== null ? ` by ${thousands(backwardClock.back)} ticks` : '';
    return [
      {
        who: 'path',
        do: `Find what mixes two clocks into one connection (they differ${back}): a NAT or balancer that hands one address and port to a second host too soon, a proxy that splices or takes over connections, a firewall that rewrites timestamps for one direction only`,
      },
      {
        who: who(side),
        do: 'After a restore or a live migration of a virtual machine, let old connections go: restart the pool or the service',
      },
      {
        who: who(other(side)),
        do: 'Watch PAWSEstab and PAWSActive (nstat -az). On a kernel before 4.12 switch net.ipv4.tcp_tw_recycle off; as a last resort net.ipv4.tcp_timestamps=0, which takes the protection away as well',
      },
    ];
  },
  scenario: 'paws-mixed-clocks',
  examples: {
    match: [
      `# at the client: after a failover of the translator its clock is another's
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 > P. len 100
+0.041 < P. len 100
+0.041 > .
+2.000 > P. len 100 ts 400000
+2.020 < . ack 101
+2.300 > P. len 100 seq 101 ts 400300
+2.320 < . ack 101
+2.900 > P. len 100 seq 101 ts 400900
+2.920 < . ack 101
+4.100 > P. len 100 seq 101 ts 402100
+4.120 < . ack 101`,
      String.raw`# at the server: the response is repeated, and the client does not take it
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+1.000 < P. len 300 ts 5000000
+1.020 > . ack 1
+1.300 < P. len 300 seq 1 ts 5000300
+1.320 > . ack 1
+1.900 < P. len 300 seq 1 ts 5000900
+1.920 > . ack 1
+9.000 > R.`,
      `# in the handshake already: the SYN-ACK echoes the clock of another host
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S. echo 77400000
+0.020 > R passive
+1.000 > S seq 0
+1.020 < S. seq 0 echo 77401000
+1.020 > R passive`,
    ],
    miss: [
      `# one packet that took a long way: it repeats what had been taken
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 > P. len 100
+0.041 < P. len 100
+0.041 > .
+2.000 > P. len 100 seq 1 ts 990021
+2.020 < . ack 101
+2.100 < R.`,
    ],
  },
});
