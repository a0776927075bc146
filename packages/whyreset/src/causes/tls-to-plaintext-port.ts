import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

/** Ports that speak plain text by registration or by custom of development servers. */
const PLAIN_PORTS = new Set([
  25, 80, 110, 143, 389, 1883, 3000, 5000, 5672, 6379, 8000, 8008, 8080, 8081, 8888, 9090, 9200, 11211,
]);

export default defineCause({
  id: 'tls-to-plaintext-port',
  taxonomy: 'P2',
  family: 'protocol-mismatch',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'TLS started on a plain-text port',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  counters: ['TCPAbortOnClose'],
  references: ['RFC 8446 §4.1.2', 'RFC 8446 §5.1'],
  explain:
    'The client opened TLS with a ClientHello, but the server on that port speaks plain text. ' +
    'It read the handshake as a garbled request and answered in its own protocol, or closed the connection at once. ' +
    'The client then finds text where a TLS record should be and gives up: "wrong version number", EPROTO, "server gave HTTP response to HTTPS client", "Unrecognized SSL message", curl 35. ' +
    'If the server closes without reading the whole ClientHello the kernel sends a RST, and the client reports ECONNRESET in the TLS handshake. ' +
    'The server logs a bad request that starts with \\x16\\x03.',
  requires: ['application'],
  mayUse: ['endpoints', 'reset', 'promptClose'],
  refines: [
    'tls-alert',
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
  ],
  examine(facts) {
    const { application, reset } = facts;
    const { firstRequest: request, firstResponse: response } = application;
    if (request === null || request.protocol !== 'tls-handshake' || !request.clientHello) return SILENT;
    const sender = reset !== null ? reset.side : 'responder';
    const hello = cite('application', `the client's first bytes are a TLS ClientHello`, request.number);
    if (response !== null) {
      const status = response.protocol === 'http-response' ? response.status : null;
      const text = response.protocol === 'other' && response.text;
      // A greeting that came before the ClientHello announces a protocol that may switch to TLS.
      if ((status !== null || text) && response.number > request.number) {
        const said = status === null ? 'in plain text' : `in plain text, HTTP ${status}`;
        const answered = cite('application', `the server answered it ${said}`, response.number);
        return supported('proof', [hello, answered], sender);
      }
      if (response.protocol === 'tls-handshake')
        return contradicted('application', `the server answered in TLS with packet ${response.number}`, [
          response.number,
        ]);
      return SILENT;
    }
    const { endpoints } = facts;
    if (endpoints === null || !PLAIN_PORTS.has(endpoints.server.port)) return SILENT;
    const { promptClose } = facts;
    if (promptClose === null) return SILENT;
    const closed = `the server ended the connection without a byte, and port ${endpoints.server.port} usually speaks plain text`;
    return supported('fair', [hello, cite('endpoints', closed, promptClose.end.number)], sender);
  },
  advice({ endpoints }) {
    const port = endpoints !== null ? endpoints.server.port : 80;
    return [
      {
        who: 'client',
        do: `Use the plain scheme for port ${port} (http:// instead of https://), or the port on which the server offers TLS; check an HTTPS_PROXY setting that names a plain proxy as https://`,
      },
      {
        who: 'server',
        do: `If port ${port} is meant to speak TLS, turn it on for this listener (nginx "listen ${port} ssl", Node https.createServer instead of http.createServer, a certificate in the ingress)`,
      },
    ];
  },
  scenario: 'tls-on-plain',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < P. "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
+0.041 < F.
+0.042 > R.`,
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < R.`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 8443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < R.`,
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < P. "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.042 < R.`,
    ],
  },
});
