import { seconds } from '../evidence/packets.ts';
import { GOODBYE_MOST } from '../evidence/thresholds.ts';
import { cite, defineCause, SILENT, supported } from './define.ts';

const says = {
  complete: 'the last response was complete by its Content-Length, and the client had acknowledged all of it',
  closed: 'the client had closed with a FIN and had its answer to everything',
  reset: (after: number) => `${seconds(after)} later the server ended the connection with an active RST+ACK`,
  arriving: 'the last response was complete by its Content-Length',
};

export default defineCause({
  id: 'server-reset-after-response',
  taxonomy: 'B5',
  family: 'harmless',
  baseRate: {
    is: 'occasional',
    source: 'servers and proxies that save TIME_WAIT sockets; no public thread of 31',
  },
  title: 'Server reset the connection after the exchange was over',
  resetBy: 'responder',
  benign: true,
  kernelReasons: ['SK_RST_REASON_TCP_STATE'],
  callPaths: ['linger'],
  counters: ['TCPAbortOnData', 'EstabResets', 'OutRsts'],
  references: [
    'RFC 9112 §9.6 (Connection: close)',
    'RFC 9112 §8 (a length makes an answer complete)',
    'Linux socket(7), SO_LINGER',
  ],
  explain:
    'The exchange was over, and the server ended the connection with a RST instead of a FIN: request or answer had said `Connection: close` and the answer was complete by its own Content-Length, or the client had closed with a FIN, or had said goodbye (QUIT, TLS close_notify, a close frame). ' +
    'Servers and proxies do so with SO_LINGER 0 to be rid of the socket at once, without TIME_WAIT, or because they close without reading the goodbye; Windows services (SMB, Kerberos, RDP, IIS) do so when the client closes. ' +
    'Nothing was outstanding, and no client sends another request on such a connection, so nothing was lost. ' +
    'A program that reads on behind the answer sees ECONNRESET or "connection reset by peer"; it has the whole answer all the same. ' +
    'Stacks that throw away what was received when a RST comes (Windows) can lose an answer that their program had not yet read.',
  refines: ['abort-by-linger-zero', 'unread-data-at-close'],
  requires: ['abort', 'exchange'],
  mayUse: ['announcedClose', 'application', 'goodbye', 'closing'],
  examine({ abort, exchange, announcedClose, application, goodbye, closing }) {
    if (abort.side !== 'responder' || abort.left.length > 0) return SILENT;
    // A longer turn holds a request as well, which the server owed an answer.
    if (goodbye?.side === 'originator' && (application?.requestLength ?? 0) <= GOODBYE_MOST)
      return supported('strong', [
        cite('goodbye', goodbye.says, goodbye.number),
        cite('abort', abort.says, ...abort.packets),
      ]);
    if (abort.owed !== 'nothing') return SILENT;
    const fin = closing?.side === 'originator' && closing.dataAfter.length === 0 ? closing.fin : null;
    // Windows services (SMB, Kerberos, RDP, IIS) answer the client's FIN so. A FIN that stands before the last answer
    // may only have ended the request.
    if (fin !== null && fin.number > exchange.responder.lastDataNumber && closing?.crossing === null) {
      if ((application?.responseLacks ?? -1) > 0 || exchange.responses < exchange.requests) return SILENT;
      return supported('strong', [
        cite('closing', says.closed, fin.number),
        cite('abort', says.reset(abort.packet.time - fin.time), abort.packet.number),
      ]);
    }
    if (announcedClose === null) return SILENT;
    // What only the end of the connection ends was cut by a RST (RFC 9112 §8).
    if (!announcedClose.complete || application?.responseLacks !== 0) return SILENT;
    const arrived = exchange.responder.unacked === 0;
    return supported(arrived ? 'strong' : 'fair', [
      cite('announcedClose', announcedClose.says, announcedClose.number),
      cite('application', arrived ? says.complete : says.arriving, exchange.responder.lastDataNumber),
      cite('abort', abort.says, ...abort.packets),
    ]);
  },
  headline: ({ goodbye, announcedClose, closing }) =>
    goodbye?.side === 'originator'
      ? 'The server reset the connection after the client had said goodbye'
      : closing?.side === 'originator' || announcedClose === null
        ? 'The server reset the connection after the client had closed it'
        : 'The server reset the connection after the complete answer, as it had announced the close',
  advice: () => [
    {
      who: 'client',
      do: 'Nothing is wrong: take the answer, and do not report a reset that comes behind a complete one',
    },
    {
      who: 'server',
      do: 'If clients complain, end with a FIN: close without SO_LINGER 0 (HAProxy without "option nolinger")',
    },
  ],
  scenario: 'server-reset-after-response',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
+0.042 > .
+0.062 < R.`,
      String.raw`# at the server: the answer announces it
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 80 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.022 response "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
+0.042 > .
+0.300 < R.`,
      `# Kerberos on Windows: the client closes, the server resets
server ip 10.0.0.2 port 88 ttl 121
handshake 20ms
+0.021 > P. len 1400
+0.041 < P. len 1450
+0.042 > F.
+0.062 < R.`,
      String.raw`# the client has said goodbye, which the server does not read
server ip 10.0.0.2 port 25 ttl 57
handshake 20ms
+0.040 response "220 a ESMTP\r\n"
+0.041 request "EHLO b\r\n"
+0.061 response "250 a\r\n"
+0.062 request "QUIT\r\n"
+0.083 < R.`,
    ],
    miss: [
      String.raw`# a message came with the goodbye, and was not answered
server ip 10.0.0.2 port 25 ttl 57
handshake 20ms
+0.040 response "220 a ESMTP\r\n"
+0.041 request "DATA\r\n"
+0.061 response "354 go ahead\r\n"
+0.062 > . len 1400
+0.062 request "\r\n.\r\nQUIT\r\n"
+0.083 < R.`,
      String.raw`# no close was announced: the next request may be on its way
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
+0.042 > .
+0.062 < R.`,
      String.raw`# the answer has no length: only a FIN would have completed it
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok"
+0.042 > .
+0.062 < R.`,
      String.raw`# a part of the answer is missing
server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\nConnection: close\r\n\r\nok"
+0.042 > .
+0.062 < R.`,
    ],
  },
});
