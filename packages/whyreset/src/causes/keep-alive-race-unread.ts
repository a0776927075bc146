import { seconds } from '../evidence/packets.ts';
import { PROMPT } from '../evidence/thresholds.ts';
import { cite, defineCause, doubted, SILENT, type Strength, supported } from './define.ts';

const says = {
  met: (gap: number, delay: number, byFin: boolean) =>
    `${seconds(delay)} after the first request behind ${seconds(gap)} of silence the server sent a ${byFin ? 'FIN' : 'RST'} instead of an answer`,
  held: (delay: number) => `the server held the request for ${seconds(delay)} before it ended the connection`,
};

export default defineCause({
  id: 'keep-alive-race-unread',
  taxonomy: 'I2',
  family: 'keep-alive-race',
  baseRate: { is: 'common', source: 'some 20 of 31 public threads are an idle mismatch (2017 to 2026)' },
  title: 'Keep-alive race: the request arrived, and the server closed without answering it',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  counters: ['TCPAbortOnClose', 'EstabResets', 'OutRsts'],
  references: [
    'RFC 9112 §9.3.1 and §9.5',
    'RFC 2525 §2.17 (close with data unread sends a RST)',
    'nodejs/node#26166',
  ],
  explain:
    'A connection had answered its last request and was kept open. ' +
    'The next request reached the server’s kernel just as the server’s idle timeout ran out. ' +
    'The program closed the socket without reading it, and a kernel that closes with unread bytes sends a RST in place of a FIN; a program that had read a part of the request sends a FIN. ' +
    'Either comes within a round trip of the request, before any answer. ' +
    'The application did not handle the request, but the packets cannot prove that. ' +
    'Clients report "read ECONNRESET" with reusedSocket true, "connection reset by peer", ConnectionResetError 104 or curl 56; proxies report 502 or 503 ("upstream reset before response").',
  refines: [
    'unread-data-at-close',
    'abort-by-linger-zero',
    'listener-closed-with-queue',
    'process-died',
    'write-after-close',
  ],
  requires: ['unansweredRequest', 'idle', 'exchange'],
  mayUse: ['idleTimer', 'messageCut', 'rtt'],
  examine({ unansweredRequest, idle, exchange, idleTimer, messageCut, rtt }) {
    const { end, byFin, lacks } = unansweredRequest;
    // A server that had not finished its last answer was not idle.
    if (messageCut?.side === 'responder') return SILENT;
    if (exchange.responses === 0 || lacks > 0 || idle.brokenBy !== 'originator' || !idle.silent)
      return SILENT;
    const roundTrip = rtt === null ? 0 : Math.max(rtt.originator, 0) + Math.max(rtt.responder, 0);
    const timer = idleTimer !== null;
    const because = [cite('idle', says.met(idle.gap, idle.wait, byFin), idle.since, idle.until, end.number)];
    if (idle.wait <= Math.max(PROMPT, 4 * roundTrip)) {
      const strength: Strength = timer ? 'strong' : byFin ? 'weak' : 'fair';
      return supported(strength, because);
    }
    // A busy server’s idle timer may run out any time after the request came.
    return timer
      ? supported('weak', because)
      : doubted('idle', says.held(idle.wait), [idle.until, end.number]);
  },
  scenario: 'keepalive-race-unread',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+5.030 request "POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
+5.051 < R.`,
    ],
    miss: [
      String.raw`# no silence before the request
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 request "POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
+0.063 < R.`,
      String.raw`# the server had it for ten seconds
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.041 > .
+5.030 request "POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
+5.050 < .
+15.051 < R.`,
    ],
  },
});
