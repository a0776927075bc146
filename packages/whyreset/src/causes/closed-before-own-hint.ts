import { seconds } from '../evidence/packets.ts';
import { HINT_SLACK } from '../evidence/thresholds.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

const says = {
  hint: (announced: number) => `the server’s last response announced Keep-Alive: timeout=${announced}`,
  closed: (timer: number) => `it closed after ${seconds(timer)} of silence`,
  used: (request: number, announced: number) =>
    `the client sent the request in packet ${request} before the announced ${announced} s were over`,
  kept: (timer: number, announced: number) =>
    `the server kept the connection for ${seconds(timer)}, as its announced ${announced} s say`,
};

export default defineCause({
  id: 'closed-before-own-hint',
  taxonomy: 'I11',
  family: 'keep-alive-race',
  baseRate: {
    is: 'rare',
    source: 'no public thread of 31; a proxy with a shorter timeout than the server behind it',
  },
  title: 'Server closed an idle connection earlier than its own Keep-Alive header says',
  resetBy: 'responder',
  benign: false,
  kernelReasons: [
    'SK_RST_REASON_TCP_ABORT_ON_DATA',
    'SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
    'SK_RST_REASON_TCP_ABORT_ON_CLOSE',
  ],
  counters: ['TCPAbortOnData', 'OutRsts'],
  references: [
    'RFC 2068 §19.7.1 (Keep-Alive header)',
    'RFC 9112 §9.3',
    'nginx keepalive_timeout with two arguments',
  ],
  explain:
    'The server’s response announced in its Keep-Alive header for how long it keeps an idle connection, and the server closed before that time was over. ' +
    'A client that obeys the header (undici, Node’s http.Agent, HttpClient) uses the connection until shortly before the announced time, so its next request meets a closed connection. ' +
    'Usually two programs disagree: the application writes the header, and a proxy or sidecar in front of it closes earlier. ' +
    'A server that is shutting down also closes idle connections early; then the time differs from connection to connection. ' +
    'The client sees "other side closed", "socket hang up" or ECONNRESET, although it kept within the hint.',
  refines: ['keep-alive-race-crossing', 'keep-alive-race-unread', 'stale-pool-reuse', 'write-after-close'],
  requires: ['keepAliveHint', 'idle', 'exchange'],
  mayUse: ['reuse', 'unansweredRequest'],
  examine({ keepAliveHint, idle, exchange, reuse, unansweredRequest }) {
    const { seconds: announced, number } = keepAliveHint;
    const request = reuse?.request.number ?? unansweredRequest?.request;
    const lost = reuse !== null || (unansweredRequest !== null && idle.brokenBy === 'originator');
    if (!lost || request === undefined || exchange.responses === 0 || !idle.silent || idle.parting)
      return SILENT;
    if (idle.timer >= announced)
      return contradicted('keepAliveHint', says.kept(idle.timer, announced), [number, idle.ended]);
    // Servers round the header to whole seconds, and timers run late.
    if (announced - idle.timer < HINT_SLACK) return SILENT;
    return supported('strong', [
      cite('keepAliveHint', says.hint(announced), number),
      cite('idle', says.closed(idle.timer), idle.since, idle.ended),
      cite('idle', says.used(request, announced), request),
    ]);
  },
  headline({ keepAliveHint, idle }) {
    if (keepAliveHint === null || idle === null) return null;
    return `The server announces Keep-Alive: timeout=${keepAliveHint.seconds} and closes after ${seconds(idle.timer)}; the client trusts the header and reuses the connection`;
  },
  advice: ({ keepAliveHint }) => [
    {
      who: 'server',
      do: `Make the header true: find what closes before ${keepAliveHint === null ? 'the announced time' : `${keepAliveHint.seconds} s`} (a proxy or sidecar in front with a shorter keep-alive, a drain), and set its timeout above the one announced`,
    },
  ],
  scenario: 'keepalive-hint-broken',
  examples: {
    match: [
      String.raw`# crossed
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+2.041 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+2.049 < F. ack 29
+2.049 > .
+2.061 < R passive seq 62`,
      String.raw`# the client had the FIN
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nkeep-alive: timeout=30, max=99\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+10.04 < F.
+10.06 > .
+12.00 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+12.02 < R passive`,
    ],
    miss: [
      String.raw`# the server kept its word
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+6.041 < F.
+6.082 > .
+6.600 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+6.620 < R passive`,
    ],
  },
});
