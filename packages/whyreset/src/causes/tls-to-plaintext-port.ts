import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

const says = {
  tls: (number: number) => `the server answered in TLS with packet ${number}`,
};

export default defineCause({
  id: 'tls-to-plaintext-port',
  taxonomy: 'P2',
  family: 'protocol-mismatch',
  baseRate: { is: 'occasional', source: 'KestrelHttpServer#1116; every scheme that is mistyped' },
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
      return contradicted('application', says.tls(firstResponse.number), [firstResponse.number]);
    if (protocolMismatch?.mismatch !== 'tls-to-plain') return SILENT;
    const { by, always, ended, packets } = protocolMismatch;
    const because = protocolMismatch.says.map((said) => cite('protocolMismatch', said, ...packets));
    if (by === 'answer') return supported('proof', because, ended);
    return supported(by === 'port' ? 'strong' : always ? 'fair' : 'weak', because, ended);
  },
  advice: () => [
    {
      who: 'client',
      do: 'Use the plain scheme for this port (http:// instead of https://), or the port on which the server offers TLS; check an HTTPS_PROXY setting that names a plain proxy as https://',
    },
    {
      who: 'server',
      do: 'If the port is meant to speak TLS, turn it on for this listener (nginx "listen PORT ssl", Node https.createServer instead of http.createServer, a certificate in the ingress)',
    },
  ],
  scenario: 'tls-on-plain',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
+0.041 < F.
+0.042 > R.`,
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < R.`,
    ],
    miss: [
      String.raw`server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.042 < R.`,
    ],
  },
});
