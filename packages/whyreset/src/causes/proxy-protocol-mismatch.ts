import { seconds, thousands } from '../evidence/packets.ts';
import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

/** Seconds from the handshake to the end, round trips and a client that is slow to speak included. */
const AT_ONCE = 1;
/** Connections that must all have failed alike before silence is called a setting. */
const ALL_OF_THEM = 3;

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
  requires: ['application', 'exchange'],
  mayUse: [
    'protocolMismatch',
    'promptClose',
    'reset',
    'closing',
    'unaffectedConnections',
    'endpoints',
    'handshake',
  ],
  refines: [
    'tls-alert',
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
  ],
  examine({
    application,
    protocolMismatch,
    promptClose,
    reset,
    closing,
    unaffectedConnections,
    exchange,
    handshake,
  }) {
    const { firstRequest: request, firstResponse: response } = application;
    if (request === null) return SILENT;
    const ended = reset !== null ? reset.side : closing !== null ? closing.side : 'responder';
    if (request.protocol === 'proxy-header') {
      const first = cite(
        'application',
        `the first bytes towards the server are a PROXY header, version ${request.version}`,
        request.number,
      );
      if (response?.protocol === 'http-response' && response.status !== 400)
        return contradicted('application', `the server understood it and answered ${response.status}`, [
          request.number,
          response.number,
        ]);
      if (response?.protocol === 'http-response') {
        const says = 'the server answered 400: it read the header as a request';
        return supported('strong', [first, cite('application', says, response.number)], ended);
      }
      if (response?.protocol === 'tls-alert') {
        const says = `the server answered with the TLS alert ${response.name}: it read the header as a TLS record`;
        return supported('strong', [first, cite('application', says, response.number)], ended);
      }
      if (response?.protocol === 'other' && response.text && promptClose !== null) {
        const says = 'the server answered with a line of text and ended the connection';
        return supported(
          'fair',
          [first, cite('application', says, response.number, promptClose.end.number)],
          ended,
        );
      }
      if (response !== null || promptClose === null) return SILENT;
      const says = 'the server ended the connection at once and without a byte';
      return supported(
        'strong',
        [first, cite('promptClose', says, request.number, promptClose.end.number)],
        ended,
      );
    }
    if (protocolMismatch?.mismatch === 'proxy-header-missing') {
      const { says, packets } = protocolMismatch;
      return supported(
        'strong',
        says.map((line) => cite('protocolMismatch', line, ...packets)),
        ended,
      );
    }
    // The header is missing: any first words are turned away, and only the number of times tells.
    if (response !== null || exchange.responder.sent > 0 || promptClose === null || exchange.requests > 1)
      return SILENT;
    if (
      unaffectedConnections === null ||
      unaffectedConnections.count > 0 ||
      unaffectedConnections.troubled < ALL_OF_THEM
    )
      return SILENT;
    if (unaffectedConnections.troubled < unaffectedConnections.attempts) return SILENT;
    // The first bytes tell a parser that its header is missing; it does not think about it.
    const begun = handshake !== null ? handshake.synAck : null;
    if (begun === null || promptClose.end.time - begun.time > AT_ONCE) return SILENT;
    return supported(
      'fair',
      [
        cite(
          'promptClose',
          `the server ended the connection ${seconds(promptClose.end.time - exchange.originator.lastDataTime)} after the client’s first words, without a byte`,
          request.number,
          promptClose.end.number,
        ),
        cite(
          'unaffectedConnections',
          `so it went for all ${thousands(unaffectedConnections.attempts)} connections to it, and none began with a PROXY header it may expect`,
          promptClose.end.number,
        ),
      ],
      ended,
    );
  },
  advice({ application, endpoints }) {
    const port = endpoints !== null ? endpoints.server.port : 'PORT';
    const header =
      application !== null && application.firstRequest?.protocol === 'proxy-header'
        ? application.firstRequest.version
        : null;
    return header !== null
      ? [
          {
            who: 'server',
            do: `Let the listener on port ${port} expect the PROXY header (version ${header}): nginx "listen ${port} proxy_protocol", HAProxy "accept-proxy", Envoy proxy_protocol listener filter, Apache RemoteIPProxyProtocol On, Traefik entryPoints proxyProtocol; and trust it only from the balancer’s addresses`,
          },
          {
            who: 'path',
            do: 'Or turn it off where it is sent: target group attribute proxy_protocol_v2.enabled=false, HAProxy "send-proxy" / "send-proxy-v2" out, nginx "proxy_protocol off" in the stream block, the service annotation of the cloud',
          },
        ]
      : [
          {
            who: 'server',
            do: `See whether the listener on port ${port} expects a PROXY header (nginx "listen … proxy_protocol", HAProxy "accept-proxy", Envoy proxy_protocol filter) and turn it off if nothing in front sends one; its log says "broken header" meanwhile`,
          },
          {
            who: 'path',
            do: `Or let what is in front send it (HAProxy "send-proxy-v2", NLB proxy_protocol_v2.enabled=true), health checks included; try by hand: curl --haproxy-protocol to port ${port}`,
          },
        ];
  },
  scenario: 'proxy-protocol-unexpected',
  examples: {
    match: [
      String.raw`# at the balancer: the header is read as a request
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "PROXY TCP4 192.0.2.7 10.0.0.2 51234 8080\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < P. "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
+0.041 < F.
+0.061 > F.
+0.081 < .`,
      String.raw`# at the server: version 2, closed with the header unread
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.021 > P. "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0caaaaaaaaaaaa"
+0.022 < R.`,
      String.raw`# at the client: the header is expected and nobody sends it, three times out of three
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < R.
---
+1.000 > S
+1.020 < S.
+1.020 > .
+1.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+1.041 < R.
---
+2.000 > S
+2.020 < S.
+2.020 > .
+2.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+2.041 < R.`,
    ],
    miss: [
      String.raw`# the header was understood
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "PROXY TCP4 192.0.2.7 10.0.0.2 51234 8080\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < P. "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.050 < R.`,
      String.raw`# one of two failed
server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < P. "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
+0.042 > F.
+0.062 < F.
+0.062 > .
---
+1.000 > S
+1.020 < S.
+1.020 > .
+1.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+1.041 < R.`,
    ],
  },
});
