import { eventIn } from '../evidence/around/neighbours.ts';
import { refuses } from '../evidence/around/next-attempts.ts';
import { bytes, seconds } from '../evidence/packets.ts';
import { type Citation, cite, defineCause, doubted, SILENT, supported } from './define.ts';

const says = {
  closed: (wait: number) =>
    `the server had read the whole request and closed the connection with a FIN ${seconds(wait)} later, without a byte of an answer`,
  broken: (lacks: number, cut: string | null) =>
    `the server closed the connection with a FIN in the middle of its answer${lacks > 0 ? `, ${bytes(lacks)} short` : ` (${cut})`}`,
};

export default defineCause({
  id: 'closed-without-answer',
  taxonomy: 'D19',
  family: 'ended-unanswered',
  baseRate: { is: 'occasional', source: 'estimate: most handlers that throw still answer 500' },
  title: 'Server program closed the connection instead of finishing its answer',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_DATA', 'SK_RST_REASON_TCP_TIMEWAIT_SOCKET'],
  counters: ['TCPAbortOnData'],
  references: [
    'Go net/http ErrAbortHandler (httputil.ReverseProxy panics with it when its upstream breaks off)',
    'nginx "return 444"',
    'Node response.destroy(), socket.destroy()',
    'HAProxy http-request reject, silent-drop',
  ],
  explain:
    'The server program read the request and closed the connection, before the first byte of the answer or in the middle of it. ' +
    'The program lives: a handler threw or panicked, a reverse proxy lost its own upstream, or the configuration says so (nginx 444, HAProxy reject). ' +
    'Everything had been read, so the kernel sends a FIN and no RST. ' +
    'The client sees the end of the stream in the place of an answer: "socket hang up", "Empty reply from server" (curl 52), EOF, RemoteDisconnected, "unexpected end of file", IncompleteRead. ' +
    'The request may have been carried out.',
  refines: ['write-after-close'],
  requires: ['unansweredRequest'],
  mayUse: ['goodbye', 'closing', 'neighbours', 'nextAttempts', 'portSpeaks', 'resetBehindFin', 'endpoints'],
  examine({ unansweredRequest, goodbye, closing, neighbours, nextAttempts, portSpeaks, resetBehindFin }) {
    const { byFin, complete, http, served, lacks, cut, request, end, wait } = unansweredRequest;
    if (!byFin || !complete || goodbye?.side === 'originator') return SILENT;
    // Then not all had been read: the socket was closed with bytes of the request in it.
    if (resetBehindFin !== null) return SILENT;
    const what = lacks > 0 || cut !== null ? says.broken(lacks, cut) : says.closed(wait);
    const because: Citation[] = [cite('unansweredRequest', what, request, end.number)];
    if (nextAttempts !== null && refuses(nextAttempts))
      return doubted('nextAttempts', nextAttempts.says, [end.number]);
    const event = neighbours !== null && eventIn(neighbours) !== null;
    // Bytes that the client wrote afterwards are a trouble of their own, which names this as its reason.
    const writtenAfter = (closing?.dataAfter.length ?? 0) > 0;
    // Where the port never answered anything, its program may expect another protocol.
    const speaks = served || lacks > 0 || cut !== null || portSpeaks !== null;
    return supported(http && speaks && !event && !writtenAfter ? 'fair' : 'weak', because);
  },
  advice: ({ endpoints }) => [
    {
      who: 'server',
      do: `Look in the log of the program on port ${endpoints?.server.port ?? 'PORT'} at that second: an exception or panic in the handler, an upstream that failed, a rule that closes (nginx "return 444", HAProxy reject). Answer with a status (500, 502, 504) instead of a close`,
    },
  ],
  scenario: 'closed-without-answer',
  examples: {
    match: [
      String.raw`# the handler threw; the next connection is served
server ip 10.0.0.2 port 80 ttl 57
+0.500 handshake 40ms
+0.541 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.581 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.581 > .
---
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < F.
+0.081 > F.
+0.121 < .`,
    ],
    miss: [
      String.raw`# bytes were left unread: a RST
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < R.`,
      String.raw`# it answered, and the client went on
server ip 10.0.0.2 port 80 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 < F.
+0.082 > .
+0.500 request "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
+0.540 < R passive`,
    ],
  },
});
