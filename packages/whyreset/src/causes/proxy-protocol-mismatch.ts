import { refuses } from '../evidence/around/next-attempts.ts';
import { seconds, thousands } from '../evidence/packets.ts';
import { PROMPT } from '../evidence/thresholds.ts';
import { cite, contradicted, defineCause, doubted, SILENT, supported } from './define.ts';

/** Connections to the port, all of them ended so, that make it a rule. */
const SEVERAL = 3;

const says = {
  understood: (status: number) => `the server understood the PROXY header and answered ${status}`,
  closed: (after: number) =>
    `the server ended the connection ${seconds(after)} after the client’s first bytes, without a byte`,
  all: (attempts: number) =>
    `all ${thousands(attempts)} connections to it ended so, and none began with a PROXY header`,
};

export default defineCause({
  id: 'proxy-protocol-mismatch',
  taxonomy: 'P5',
  family: 'protocol-mismatch',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'PROXY protocol on one side only',
  resetBy: 'responder',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData'],
  references: [
    'HAProxy doc/proxy-protocol.txt, versions 1 and 2',
    'nginx ngx_http_core_module, "listen … proxy_protocol"',
    'AWS Network Load Balancer, target group attribute proxy_protocol_v2.enabled',
  ],
  explain:
    'A balancer can put a header before the first byte of the client that names its address: the PROXY protocol. ' +
    'Both sides must be set for it. ' +
    'A server that does not expect it takes "PROXY TCP4 …", or the binary form of version 2, for a broken request, a bad TLS record or an unknown command; it answers with an error or closes without a word. ' +
    'A server that does expect it, and gets none, closes every connection at once without answering. ' +
    'What it left unread turns the close into a RST. ' +
    'It fails every time, from the moment of the change on; the client reports "socket hang up", EOF, ECONNRESET, a TLS error or 400, the server logs "broken header", "invalid method" or "SSL: wrong version number".',
  refines: [
    'tls-alert',
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
    'process-died',
  ],
  requires: ['application', 'exchange'],
  mayUse: ['protocolMismatch', 'unaffectedConnections', 'promptClose', 'handshake', 'nextAttempts'],
  examine({
    application,
    exchange,
    protocolMismatch,
    unaffectedConnections,
    promptClose,
    handshake,
    nextAttempts,
  }) {
    const { firstRequest: request, firstResponse: response } = application;
    if (
      request?.protocol === 'proxy-header' &&
      response?.protocol === 'http-response' &&
      response.status !== 400
    )
      return contradicted('application', says.understood(response.status), [request.number, response.number]);
    const { mismatch } = protocolMismatch ?? {};
    if (
      protocolMismatch !== null &&
      (mismatch === 'proxy-header-unexpected' || mismatch === 'proxy-header-missing')
    ) {
      const { by, ended, packets } = protocolMismatch;
      const because = protocolMismatch.says.map((said) => cite('protocolMismatch', said, ...packets));
      // A server that reads the header answers; one that does not closes at once.
      return supported(
        by === 'silence' && mismatch === 'proxy-header-missing' ? 'fair' : 'strong',
        because,
        ended,
      );
    }
    // A header that is missing: the parser rejects any first bytes, and only the number of times shows it.
    if (request === null || response !== null || exchange.responder.sent > 0 || promptClose === null)
      return SILENT;
    const { count, troubled, attempts } = unaffectedConnections ?? { count: 1, troubled: 0, attempts: 0 };
    if (count > 0 || troubled < SEVERAL || troubled < attempts || exchange.requests > 1) return SILENT;
    // A port whose process is gone answers nothing either.
    if (nextAttempts !== null && refuses(nextAttempts))
      return doubted('nextAttempts', nextAttempts.says, [promptClose.end.number]);
    const begun = handshake?.synAck ?? null;
    if (begun === null || promptClose.end.time - begun.time > PROMPT) return SILENT;
    const after = promptClose.end.time - exchange.originator.lastDataTime;
    return supported(
      'fair',
      [
        cite('promptClose', says.closed(after), request.number, promptClose.end.number),
        cite('unaffectedConnections', says.all(attempts), promptClose.end.number),
      ],
      'responder',
    );
  },
  advice({ application }) {
    const header =
      application?.firstRequest?.protocol === 'proxy-header' ? application.firstRequest.version : null;
    return header !== null
      ? [
          {
            who: 'server',
            do: `Let the listener on port PORT expect the PROXY header (version ${header}): nginx "listen PORT proxy_protocol", HAProxy "accept-proxy", Envoy proxy_protocol listener filter, Apache RemoteIPProxyProtocol On, Traefik entryPoints proxyProtocol; and trust it only from the balancer’s addresses`,
          },
          {
            who: 'path',
            do: 'Or turn it off where it is sent: target group attribute proxy_protocol_v2.enabled=false, HAProxy "send-proxy" / "send-proxy-v2" out, nginx "proxy_protocol off" in the stream block, the service annotation of the cloud',
          },
        ]
      : [
          {
            who: 'server',
            do: `See whether the listener on port PORT expects a PROXY header (nginx "listen … proxy_protocol", HAProxy "accept-proxy", Envoy proxy_protocol filter) and turn it off if nothing in front sends one; its log says "broken header" meanwhile`,
          },
          {
            who: 'path',
            do: `Or let what is in front send it (HAProxy "send-proxy-v2", NLB proxy_protocol_v2.enabled=true), health checks included; try by hand: curl --haproxy-protocol to port PORT`,
          },
        ];
  },
  scenario: 'proxy-protocol-unexpected',
  examples: {
    match: [
      String.raw`# at the balancer: the header is read as a request
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "PROXY TCP4 192.0.2.7 10.0.0.2 51234 8080\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
+0.041 < F.
+0.061 > F.
+0.081 < .`,
      String.raw`# at the server: version 2, closed with the header unread
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 request "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0caaaaaaaaaaaa"
+0.022 < R.`,
      String.raw`# at the client: the header is expected and nobody sends it, three times out of three
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < R.
---
+1.000 handshake 20ms
+1.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+1.041 < R.
---
+2.000 handshake 20ms
+2.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+2.041 < R.`,
    ],
    miss: [
      String.raw`# the header was understood
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "PROXY TCP4 192.0.2.7 10.0.0.2 51234 8080\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.050 < R.`,
      String.raw`# one of two failed
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 > F.
+0.062 < F.
+0.062 > .
---
+1.000 handshake 20ms
+1.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+1.041 < R.`,
    ],
  },
});
