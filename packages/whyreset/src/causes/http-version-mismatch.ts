import { cite, contradicted, defineCause, SILENT, supported } from './define.ts';

const says = {
  alpn: 'the TLS alert is no_application_protocol (120): no version of HTTP on offer suited both sides (ALPN)',
  both: 'both sides spoke HTTP/2',
};

/** RFC 7301 §3.2. */
const NO_APPLICATION_PROTOCOL = 120;

export default defineCause({
  id: 'http-version-mismatch',
  taxonomy: 'P4',
  family: 'protocol-mismatch',
  baseRate: { is: 'occasional', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'Client and server speak different versions of HTTP',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData'],
  references: [
    'RFC 9113 §3.3 (prior knowledge) and §3.4 (connection preface)',
    'RFC 7301 §3.2',
    'nodejs/node doc http2',
  ],
  explain:
    'One side spoke HTTP/2 and the other HTTP/1, and neither could read the first bytes of the other. ' +
    'In clear text the client must know beforehand which version the server speaks; a preface "PRI * HTTP/2.0" looks like a bad request to an HTTP/1 server, and "GET / HTTP/1.1" is no preface to a server that takes only HTTP/2 (h2c, gRPC). ' +
    'The server answers 400, or SETTINGS and GOAWAY, and closes; when it leaves bytes unread the close becomes a RST. ' +
    'Over TLS the two agree by ALPN, and alert 120, no_application_protocol, says that they could not. ' +
    'It fails every time. ' +
    'Clients report ERR_HTTP2_ERROR "Protocol error", HPE_INVALID_CONSTANT or "Parse Error", "malformed HTTP response", "http2: frame too large", "socket hang up", or ECONNRESET.',
  refines: [
    'tls-alert',
    'http2-stream-reset',
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
    'late-packet-after-close',
    'client-gave-up',
    'process-died',
  ],
  requires: ['application'],
  mayUse: ['http2', 'protocolMismatch'],
  examine({ application, http2, protocolMismatch }) {
    const { firstRequest, lastResponse, lastRequest } = application;
    for (const alert of [lastResponse, lastRequest])
      if (alert?.protocol === 'tls-alert' && alert.code === NO_APPLICATION_PROTOCOL)
        return supported(
          'proof',
          [cite('application', says.alpn, alert.number)],
          alert === lastResponse ? 'responder' : 'originator',
        );
    if (firstRequest?.protocol === 'http2-preface' && http2 !== null && http2.settings > 0)
      return contradicted('http2', says.both, [firstRequest.number, http2.settings]);
    const { mismatch } = protocolMismatch ?? {};
    if (protocolMismatch === null || (mismatch !== 'http2-to-other' && mismatch !== 'http1-to-http2'))
      return SILENT;
    const { by, always, ended, packets } = protocolMismatch;
    const because = protocolMismatch.says.map((said) => cite('protocolMismatch', said, ...packets));
    if (by === 'answer') return supported('proof', because, ended);
    // A preface that gets no byte back is answered so by hardly anything but a server of HTTP/1.
    return supported(
      by === 'port' ? 'strong' : always || mismatch === 'http2-to-other' ? 'fair' : 'weak',
      because,
      ended,
    );
  },
  advice({ application }) {
    const preface = application?.firstRequest?.protocol === 'http2-preface';
    return [
      {
        who: 'client',
        do: preface
          ? `Speak HTTP/1.1 to port PORT, or find the port on which the server takes HTTP/2: without TLS nothing negotiates (curl without --http2-prior-knowledge, Node http instead of http2.connect("http://…"), gRPC to the gRPC port, Envoy http2_protocol_options of the cluster)`
          : `Speak the version that port PORT expects: HTTP/2 with prior knowledge to an h2c or gRPC port (curl --http2-prior-knowledge, nginx grpc_pass instead of proxy_pass, Node http2.connect), HTTP/1.1 otherwise; over TLS offer both h2 and http/1.1 in ALPN`,
      },
      {
        who: 'server',
        do: `Let port PORT take both: over TLS with ALPN (Node http2.createSecureServer({ allowHTTP1: true }), nginx "http2 on"), in clear text by a proxy in front (HAProxy "proto h2", Envoy codec_type AUTO)`,
      },
      {
        who: 'path',
        do: 'Check health checks and balancers too: their protocol version setting (ALB target group HTTP1, HTTP2 or GRPC; Kubernetes appProtocol) must be that of the port',
      },
    ];
  },
  scenario: 'h2-on-h1',
  examples: {
    match: [
      String.raw`# at the client: HTTP/2 to an HTTP/1 server
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"
+0.041 response "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
+0.041 < F.
+0.042 > R.`,
      String.raw`# at the server: HTTP/1 to a server that takes only HTTP/2, which speaks first
client ip 10.0.0.1 port 40000 ttl 57
server ip 10.0.0.2 port 8080 ttl 64
+0.000 > S
+0.000 < S.
+0.020 > .
+0.020 response "\0\0\0\x04\0\0\0\0\0"
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n" ack 1
+0.022 response "\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01"
+0.022 < F.
+0.042 > F.
+0.042 < .`,
      String.raw`# over TLS: no version suits both
server ip 10.0.0.2 port 443 ttl 57
handshake 20ms
+0.021 request "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 response "\x15\x03\x03\x00\x02\x02\x78"
+0.041 < F.
+0.042 > R.`,
    ],
    miss: [
      String.raw`# both speak HTTP/2; the server refuses a stream
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"
+0.041 response "\0\0\0\x04\0\0\0\0\0\0\0\x04\x03\0\0\0\0\x01\0\0\0\x07"
+0.100 < R.`,
      String.raw`# HTTP/1 on both sides
server ip 10.0.0.2 port 8080 ttl 57
handshake 20ms
+0.021 request "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.041 response "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
+0.041 < F.
+0.042 > R.`,
    ],
  },
});
