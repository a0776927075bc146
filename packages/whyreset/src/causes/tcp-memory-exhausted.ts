import { accepts, refuses } from '../evidence/around/next-attempts.ts';
import { other, seconds, thousands, who } from '../evidence/packets.ts';
import { MANY } from '../evidence/thresholds.ts';
import { type Citation, cite, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  orphan: (name: string, peer: string, wait: number) =>
    `the ${name} had closed in order, and ${seconds(wait)} after its FIN its kernel reset the connection, though the ${peer} had sent nothing more`,
  undelivered: (name: string) =>
    `the ${name} reset the connection with bytes of its own answer still undelivered`,
  refused: 'the port refused connections afterwards: the process was gone, not only memory',
  repeating: 'it had begun to repeat what was not acknowledged',
  many: (count: number) => `${thousands(count)} connections to this server ended in the same instant`,
};

export default defineCause({
  id: 'tcp-memory-exhausted',
  taxonomy: 'D8',
  family: 'ended-unanswered',
  baseRate: { is: 'rare', source: 'none of 31 public threads, 2017 to 2026; the kernel logs it' },
  title: 'Host threw connections away for want of TCP memory, or of room for orphans',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_MEMORY'],
  counters: ['TCPAbortOnMemory', 'TCPMemoryPressures', 'OutRsts'],
  references: [
    'Linux net/ipv4/tcp.c tcp_check_oom, __tcp_close; net/ipv4/tcp_timer.c tcp_out_of_resources',
    'Linux net.ipv4.tcp_mem, net.ipv4.tcp_max_orphans',
  ],
  explain:
    'A kernel bounds the memory of all its TCP sockets together (tcp_mem) and the number of closed sockets that still have bytes to deliver (tcp_max_orphans). ' +
    'When a bound is reached it does not deliver the rest: sockets that programs close, or that wait to repeat something, are thrown away with a RST, many at once. ' +
    'The programs on that host are well and go on accepting connections; what suffers are answers that had been written but not yet delivered. ' +
    'The peer reads the first part of the answer and then "read ECONNRESET" or "connection reset by peer". ' +
    'The kernel log of the host says "TCP: out of memory -- consider tuning tcp_mem" or "TCP: too many orphaned sockets"; the packets alone never say it.',
  refines: [],
  requires: ['reset', 'endings', 'exchange'],
  mayUse: ['closing', 'neighbours', 'loss', 'nextAttempts'],
  examine({ reset, endings, exchange, closing, neighbours, loss, nextAttempts }) {
    if (reset.shape !== 'active' || exchange.silent) return SILENT;
    const { side, packet } = reset;
    const many = neighbours !== null && neighbours.sameInstant >= MANY ? neighbours.sameInstant : 0;
    const because: Citation[] = [];
    if (endings.closed[side]) {
      // After its own FIN a kernel answers late bytes with a bare RST; unasked it resets only what it throws away.
      if (closing?.side !== side || closing.dataAfter.length > 0 || closing.bothBeforeReset) return SILENT;
      const orphan = says.orphan(who(side), who(other(side)), packet.time - closing.fin.time);
      because.push(cite('closing', orphan, closing.fin.number, packet.number));
    } else {
      const undelivered = exchange[side].unacked > 0;
      if (side !== 'responder' || many === 0 || !undelivered) return SILENT;
      if (nextAttempts !== null && refuses(nextAttempts))
        return doubted('nextAttempts', says.refused, [packet.number]);
      because.push(
        cite('exchange', says.undelivered(who(side)), exchange[side].lastDataNumber, packet.number),
      );
    }
    const [repeated] = loss?.unanswered ?? [];
    if (repeated?.from === side) because.push(cite('loss', says.repeating, repeated.number));
    if (many > 0) because.push(cite('neighbours', says.many(many), packet.number));
    if (nextAttempts !== null && accepts(nextAttempts))
      because.push(cite('nextAttempts', nextAttempts.says, packet.number));
    return supported(many > 0 ? 'fair' : 'weak', because, side);
  },
  headline: ({ reset, neighbours }) =>
    reset === null
      ? null
      : `The ${who(reset.side)}’s kernel threw away ${neighbours !== null && neighbours.sameInstant >= MANY ? `${thousands(neighbours.sameInstant)} connections at once` : 'the connection'} with bytes still to deliver: it lacked TCP memory, or room for orphans`,
  advice({ reset }) {
    const side = reset === null ? 'server' : who(reset.side);
    return [
      {
        who: side,
        do: 'Confirm it on that host: nstat -az TcpExtTCPAbortOnMemory, dmesg for "out of memory -- consider tuning tcp_mem" and "too many orphaned sockets", /proc/net/sockstat (mem in pages against net.ipv4.tcp_mem, orphan against net.ipv4.tcp_max_orphans)',
      },
      {
        who: side,
        do: 'Find what holds the memory first (ss -tm shows the queues: readers that do not read, thousands of dead clients, large SO_RCVBUF and SO_SNDBUF), then raise net.ipv4.tcp_mem or net.ipv4.tcp_max_orphans to what the host can spare',
      },
    ];
  },
  scenario: { none: 'its limits are those of the machine (tcp_mem, tcp_max_orphans)' },
  examples: {
    match: [
      String.raw`# at the client: three answers end in FIN and RST in one instant, and the next connection is served
server ip 10.0.0.2 port 80 ttl 57
+3.000 handshake 20ms
+3.021 request "GET /c HTTP/1.1\r\nHost: a\r\n\r\n"
+3.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+3.041 > F.
+3.061 < F.
+3.061 > .
---
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+1.000 response "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"
+1.001 < F.
+1.001 < R.
---
+0.100 handshake 20ms
+0.121 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+1.000 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+1.002 < F.
+1.002 < R.
---
+0.200 handshake 20ms
+0.221 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+1.000 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+1.003 < F.
+1.003 < R.`,
      String.raw`# at the server: orphans with bytes to deliver, thrown away when they came to repeat them
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+4.000 > S
+4.000 < S.
+4.020 > .
+4.021 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+4.100 < . len 1448
+4.101 < . len 1448
+4.102 < F.
+5.100 < . len 1448 seq 1
+5.500 < R.
---
+4.100 > S
+4.100 < S.
+4.120 > .
+4.121 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+4.200 < . len 1448
+4.201 < . len 1448
+4.202 < F.
+5.100 < . len 1448 seq 1
+5.500 < R.
---
+4.200 > S
+4.200 < S.
+4.220 > .
+4.221 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+4.300 < . len 1448
+4.301 < . len 1448
+4.302 < F.
+5.100 < . len 1448 seq 1
+5.500 < R.`,
    ],
    miss: [
      String.raw`# the process died: the port refuses afterwards
server ip 10.0.0.2 port 80 ttl 57
+3.000 > S
+3.020 < R. refusal
---
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < .
+1.000 < R.
---
+0.100 handshake 20ms
+0.121 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.141 < .
+1.000 < R.
---
+0.200 handshake 20ms
+0.221 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.241 < .
+1.000 < R.`,
      String.raw`# late bytes answered after the close: a bare RST, as always
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+1.000 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+1.001 < F.
+1.040 > P. len 20
+1.060 < R passive`,
    ],
  },
});
