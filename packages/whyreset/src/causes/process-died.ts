import { eventIn } from '../evidence/around/neighbours.ts';
import { refuses } from '../evidence/around/next-attempts.ts';
import type { UnansweredRequestFact } from '../evidence/exchange/unanswered-request.ts';
import { bytes } from '../evidence/packets.ts';
import { CROWD, LONG_WORK, PROMPT } from '../evidence/thresholds.ts';
import { type Citation, cite, defineCause, doubted, SILENT, type Strength, supported } from './define.ts';

const says = {
  shutDown:
    'a FIN came before the RST: the program shut its side down, which the end of a process does not do',
  ended: (byFin: boolean, lacks: number, cut: string | null) => {
    const by = byFin ? 'a FIN: all that the client had sent had been read' : 'an active RST+ACK';
    if (lacks > 0)
      return `the server ended the connection ${bytes(lacks)} before the end of its response, with ${by}`;
    return cut === null
      ? `a request of the client was still unanswered when the server ended the connection with ${by}`
      : `the server broke its response off (${cut}) with ${by}`;
  },
  window: (before: number) =>
    `the window of the RST is still ${before}: the end of a process empties the receive queue, as every close does`,
};

/** Seconds without a byte after which a server had not merely refused the request. */
const AT_ONCE = 1;

/**
 * A single end with nothing else known. A FIN in the place of an HTTP answer, or in the middle of one, comes from
 * no program that means to answer; bytes that were written after it are a trouble of their own. A RST behind a
 * complete request comes at once from a program that refuses it, and later from one that died or threw.
 */
function strengthAlone(fact: UnansweredRequestFact, writtenAfter: number, left: boolean): Strength | null {
  const { byFin, http, complete, served, wait, lacks, cut } = fact;
  if (!byFin)
    return (lacks > 0 || cut !== null || (complete && wait >= LONG_WORK)) && !left ? 'fair' : 'weak';
  if (!complete) return null;
  return http && (served || wait >= AT_ONCE) && writtenAfter === 0 ? 'fair' : 'weak';
}

export default defineCause({
  id: 'process-died',
  taxonomy: 'D1',
  family: 'process-ended',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Server process or worker died in the middle of an exchange',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  callPaths: ['exit'],
  counters: ['TCPAbortOnClose', 'EstabResets', 'OutRsts'],
  references: ['Linux net/ipv4/tcp.c __tcp_close', 'RFC 2525 §2.17'],
  explain:
    'The server process ended while it still owed answers: a crash, SIGKILL, the out-of-memory killer, or an exit that did not wait. ' +
    'The kernel then closes all its sockets at once: with a RST where request bytes were still unread, with a FIN where everything had been read. ' +
    'A single such end may also be one worker that died, or a program that closed the socket itself, in an error handler or as a proxy whose own upstream had failed. ' +
    'So several connections may end in the same instant, some with a RST and some with a FIN, at different points of their exchange. ' +
    'When nothing else listens on the port, new connections are refused until a process does again. ' +
    'Clients see ECONNRESET or "socket hang up" for the running requests and ECONNREFUSED for the next ones. ' +
    'A reverse proxy before it answers 502.',
  refines: ['unread-data-at-close', 'write-after-close'],
  requires: ['unansweredRequest'],
  mayUse: [
    'abort',
    'goodbye',
    'closing',
    'neighbours',
    'nextAttempts',
    'resetWindow',
    'neverAccepted',
    'resetBehindFin',
  ],
  examine({
    unansweredRequest,
    abort,
    goodbye,
    closing,
    neighbours,
    nextAttempts,
    resetWindow,
    neverAccepted,
    resetBehindFin,
  }) {
    const { end, byFin, lacks, cut, request, quiet } = unansweredRequest;
    // A goodbye needs no answer.
    if (goodbye?.side === 'originator') return SILENT;
    if (resetBehindFin !== null)
      return doubted('resetBehindFin', says.shutDown, [
        resetBehindFin.fin.number,
        resetBehindFin.packet.number,
      ]);
    if (resetWindow?.change === 'unchanged')
      return doubted('resetWindow', says.window(resetWindow.before), [resetWindow.last.number, end.number]);
    const because: Citation[] = [
      cite('unansweredRequest', says.ended(byFin, lacks, cut), request, end.number),
    ];
    const event = neighbours === null ? null : eventIn(neighbours);
    if (event !== null) because.push(cite('neighbours', event, end.number));
    if (nextAttempts !== null && refuses(nextAttempts)) {
      because.push(cite('nextAttempts', nextAttempts.says, end.number));
      // What a listener still held ends in the same way, at the same moment.
      return supported(neverAccepted?.likely === true ? 'fair' : 'strong', because);
    }
    const alone = strengthAlone(
      unansweredRequest,
      closing?.dataAfter.length ?? 0,
      abort !== null && abort.left.length > 0,
    );
    // A few that end together right after their requests may each have been refused; a crowd is one event.
    const crowd = (neighbours?.sameInstant ?? 1) >= CROWD;
    if (event !== null && (quiet >= PROMPT || crowd) && unansweredRequest.complete)
      return supported('fair', because);
    return alone === null ? SILENT : supported(alone, because);
  },
  scenario: 'crash-idle',
  examples: {
    match: [
      String.raw`# the refused connect comes later, but the example is about the last one written here
server ip 10.0.0.2 port 8080 ttl 57
+3.000 > S
+3.040 < R. refusal
---
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+1.000 request "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+1.040 < .
+2.000 < R.`,
      String.raw`# everything had been read: the dying process leaves a FIN
server ip 10.0.0.2 port 8080 ttl 57
+3.000 > S
+3.040 < R. refusal
---
handshake 40ms
+0.041 request "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 < .
+2.000 < F.
+2.000 > .
+2.001 > F.
+2.041 < R passive`,
      String.raw`# a FIN in the place of the answer, and the client only hears "socket hang up"
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+1.000 request "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
+1.040 < .
+1.300 < F.
+1.300 > F.
+1.340 < .`,
      String.raw`# at the server: a FIN in the middle of the answer
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.040 > .
+0.041 request "GET /big HTTP/1.1\r\nHost: a\r\n\r\n"
+0.060 response "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n"
+0.061 < . len 1448
+0.062 < . len 1448
+0.101 > .
+0.900 < F.
+0.940 > F.
+0.940 < .`,
    ],
    miss: [
      String.raw`# everything had been answered
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 request "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
+0.081 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.081 > .
+2.000 < R.`,
      String.raw`# the window is as small as the unread bytes had left it: no process that held the socket had ended
server ip 10.0.0.2 port 8080 ttl 57
handshake 40ms
+0.041 request "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n"
+0.061 < . win 501
+0.062 > P. len 4000
+0.081 < . win 400
+2.000 < R. win 400`,
    ],
  },
});
