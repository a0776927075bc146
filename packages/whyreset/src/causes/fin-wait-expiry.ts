import { bytes, other, seconds, who } from '../evidence/packets.ts';
import { FIN_TIMEOUT, HALF_CLOSE_BEHIND } from '../evidence/thresholds.ts';
import { cite, defineCause, doubted, SILENT, supported } from './define.ts';

/** Reasons of a kernel that holds no socket for the connection, whether or not something listens on the port. */
const FORGOTTEN = new Set(['NO_SOCKET', 'TCP_FLAGS']);

const says = {
  early: (after: number) =>
    `the late bytes came ${seconds(after)} after the close, before a timer of a minute had run out`,
  closed: (name: string, peer: string, behind: boolean) =>
    `the ${name} closed its half with a FIN${behind ? ' right behind its own last bytes' : ''}, and the ${peer} acknowledged that`,
  readOn: (name: string, packet: number) =>
    `the ${name} closed its half with a FIN and went on reading: it still acknowledged packet ${packet}`,
  late: (after: number, peer: string, length: number) =>
    `${seconds(after)} later the ${peer} sent ${bytes(length)}${after < FIN_TIMEOUT ? '' : `; Linux keeps a closed half for ${FIN_TIMEOUT} s`}`,
  reset: (name: string) => `the ${name}’s stack no longer knew the connection and answered with a bare RST`,
};

export default defineCause({
  id: 'fin-wait-expiry',
  taxonomy: 'D15',
  family: 'written-after-close',
  baseRate: { is: 'rare', source: 'no public thread of 31' },
  title: 'Half-closed connection forgotten: the other side sent data after the FIN timeout',
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
    'Firewalls and balancers on the path have such timers too, from 30 s to 10 minutes. ' +
    'What the other side sent afterwards met a host that no longer knew the connection, and was answered with a bare RST. ' +
    'The side that sent late reads ECONNRESET or, on a second write, EPIPE; often the answer that took so long is lost.',
  refines: ['write-after-close', 'client-gave-up'],
  requires: ['closing', 'reset', 'trigger', 'exchange'],
  mayUse: ['rtt', 'kernelReason', 'spokenReason'],
  examine({ closing, reset, trigger, exchange, rtt, kernelReason, spokenReason }) {
    const { side, fin, finAcked } = closing;
    const { number } = reset.packet;
    const late = trigger.packet;
    if (reset.shape !== 'passive' || reset.side !== side || number < fin.number) return SILENT;
    if (late.length === 0 || finAcked === null) return SILENT;
    // The last packet by which both sides showed that they accept the half-close.
    const taken = closing.dataAfterAcked
      ? closing.dataAfter.filter((p) => p.number < late.number).at(-1)
      : undefined;
    const since = taken ?? finAcked;
    const silence = late.time - since.time;
    // What only the kernel can tell: it had no socket any more, where a close that is remembered has one.
    const forgot = kernelReason?.certain === true && FORGOTTEN.has(kernelReason.reason ?? '');
    if (silence <= 0) return SILENT;
    if (silence < FIN_TIMEOUT && !forgot)
      return doubted('closing', says.early(silence), [fin.number, late.number]);
    const name = who(side);
    const peer = who(other(side));
    const roundTrip = rtt === null ? 0 : Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0);
    const own = exchange[side].lastDataTime;
    const behind = own >= 0 && fin.time - own <= Math.max(HALF_CLOSE_BEHIND, 2 * roundTrip);
    const because = [
      cite(
        'closing',
        taken === undefined ? says.closed(name, peer, behind) : says.readOn(name, taken.number),
        fin.number,
        since.number,
      ),
      cite('trigger', says.late(silence, peer, late.length), late.number),
      cite('reset', says.reset(name), number),
    ];
    // Without a half-close one side simply wrote to a closed connection, and how long after matters less.
    // A side that says why it ends the connection means no half-close.
    const meant = behind && spokenReason?.side !== side;
    return supported(taken !== undefined || meant || forgot ? 'strong' : 'weak', because, side);
  },
  headline({ closing, trigger }) {
    if (closing === null || trigger === null) return null;
    const after = seconds(trigger.packet.time - (closing.finAcked ?? closing.fin).time);
    return `The ${who(closing.side)} closed its half of the connection, and the ${who(other(closing.side))} answered ${after} later, when that half had been forgotten`;
  },
  advice({ closing }) {
    const side = closing?.side ?? 'originator';
    return [
      {
        who: who(side),
        do: 'Do not close the sending direction before the answer is there: end the request by its length or a marker instead of a FIN (socat -t, nc -q and -N, shutdown(SHUT_WR)), or keep the socket open for reading until the answer has come',
      },
      {
        who: 'path',
        do: 'Raise the half-closed timeout of firewalls and balancers above the time that the answer takes (ASA "timeout half-closed", conntrack nf_conntrack_tcp_timeout_fin_wait and _close_wait, HAProxy timeout client-fin)',
      },
    ];
  },
  scenario: 'fin-wait-expiry',
  examples: {
    match: [
      `# at the client: request, half-close, and an answer that takes 75 s
server ip 10.0.0.2 port 7000 ttl 57
handshake 20ms
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
handshake 20ms
+0.021 > P. len 64
+0.041 < P. len 32
+0.042 > .
+0.043 < F.
+0.044 > .
+0.500 > P. len 64
+0.520 < R passive`,
      `# both sides had closed
server ip 10.0.0.2 port 5000 ttl 57
handshake 20ms
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
