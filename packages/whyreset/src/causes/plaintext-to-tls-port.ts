import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

const says = {
  tls: (number: number) => `packet ${number} is a TLS handshake, and the server answered in TLS`,
};

export default defineCause({
  id: 'plaintext-to-tls-port',
  taxonomy: 'P1',
  family: 'protocol-mismatch',
  baseRate: { is: 'occasional', source: 'jorisvink/kore#85; every scheme that is mistyped' },
  title: 'Plain text sent to a TLS port',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  counters: ['TCPAbortOnClose'],
  references: ['RFC 8446 §5.1', 'RFC 8446 §6', 'nginx ngx_http_ssl_module, error_page 497'],
  explain:
    'The first bytes of the client were readable text, most often an http:// request, while the server expected a TLS ClientHello on that port. ' +
    'The TLS library of the server cannot parse them as a record, may send an alert, and closes the connection. ' +
    'When it closes with the rest of the request still unread, the kernel turns the close into a RST. ' +
    'So the client may read an alert, an empty reply or ECONNRESET, depending on timing: "socket hang up", "read ECONNRESET", EOF, curl 52 or 56; nginx answers 400 "plain HTTP request was sent to HTTPS port". ' +
    'It fails every time, not now and then.',
  refines: [
    'tls-alert',
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
    'process-died',
  ],
  requires: ['application'],
  mayUse: ['protocolMismatch'],
  examine({ application, protocolMismatch }) {
    const { firstRequest, firstResponse } = application;
    if (firstRequest?.protocol === 'tls-handshake' && firstResponse?.protocol === 'tls-handshake')
      return contradicted('application', says.tls(firstRequest.number), [firstRequest.number]);
    if (protocolMismatch?.mismatch !== 'plain-to-tls') return SILENT;
    const { by, always, ended, packets } = protocolMismatch;
    const because = protocolMismatch.says.map((said) => cite('protocolMismatch', said, ...packets));
    if (by === 'answer') return supported('proof', because, ended);
    return supported(by === 'port' ? 'strong' : always ? 'fair' : 'weak', because, ended);
  },
  advice: () => [
    {
      who: 'client',
      do: 'Use the TLS scheme for this port: https:// instead of http:// (wss://, amqps://, ldaps:// …), or turn on the client library’s TLS option; check proxies and health checks that are set to plain HTTP',
    },
    {
      who: 'server',
      do: 'If plain clients must work, serve them on another port and redirect; nginx can answer them on the TLS port with "error_page 497 =301 https://$host:$server_port$request_uri"',
    },
  ],
  scenario: 'plain-on-tls',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 8081 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "\x15\x03\x01\x00\x02\x02\x46"
+0.042 < R.`,
      String.raw`server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.042 < R.`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.042 < R.`,
      String.raw`server ip 10.0.0.2 port 80 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
+0.042 < R.`,
    ],
  },
});
