import { type Pattern, patternsOf } from '../pattern.ts';

/** The JDK's clients, and Apache HttpClient, OkHttp, reactor-netty on top of it. */
export const java: Pattern[] = patternsOf({ program: 'Java', verified: 'measured' }, [
  {
    id: 'java-connect-refused',
    class: 'REFUSED',
    strength: 'exact',
    regexp:
      /\b(?:ConnectException|HttpHostConnectException)\b[^\n]{0,200}?Connection refused|\bjava\.net\.ConnectException\s{1,4}at (?:java\.net\.http|jdk\.internal\.net\.http)|\bConnectException\s{1,4}Caused by: java\.nio\.channels\.ClosedChannelException\b/g,
    examples: [
      'java.net.ConnectException: Connection refused',
      'java.net.ConnectException\n\tat java.net.http/jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:573)\nCaused by: java.net.ConnectException\nCaused by: java.nio.channels.ClosedChannelException',
      'org.apache.http.conn.HttpHostConnectException: Connect to 10.0.0.2:8080 [/10.0.0.2] failed: Connection refused (Connection refused)',
    ],
  },
  {
    id: 'java-connect-reset',
    class: 'RST-CONNECT',
    strength: 'exact',
    regexp: /\bConnectException: Connection reset(?: by peer)?\b|\bError writing to server\b/g,
    examples: [
      'java.net.ConnectException: Connection reset by peer',
      'java.io.IOException: Error writing to server',
    ],
  },
  {
    id: 'java-reset',
    class: 'RST-READ',
    strength: 'exact',
    regexp:
      /\b(?:SocketException|IOException|NativeIoException|SSLException): [^\n]{0,60}?Connection reset(?: by peer)?\b/g,
    examples: [
      'java.net.SocketException: Connection reset',
      'java.io.IOException: HTTP/1.1 header parser received no bytes\n\tat java.net.http/jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:573)\n\tat J.main(J.java:6)\nCaused by: java.io.IOException: HTTP/1.1 header parser received no bytes\nCaused by: java.net.SocketException: Connection reset',
      'io.netty.channel.unix.Errors$NativeIoException: readAddress(..) failed: Connection reset by peer',
    ],
  },
  {
    id: 'java-reset-bare',
    class: 'RST-READ',
    strength: 'cause',
    regexp: /\bConnection reset\b(?! by)/g,
    examples: ['Connection reset'],
  },
  {
    id: 'java-eof',
    class: 'EOF',
    strength: 'cause',
    regexp: /\bEOFException: EOF reached while reading\b/g,
    examples: [
      'java.io.IOException: HTTP/1.1 header parser received no bytes\n\tat J.main(J.java:6)\nCaused by: java.io.IOException: HTTP/1.1 header parser received no bytes\nCaused by: java.io.EOFException: EOF reached while reading',
    ],
  },
  {
    id: 'java-url-eof',
    class: 'EOF',
    strength: 'exact',
    regexp: /\bUnexpected end of file from server\b/g,
    caveats: ['A reset right after the connect was seen to end in the same words now and then.'],
    examples: ['java.net.SocketException: Unexpected end of file from server'],
  },
  {
    id: 'java-no-bytes',
    class: 'EOF',
    strength: 'hint',
    ended: 'unclear',
    regexp: /\bheader parser received no bytes\b/g,
    says: 'The line "Caused by" is missing: EOFException there means a FIN, SocketException "Connection reset" a reset.',
    examples: ['java.io.IOException: HTTP/1.1 header parser received no bytes'],
  },
  {
    id: 'java-body-cut',
    class: 'EOF-MID',
    strength: 'hint',
    ended: 'unclear',
    regexp:
      /\bfixed content-length: \d{1,20}, bytes received: \d{1,20}|\bchunked transfer encoding, state: [A-Z_]{1,40}/g,
    says: 'The line "Caused by" is missing: EOFException there means a FIN, SocketException "Connection reset" a reset.',
    examples: ['java.io.IOException: fixed content-length: 1000, bytes received: 7'],
  },
  {
    id: 'java-premature-eof',
    class: 'EOF-MID',
    strength: 'exact',
    regexp:
      /\bIOException: Premature EOF\b|\bPremature end of (?:Content-Length delimited message body|chunk coded message body)\b/g,
    caveats: ['HttpURLConnection reports nothing at all when a body with a Content-Length is cut by a FIN.'],
    examples: [
      'java.io.IOException: Premature EOF',
      'org.apache.http.ConnectionClosedException: Premature end of Content-Length delimited message body (expected: 1,000; received: 7)',
    ],
  },
  {
    id: 'java-tls-eof',
    class: 'TLS-EOF',
    strength: 'exact',
    regexp:
      /\bRemote host (?:closed|terminated) the (?:channel|handshake)\b|\bSSL peer shut down incorrectly\b|\bRemote host closed connection during handshake\b/g,
    caveats: [
      'With a line "Caused by … Connection reset" below it would have been a reset; a log that prints only the first line hides that.',
    ],
    examples: [
      'javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake\n\tat J.main(J.java:7)\nCaused by: java.io.EOFException: SSL peer shut down incorrectly',
      'Remote host closed the channel',
    ],
  },
  {
    id: 'java-broken-pipe',
    class: 'EPIPE',
    strength: 'exact',
    regexp:
      /\b(?:SocketException|IOException): Broken pipe\b|\bClientAbortException: java\.io\.IOException: Broken pipe\b/g,
    examples: [
      'java.net.SocketException: Broken pipe',
      'org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe',
    ],
  },
  {
    id: 'java-connect-timeout',
    class: 'TIMEOUT-CONNECT',
    strength: 'exact',
    verified: 'remembered',
    regexp:
      /\bHttpConnectTimeoutException\b|\bConnectTimeoutException\b|\bSocketTimeoutException: [Cc]onnect timed out\b/g,
    examples: [
      'java.net.http.HttpConnectTimeoutException: HTTP connect timed out',
      'java.net.SocketTimeoutException: connect timed out',
    ],
  },
  {
    id: 'java-timeout',
    class: 'TIMEOUT',
    strength: 'exact',
    regexp:
      /\bHttpTimeoutException: request timed out\b|\bSocketTimeoutException: (?:Read timed out|timeout)\b|\bReadTimeoutException\b/g,
    examples: [
      'java.net.http.HttpTimeoutException: request timed out',
      'java.net.SocketTimeoutException: Read timed out',
    ],
  },
  {
    id: 'java-socket-closed',
    class: 'LOCAL-ABORT',
    strength: 'exact',
    verified: 'remembered',
    regexp:
      /\bSocketException: Socket closed\b|\bjava\.io\.IOException: Canceled\b|\bSocketException: Socket is closed\b/g,
    examples: ['java.net.SocketException: Socket closed', 'java.io.IOException: Canceled'],
  },
  {
    id: 'apache-no-response',
    program: 'Apache HttpClient',
    class: 'EOF',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bNoHttpResponseException\b|\bfailed to respond\b/g,
    examples: ['org.apache.http.NoHttpResponseException: api.example.com:443 failed to respond'],
  },
  {
    id: 'okhttp-end-of-stream',
    program: 'OkHttp',
    class: 'EOF',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bunexpected end of stream on\b|\bunexpected end of stream\b/g,
    examples: [
      'java.io.IOException: unexpected end of stream on http://10.0.0.2:8080/...',
      'java.net.ProtocolException: unexpected end of stream',
    ],
    caveats: [
      '"ProtocolException: unexpected end of stream" comes from a body that was cut, so the answer had begun.',
    ],
  },
  {
    id: 'okhttp-stream-reset',
    program: 'OkHttp',
    class: 'STREAM-RESET',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bStreamResetException: stream was reset\b/g,
    examples: ['okhttp3.internal.http2.StreamResetException: stream was reset: CANCEL'],
  },
  {
    id: 'reactor-before',
    program: 'reactor-netty',
    class: 'EOF',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bConnection prematurely closed BEFORE response\b/g,
    examples: [
      'reactor.netty.http.client.PrematureCloseException: Connection prematurely closed BEFORE response',
    ],
  },
  {
    id: 'reactor-during',
    program: 'reactor-netty',
    class: 'EOF-MID',
    strength: 'exact',
    verified: 'documented',
    regexp: /\bConnection prematurely closed DURING response\b/g,
    examples: [
      'reactor.netty.http.client.PrematureCloseException: Connection prematurely closed DURING response',
    ],
  },
]);
