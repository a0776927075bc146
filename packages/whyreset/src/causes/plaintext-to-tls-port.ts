import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

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
  requires: ['application', 'protocolMismatch'],
  mayUse: ['endpoints', 'reset'],
  refines: [
    'tls-alert',
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
  ],
  examine({ application, protocolMismatch, endpoints, reset }) {
    const { mismatch, by, custom, says, packets } = protocolMismatch;
    const request = application.firstRequest;
    if (request?.protocol === 'tls-handshake')
      return contradicted('application', `packet ${request.number} is a TLS handshake`, [request.number]);
    if (mismatch !== 'plain-to-tls') return SILENT;
    const because = says.map((line) => cite('protocolMismatch', line, ...packets));
    const sender = reset !== null ? reset.side : 'responder';
    if (by === 'answer') return supported('proof', because, sender);
    if (by === 'port') return supported('strong', because, sender);
    if (endpoints === null || custom !== 'tls') return supported('weak', because, sender);
    because.push(cite('endpoints', `port ${endpoints.server.port} is a TLS port by custom`, ...packets));
    return supported('fair', because, sender);
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
