import { bytes, other, seconds, who } from '../evidence/packets.ts';
import { type Citation, cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** Linux net.ipv4.tcp_fin_timeout, and TIME_WAIT: a closed side remembers its half of a connection that long, seconds. */
const FIN_TIMEOUT = 60;
/** A FIN this close behind the sender's own last bytes says "that was all", not "go away": a half-close, seconds. */
const RIGHT_BEHIND = 0.05;

/** Reasons of a kernel that has no trace of the connection left, be it that nobody or that a listener is there. */
const FORGOTTEN = new Set(['NO_SOCKET', 'TCP_FLAGS']);

export default defineLegacyCause({
  id: 'fin-wait-expiry',
  taxonomy: 'D15',
  family: 'written-after-close',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Half-closed connection forgotten: the other side spoke after the FIN had expired',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_NO_SOCKET', 'SK_RST_REASON_TCP_FLAGS'],
  counters: ['OutRsts'],
  references: [
    'RFC 9293 §3.6 (half-close)',
    'RFC 1122 §4.2.2.13',
    'Linux net.ipv4.tcp_fin_timeout (60 s); net/ipv4/tcp_timer.c tcp_keepalive_timer',
  ],
  explain:
    'One side said with a FIN that it had nothing more to send, and the other side took long to finish its own half. ' +
    'A kernel keeps such a half-closed connection for its program as long as that reads on; once the program has closed the socket it keeps it for tcp_fin_timeout, 60 s, and then forgets it. ' +
    'Firewalls and balancers on the way have such timers too, from 30 s to 10 minutes. ' +
    'What the other side sent afterwards met nobody who knew the connection, and was answered with a bare RST. ' +
    'The side that spoke late reads ECONNRESET or, on a second write, EPIPE; often the answer that took so long is lost.',
  needs: ['closing', 'reset', 'trigger', 'exchange', 'rtt', 'kernelReason'],
  refines: ['write-after-close', 'client-gave-up'],
  examine({ closing, reset, trigger, exchange, rtt, kernelReason }) {
    if (!closing.known || !reset.known || reset.shape !== 'passive' || !trigger.known || !exchange.known)
      return SILENT;
    const { side, fin, finAcked } = closing;
    const { number } = reset.packet;
    if (reset.side !== side || number < fin.number) return SILENT;
    const late = trigger.packet;
    if (late.length === 0 || finAcked === null) return SILENT;
    // The last packet that shows both sides at ease with the half-close.
    const taken = closing.dataAfterAcked
      ? closing.dataAfter.filter((p) => p.number < late.number).at(-1)
      : undefined;
    const since = taken ?? finAcked;
    const silence = late.time - since.time;
    // What only the kernel can tell: it had no socket any more, where a close that is remembered has one.
    const forgot = kernelReason.known && kernelReason.certain && FORGOTTEN.has(kernelReason.reason ?? '');
    if (silence < 0) return SILENT;
    if (silence < FIN_TIMEOUT && !forgot)
      return contradicted(
        'closing',
        `only ${seconds(silence)} lay between the close and the late bytes: no timer of a minute had run out`,
        [fin.number, late.number],
      );
    const name = who(side);
    const roundTrip = rtt.known ? Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0) : 0;
    const own = exchange[side].lastDataTime;
    const halfClose =
      taken !== undefined || (own >= 0 && fin.time - own <= Math.max(RIGHT_BEHIND, 2 * roundTrip));
    const because: Citation[] = [
      cite(
        'closing',
        taken === undefined
          ? `the ${name} closed its half with a FIN${halfClose ? ' right behind its own last bytes' : ''}, and the ${who(other(side))} acknowledged that`
          : `the ${name} closed its half with a FIN and went on reading: it still acknowledged packet ${taken.number}`,
        fin.number,
        since.number,
      ),
      cite(
        'trigger',
        `${seconds(silence)} later the ${who(other(side))} sent ${bytes(late.length)}${silence < FIN_TIMEOUT ? '' : `, more than the ${FIN_TIMEOUT} s for which Linux keeps a closed half`}`,
        late.number,
      ),
      cite('reset', `the ${name}’s stack knew the connection no longer and answered with a bare RST`, number),
    ];
    // Without a half-close somebody simply wrote to a closed connection, and how long after matters less.
    return supported(halfClose || forgot ? 'strong' : 'weak', because, side);
  },
  advice({ closing, trigger }) {
    const side = closing.known ? closing.side : 'originator';
    const silence =
      closing.known && trigger.known
        ? seconds(trigger.packet.time - (closing.finAcked ?? closing.fin).time)
        : 'T';
    return [
      {
        who: who(other(side)),
        do: `Finish the half-closed exchange sooner (here it took ${silence}), or send something in between: a connection of which one half is closed lives on borrowed time`,
      },
      {
        who: who(side),
        do: 'Do not close the sending direction before the answer is there: end the request by its length or a marker instead of a FIN (socat -t, nc -q and -N, shutdown(SHUT_WR) are the usual suspects). If the half-close is needed, keep the socket open for reading until the answer has come, since only a closed one is forgotten',
      },
      {
        who: 'path',
        do: `Raise the half-closed timeout of firewalls and balancers above ${silence} (ASA "timeout half-closed", conntrack nf_conntrack_tcp_timeout_fin_wait and _close_wait, HAProxy timeout client-fin), net.ipv4.tcp_fin_timeout only if closed sockets really must be kept longer`,
      },
    ];
  },
  scenario: 'fin-wait-expiry',
  examples: {
    match: [
      `# at the client: request, half-close, and an answer that takes 75 s
server ip 10.0.0.2 port 7000 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 100
+0.021 > F.
+0.041 < .
+75.00 < P. len 900
+75.00 > R passive`,
      `# at the server: it had closed its half and read on, until nothing came for two minutes
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 7000 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 > P. len 100
+0.022 < P. len 20
+0.022 < F.
+0.042 > .
+1.000 > P. len 100
+1.000 < .
+130.0 > P. len 100
+130.0 < R passive`,
    ],
    miss: [
      `# half a second after the close: no timer had run out
server ip 10.0.0.2 port 5000 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 64
+0.041 < P. len 32
+0.042 > .
+0.043 < F.
+0.044 > .
+0.500 > P. len 64
+0.520 < R passive`,
      `# both sides had closed
server ip 10.0.0.2 port 5000 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. len 64
+0.041 < P. len 32
+0.042 > .
+0.043 < F.
+0.044 > .
+75.00 > F.
+75.02 < R passive`,
    ],
  },
});
