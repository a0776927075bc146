import { other, seconds, who } from '../evidence/packets.ts';
import { type Citation, cite, defineCause, SILENT, supported } from './define.ts';

/** So many unanswered probes are more than a single lost packet. */
const SEVERAL = 2;
/** Without the RST the capture may only have ended between a probe and its answer. */
const MANY = 3;
/** The RST follows the last probe after one more interval; clocks and coarse timers get half of one. */
const NEXT_INTERVAL = 1.5;

export default defineCause({
  id: 'keepalive-gave-up',
  taxonomy: 'I8',
  family: 'no-reply',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'TCP keep-alive found the other side dead',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_KEEPALIVE_TIMEOUT'],
  callPaths: ['timer'],
  counters: ['TCPKeepAlive', 'TCPAbortOnTimeout', 'OutRsts'],
  references: [
    'RFC 9293 §3.8.4',
    'RFC 1122 §4.2.3.6',
    'Linux net/ipv4/tcp_timer.c tcp_keepalive_timer; net.ipv4.tcp_keepalive_time, _intvl, _probes (7200 s, 75 s, 9)',
  ],
  explain:
    'The connection had been quiet, and one side’s kernel asked whether the other still lives: keep-alive probes of no byte or one, just before the next byte to send. ' +
    'None was answered, and when all had been spent the kernel gave the connection up and sent a RST into the void. ' +
    'The RST is the report, not the fault: the other host had died or lost its network, or a box between had forgotten the connection and drops its packets in silence. ' +
    'The program on the side that probed reads ETIMEDOUT ("Connection timed out", "read ETIMEDOUT"), with Linux’s defaults after 7200 + 9 × 75 seconds. ' +
    'The other side hears nothing of it while the path is dead, and keeps its half open until it speaks.',
  requires: ['probes'],
  mayUse: ['reset', 'idle', 'coverage', 'endings', 'knownTimeout', 'zeroWindow'],
  refines: [
    'server-idle-kill',
    'administrative-kill',
    'abort-by-linger-zero',
    'middlebox-idle-reset-at-expiry',
    'unread-data-at-close',
    'client-gave-up',
    'client-reset-after-response',
  ],
  examine({ probes, reset, idle, coverage, endings, zeroWindow }) {
    if (probes.side === null || probes.unanswered.length < SEVERAL) return SILENT;
    if (endings !== null && (endings.closed.originator || endings.closed.responder)) return SILENT;
    // One direction alone shows no answers, however many came.
    if (coverage === null || !coverage.bothWays) return SILENT;
    const { side, unanswered } = probes;
    // Probes of a closed window ask for room, not for life (RFC 9293 §3.8.6.1), and look the same.
    if (zeroWindow !== null && zeroWindow[other(side)] !== null) return SILENT;
    const first = unanswered[0]!;
    const last = unanswered.at(-1)!;
    const interval = (last.time - first.time) / (unanswered.length - 1);
    const because: Citation[] = [
      cite(
        'probes',
        `the ${who(side)}’s kernel sent ${unanswered.length} keep-alive probes ${seconds(interval)} apart, and the ${who(other(side))} answered none`,
        ...unanswered.slice(0, 3).map(({ number }) => number),
      ),
    ];
    if (idle?.silent && idle.since > 0)
      because.push(
        cite(
          'idle',
          `before the first of them the connection had been silent since packet ${idle.since}`,
          idle.since,
        ),
      );
    if (reset === null) return unanswered.length < MANY ? SILENT : supported('fair', because, 'middlebox');
    const { packet } = reset;
    if (reset.side !== side || packet.number < last.number || reset.shape === 'passive') return SILENT;
    const wait = packet.time - last.time;
    because.push(
      cite(
        'reset',
        `${seconds(wait)} after the last probe it sent an active RST+ACK: its probes were spent`,
        last.number,
        packet.number,
      ),
    );
    const due = wait <= NEXT_INTERVAL * interval && wait >= interval / NEXT_INTERVAL;
    return supported(due ? 'strong' : 'fair', because, side);
  },
  advice({ probes, knownTimeout, idle }) {
    const side = probes !== null && probes.side !== null ? probes.side : 'originator';
    const count = probes !== null ? probes.unanswered.length : 0;
    const spent =
      count > 1 && probes !== null
        ? ` (${count} probes over ${seconds(probes.unanswered.at(-1)!.time - probes.unanswered[0]!.time)} went unanswered)`
        : '';
    const quiet = idle?.silent ? seconds(idle.gap) : 'T';
    const boxes = knownTimeout !== null && knownTimeout.outlasted.length > 0;
    return [
      {
        who: 'path',
        do: `Find out where the probes end${spent}: is the other host up, does a capture there show them arriving, does a NAT, firewall or balancer on the way forget idle connections before the first probe${boxes ? ` (after ${quiet} several are known to)` : ''}`,
      },
      {
        who: who(side),
        do: 'If a box forgets the connection, send the first probe earlier than it does (TCP_KEEPIDLE, Node socket.setKeepAlive(true, ms), net.ipv4.tcp_keepalive_time): 60 s or less holds most NATs and balancers open',
      },
      {
        who: who(side),
        do: 'If the host had died, keep-alive did its work: reconnect, and repeat what may be repeated. TCP_KEEPINTVL × TCP_KEEPCNT is how long a death goes unnoticed after the first probe',
      },
      {
        who: who(other(side)),
        do: 'Turn keep-alive on here as well: this side received nothing that ends the connection, and keeps it open',
      },
    ];
  },
  scenario: 'keepalive-dead',
  examples: {
    match: [
      `# at the client: probes after a minute, and nobody is there any more
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+60.08 > . seq 60
+75.08 > . seq 60
+90.08 > . seq 60
+105.08 > R.`,
      `# at the server: the client was unplugged; probes of one byte, as some stacks send them
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 1883 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 > P. len 60
+0.042 < P. len 4
+0.082 > .
+10.08 < . seq 4 len 1
+11.08 < . seq 4 len 1
+12.08 < . seq 4 len 1
+13.08 < R.`,
      `# the capture ends before the probes are spent
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+60.08 > . seq 60
+75.08 > . seq 60
+90.08 > . seq 60
+105.08 > . seq 60`,
    ],
    miss: [
      `# every probe was answered; the reset has another reason
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+60.08 > . seq 60
+60.12 < .
+75.08 > . seq 60
+75.12 < .
+90.08 < R.`,
      `# payload was repeated, not probes
server ip 10.0.0.2 port 5432 ttl 57
handshake 40ms
+0.041 > P. len 60
+0.081 < P. len 90
+0.081 > .
+0.500 > P. len 60
+0.800 > P. len 60 seq 61
+1.400 > P. len 60 seq 61
+2.600 > P. len 60 seq 61
+5.000 > P. len 60 seq 61`,
    ],
  },
});
