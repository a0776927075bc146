import { bytes, other, seconds, who } from '../evidence/packets.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  closed: (side: string, span: number) =>
    `the ${side} offered a window of 0 for the last ${seconds(span)}: its program read nothing in that time`,
  waiting: (side: string, probes: number) =>
    `the ${side} has more to send, and its kernel asked ${probes} times for room`,
  taken: (side: string, count: number) => `${bytes(count)} of the ${side} had been taken in before`,
};

export default defineCause({
  id: 'window-stayed-closed',
  taxonomy: 'D20',
  family: 'no-reply',
  baseRate: { is: 'occasional', source: 'estimate: hung workers and blocked consumers of streams' },
  title: 'A program stopped reading, and its window stayed closed',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  counters: ['TCPToZeroWindowAdv', 'TCPZeroWindowDrop', 'TCPAbortOnTimeout'],
  references: [
    'RFC 9293 §3.8.6.1 (zero-window probing)',
    'RFC 1122 §4.2.2.17',
    'Linux net/ipv4/tcp_timer.c tcp_probe_timer',
  ],
  explain:
    'One side’s program no longer reads from its socket: it hangs, waits for something else, or is slower than what is sent to it. ' +
    'Its kernel’s buffer fills, and it offers a window of 0, which it confirms in answer to each probe; so the host and the path are well. ' +
    'The other side must wait, and everything behind it waits too: a write that blocks, a request that gets no answer, a timeout of the program. ' +
    'No packet ends such a connection: Linux goes on asking as long as it is answered. ' +
    'When the waiting program gives up, its FIN stands behind the bytes that there is no room for, and is not sent either.',
  requires: ['zeroWindow', 'coverage'],
  mayUse: ['exchange'],
  refines: ['retransmission-give-up', 'keepalive-gave-up', 'client-gave-up'],
  examine({ zeroWindow, coverage, exchange }) {
    if (!coverage.bothWays || zeroWindow.stalled === null) return SILENT;
    const { side, since, last, probes } = zeroWindow.stalled;
    const waiting = who(other(side));
    const because = [
      cite('zeroWindow', says.closed(who(side), last.time - since.time), since.number, last.number),
    ];
    if (probes.length > 0)
      because.push(cite('zeroWindow', says.waiting(waiting, probes.length), ...probes.slice(0, 3)));
    const taken = exchange?.[other(side)].sent ?? 0;
    if (taken > 0) because.push(cite('exchange', says.taken(waiting, taken), since.number));
    return supported(probes.length > 1 ? 'strong' : 'fair', because, side);
  },
  headline: ({ zeroWindow }) =>
    zeroWindow?.stalled == null
      ? null
      : `The ${who(zeroWindow.stalled.side)}’s program stopped reading: its window was closed for the last ${seconds(zeroWindow.stalled.last.time - zeroWindow.stalled.since.time)}`,
  advice({ zeroWindow }) {
    const side = zeroWindow?.stalled == null ? 'server' : who(zeroWindow.stalled.side);
    const waiting = side === 'server' ? 'client' : 'server';
    return [
      {
        who: side,
        do: 'Find what the program waits for while it does not read: a stack dump of the process (jstack, py-spy dump, SIGQUIT of a Go program, strace -p), a blocked event loop, a full queue behind it; ss -tn shows its Recv-Q',
      },
      {
        who: waiting,
        do: 'Bound the wait: a write or request timeout of the program (TCP_USER_TIMEOUT ends it as well), and stop sending to a consumer whose Send-Q only grows',
      },
    ];
  },
  scenario: 'window-stayed-closed',
  examples: {
    match: [
      `# a consumer that no longer reads, asked for room again and again
server ip 10.0.0.2 port 9092 ttl 57
handshake 20ms
+0.021 > P. len 1400
+0.041 < .
+0.042 > P. len 1400
+0.062 < . win 0
+0.300 > . seq 2800 len 0
+0.320 < . win 0
+0.900 > . seq 2800 len 0
+0.920 < . win 0
+2.100 > . seq 2800 len 0
+2.120 < . win 0
+4.500 > . seq 2800 len 0
+4.520 < . win 0`,
    ],
    miss: [
      `# closed for a moment only
server ip 10.0.0.2 port 9092 ttl 57
handshake 20ms
+0.021 > P. len 1400
+0.041 < . win 0
+0.300 > . seq 1400 len 0
+0.320 < .
+0.321 > P. len 1400
+0.341 < .
+5.000 < R.`,
    ],
  },
});
