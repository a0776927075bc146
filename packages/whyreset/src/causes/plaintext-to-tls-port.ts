import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

/** Ports on which TLS starts with the first byte (IANA service names; 6443 and 8443, 9443 by custom). */
const TLS_PORTS = new Set([
  443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 2376, 5061, 5671, 6443, 6514, 8443, 8883, 9443,
]);

export default defineCause({
  id: 'plaintext-to-tls-port',
  taxonomy: 'P1',
  family: 'protocol-mismatch',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Plain text sent to a TLS port',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  counters: ['TCPAbortOnClose'],
  references: ['RFC 8446 §5.1', 'RFC 8446 §6', 'nginx ngx_http_ssl_module, error_page 497'],
  explain:
    'The first bytes of the client were readable text, most often an http:// request, while the server expected a TLS ClientHello on that port. ' +
    'The TLS library of the server cannot parse them as a record, perhaps sends an alert, and closes the connection. ' +
    'When it closes with the rest of the request still unread, the kernel turns the close into a RST. ' +
    'So the client may read an alert, an empty reply or ECONNRESET, depending on timing: "socket hang up", "read ECONNRESET", EOF, curl 52 or 56; nginx is kind and answers 400 "plain HTTP request was sent to HTTPS port". ' +
    'It fails every time, not now and then.',
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
    if (request === null) return SILENT;
    const { endpoints } = facts;
    const tlsPort = endpoints !== null && TLS_PORTS.has(endpoints.server.port);
    if (request.protocol === 'tls-handshake') {
      return tlsPort && response === null
        ? contradicted('application', `packet ${request.number} is a TLS handshake, as the port expects`, [
            request.number,
          ])
        : SILENT;
    }
    const http = request.protocol === 'http-request';
    const text = request.protocol === 'other' && request.text;
    if (!http && !text) return SILENT;
    const what = http ? `an HTTP request in plain text (${request.method})` : 'plain text';
    const sender = reset !== null ? reset.side : 'responder';
    const first = cite('application', `the client's first bytes are ${what}`, request.number);
    if (response !== null) {
      if (response.protocol === 'tls-alert') {
        const answered = `the server answered with a TLS alert, ${response.name}: it speaks TLS on this port`;
        return supported('proof', [first, cite('application', answered, response.number)], sender);
      }
      if (tlsPort && http && response.protocol === 'http-response' && response.status === 400) {
        const answered = `port ${endpoints.server.port} is a TLS port, and the server answered 400 in plain text`;
        return supported('strong', [first, cite('application', answered, response.number)], sender);
      }
      return SILENT;
    }
    if (!tlsPort) return SILENT;
    const { promptClose } = facts;
    if (promptClose === null) return SILENT;
    const closed = `the server ended the connection without a byte, and port ${endpoints.server.port} is a TLS port`;
    return supported('fair', [first, cite('endpoints', closed, promptClose.end.number)], sender);
  },
  advice({ endpoints }) {
    const port = endpoints !== null ? endpoints.server.port : 443;
    return [
      {
        who: 'client',
        do: `Use the TLS scheme for port ${port}: https:// instead of http:// (wss://, amqps://, ldaps:// …), or turn on the client library's TLS option; check proxies and health checks that are set to plain HTTP`,
      },
      {
        who: 'server',
        do: `If plain clients must work, let another port serve them and redirect; nginx can answer them on port ${port} with "error_page 497 =301 https://$host:$server_port$request_uri"`,
      },
    ];
  },
  scenario: 'plain-on-tls',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 8081 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < P. "\x15\x03\x01\x00\x02\x02\x46"
+0.042 < R.`,
      String.raw`server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.042 < R.`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.042 < R.`,
      String.raw`server ip 10.0.0.2 port 80 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 < P. "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
+0.042 < R.`,
    ],
  },
});
