import { other, seconds, who } from '../evidence/packets.ts';
import { type Citation, cite, contradicted, SILENT, supported } from './define.ts';
import { defineLegacyCause } from './legacy.ts';

/** So many connections of one server in one instant are no coincidence. */
const MANY = 3;

export default defineLegacyCause({
  id: 'tcp-memory-exhausted',
  taxonomy: 'D8',
  family: 'ended-unanswered',
  baseRate: { is: 'rare', source: 'estimate from 31 public threads, 2017 to 2026' },
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
  needs: ['reset', 'endings', 'closing', 'exchange', 'neighbours', 'maker', 'loss'],
  refines: [],
  examine({ reset, endings, closing, exchange, neighbours, maker, loss }) {
    if (!reset.known || reset.shape !== 'active' || !exchange.known || exchange.silent || !endings.known)
      return SILENT;
    if (maker.known && (maker.middlebox === 'proven' || maker.middlebox === 'likely')) return SILENT;
    const { side, packet } = reset;
    const name = who(side);
    const peer = who(other(side));
    const server = neighbours.known ? neighbours.server : null;
    const many = neighbours.known && neighbours.sameInstant >= MANY ? neighbours.sameInstant : 0;
    const because: Citation[] = [];
    if (endings.closed[side]) {
      // After its own FIN a kernel answers late bytes with a bare RST; unasked it resets only what it throws away.
      if (!closing.known || closing.side !== side || closing.dataAfter.length > 0 || closing.bothBeforeReset)
        return SILENT;
      because.push(
        cite(
          'closing',
          `the ${name} had closed in order, and ${seconds(packet.time - closing.fin.time)} after its FIN its kernel threw the rest of the connection away, though the ${peer} had sent nothing more`,
          closing.fin.number,
          packet.number,
        ),
      );
    } else {
      if (side !== 'responder' || many === 0 || server === null) return SILENT;
      if (server.lastRefused > packet.time)
        return contradicted(
          'neighbours',
          'the port refused connections afterwards: the process was gone, not only memory',
          [packet.number],
        );
      if (server.lastEstablished <= packet.time || exchange[side].unacked === 0) return SILENT;
      because.push(
        cite(
          'exchange',
          `the ${name} reset the connection with bytes of its own answer still undelivered`,
          exchange[side].lastDataNumber,
          packet.number,
        ),
      );
    }
    if (loss.known && loss.unanswered.length > 0 && loss.unanswered[0]!.from === side)
      because.push(
        cite('loss', 'it had begun to repeat what was not acknowledged', loss.unanswered[0]!.number),
      );
    if (many > 0)
      because.push(
        cite('neighbours', `${many} connections to this server ended in the same instant`, packet.number),
      );
    if (server !== null && server.lastEstablished > packet.time)
      because.push(
        cite(
          'neighbours',
          `${seconds(server.lastEstablished - packet.time)} later the same port accepted a connection: its program lives`,
          packet.number,
        ),
      );
    return supported(many > 0 ? 'fair' : 'weak', because, side);
  },
  advice({ reset, neighbours }) {
    const side = reset.known ? who(reset.side) : 'server';
    const many =
      neighbours.known && neighbours.sameInstant >= MANY
        ? ` (${neighbours.sameInstant} connections went at once)`
        : '';
    return [
      {
        who: side,
        do: `Confirm it on the ${side}’s host${many}: nstat -az TcpExtTCPAbortOnMemory, dmesg for "out of memory -- consider tuning tcp_mem" and "too many orphaned sockets", /proc/net/sockstat (mem, in pages, against net.ipv4.tcp_mem; orphan against net.ipv4.tcp_max_orphans)`,
      },
      {
        who: side,
        do: 'Find what holds the memory before raising the bounds: readers that do not read (ss -tm shows the queues), thousands of sockets left to deliver to dead clients, buffers set too large with SO_RCVBUF and SO_SNDBUF or net.ipv4.tcp_rmem and tcp_wmem',
      },
      {
        who: side,
        do: 'Then raise net.ipv4.tcp_mem or net.ipv4.tcp_max_orphans to what the host can spare, and let orphans go sooner (net.ipv4.tcp_orphan_retries, net.ipv4.tcp_fin_timeout)',
      },
    ];
  },
  scenario: { none: 'its limits are those of the machine (tcp_mem, tcp_max_orphans)' },
  examples: {
    match: [
      `# at the client: three answers end in FIN and RST in one instant, and the next connection is served
server ip 10.0.0.2 port 80 ttl 57
+3.000 > S
+3.020 < S.
+3.020 > .
+3.021 > P. "GET /c HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+3.041 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+3.041 > F.
+3.061 < F.
+3.061 > .
---
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+1.000 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 900\\r\\n\\r\\n"
+1.001 < F.
+1.001 < R.
---
+0.100 > S
+0.120 < S.
+0.120 > .
+0.121 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+1.000 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+1.002 < F.
+1.002 < R.
---
+0.200 > S
+0.220 < S.
+0.220 > .
+0.221 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+1.000 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+1.003 < F.
+1.003 < R.`,
      `# at the server: orphans with bytes to deliver, thrown away when they came to repeat them
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+4.000 > S
+4.000 < S.
+4.020 > .
+4.021 > P. "GET /big HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+4.100 < . len 1448
+4.101 < . len 1448
+4.102 < F.
+5.100 < . len 1448 seq 1
+5.500 < R.
---
+4.100 > S
+4.100 < S.
+4.120 > .
+4.121 > P. "GET /big HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+4.200 < . len 1448
+4.201 < . len 1448
+4.202 < F.
+5.100 < . len 1448 seq 1
+5.500 < R.
---
+4.200 > S
+4.200 < S.
+4.220 > .
+4.221 > P. "GET /big HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+4.300 < . len 1448
+4.301 < . len 1448
+4.302 < F.
+5.100 < . len 1448 seq 1
+5.500 < R.`,
    ],
    miss: [
      `# the process died: the port refuses afterwards
server ip 10.0.0.2 port 80 ttl 57
+3.000 > S
+3.020 < R. refusal
---
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.041 < .
+1.000 < R.
---
+0.100 > S
+0.120 < S.
+0.120 > .
+0.121 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.141 < .
+1.000 < R.
---
+0.200 > S
+0.220 < S.
+0.220 > .
+0.221 > P. "GET /b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+0.241 < .
+1.000 < R.`,
      `# late bytes answered after the close: a bare RST, as always
server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"
+1.000 < P. "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
+1.001 < F.
+1.040 > P. len 20
+1.060 < R passive`,
    ],
  },
});
