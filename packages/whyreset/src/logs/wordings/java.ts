import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'Java',
    source: 'JDK 17 java.net, sun.nio.ch, java.net.http; JDK 8 texts from issues',
    verified: 'measured',
  },
  [
    {
      id: 'java-connect-refused',
      class: 'REFUSED',
      regexp:
        /\b(?:ConnectException|HttpHostConnectException)\b[^\n]{0,200}?Connection refused|\bjava\.net\.ConnectException\s{1,4}at (?:java\.net\.http|jdk\.internal\.net\.http)|\bConnectException\s{1,4}Caused by: java\.nio\.channels\.ClosedChannelException\b/,
      examples: [
        'java.net.ConnectException: Connection refused',
        'java.net.ConnectException\n\tat java.net.http/jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:573)\nCaused by: java.net.ConnectException\nCaused by: java.nio.channels.ClosedChannelException',
        'org.apache.http.conn.HttpHostConnectException: Connect to 10.0.0.2:8080 [/10.0.0.2] failed: Connection refused (Connection refused)',
      ],
    },
    {
      id: 'java-connect-reset',
      class: 'RST-CONNECT',
      regexp: /\bConnectException: Connection reset(?: by peer)?\b|\bError writing to server\b/,
      examples: [
        'java.net.ConnectException: Connection reset by peer',
        'java.io.IOException: Error writing to server',
      ],
    },
    {
      id: 'java-reset',
      class: 'RST-READ',
      regexp:
        /\b(?:SocketException|IOException|NativeIoException|SSLException): (?!Unable to write)[^\n]{0,60}?Connection reset(?: by peer)?\b/,
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
      regexp: /\bConnection reset\b(?! by)/,
      examples: ['Connection reset'],
    },
    {
      id: 'java-eof',
      marks: ['pool'],
      class: 'EOF',
      strength: 'cause',
      regexp: /\bEOFException: EOF reached while reading\b/,
      examples: [
        'java.io.IOException: HTTP/1.1 header parser received no bytes\n\tat J.main(J.java:6)\nCaused by: java.io.IOException: HTTP/1.1 header parser received no bytes\nCaused by: java.io.EOFException: EOF reached while reading',
      ],
    },
    {
      id: 'java-url-eof',
      marks: ['pool'],
      class: 'EOF',
      regexp: /\bUnexpected end of file from server\b/,
      caveats: ['A reset right after the connect was seen to end in the same words now and then.'],
      examples: ['java.net.SocketException: Unexpected end of file from server'],
    },
    {
      id: 'java-no-bytes',
      marks: ['pool'],
      class: 'EOF',
      strength: 'hint',
      regexp: /\bheader parser received no bytes\b/,
      ended: 'unclear',
      says: 'The line "Caused by" is missing: EOFException there means a FIN, SocketException "Connection reset" a reset.',
      examples: ['java.io.IOException: HTTP/1.1 header parser received no bytes'],
    },
    {
      id: 'java-body-cut',
      class: 'EOF-MID',
      strength: 'hint',
      regexp:
        /\bfixed content-length: \d{1,20}, bytes received: \d{1,20}|\bchunked transfer encoding, state: [A-Z_]{1,40}/,
      ended: 'unclear',
      says: 'The line "Caused by" is missing: EOFException there means a FIN, SocketException "Connection reset" a reset.',
      examples: ['java.io.IOException: fixed content-length: 1000, bytes received: 7'],
    },
    {
      id: 'java-premature-eof',
      class: 'EOF-MID',
      regexp:
        /\bIOException: Premature EOF\b|\bPremature end of (?:Content-Length delimited message body|chunk coded message body)\b/,
      caveats: [
        'HttpURLConnection reports nothing at all when a body with a Content-Length is cut by a FIN.',
      ],
      examples: [
        'java.io.IOException: Premature EOF',
        'org.apache.http.ConnectionClosedException: Premature end of Content-Length delimited message body (expected: 1,000; received: 7)',
      ],
    },
    {
      id: 'java-tls-eof',
      class: 'TLS-EOF',
      regexp:
        /\bRemote host (?:closed|terminated) the (?:channel|handshake)\b|\bSSL peer shut down incorrectly\b|\bRemote host closed connection during handshake\b/,
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
      regexp: /\b(?:SocketException|IOException): Broken pipe\b/,
      examples: ['java.net.SocketException: Broken pipe', 'java.io.IOException: Broken pipe'],
    },
    {
      id: 'java-connect-timeout',
      class: 'TIMEOUT-CONNECT',
      verified: 'remembered',
      regexp:
        /\bHttpConnectTimeoutException\b|\bConnectTimeoutException\b|\bSocketTimeoutException: [Cc]onnect timed out\b/,
      examples: [
        'java.net.http.HttpConnectTimeoutException: HTTP connect timed out',
        'java.net.SocketTimeoutException: connect timed out',
      ],
    },
    {
      id: 'java-timeout',
      marks: ['own-timeout'],
      class: 'TIMEOUT',
      regexp:
        /\bHttpTimeoutException: request timed out\b|\bSocketTimeoutException: (?:Read timed out|timeout)\b|\bReadTimeoutException\b/,
      examples: [
        'java.net.http.HttpTimeoutException: request timed out',
        'java.net.SocketTimeoutException: Read timed out',
      ],
    },
    {
      id: 'java-socket-closed',
      class: 'LOCAL-ABORT',
      verified: 'remembered',
      regexp:
        /\bSocketException: Socket closed\b|\bjava\.io\.IOException: Canceled\b|\bSocketException: Socket is closed\b/,
      examples: ['java.net.SocketException: Socket closed', 'java.io.IOException: Canceled'],
    },
    {
      id: 'java-not-tls',
      marks: ['tls-to-plain'],
      class: 'TLS-VERSION',
      regexp: /\b(?:Unrecognized SSL message|Unsupported or unrecognized SSL message)\b/,
      examples: [
        'javax.net.ssl.SSLException: Unrecognized SSL message, plaintext connection?',
        'javax.net.ssl.SSLException: Unsupported or unrecognized SSL message',
      ],
    },
    {
      id: 'java-aborted',
      class: 'LOCAL-ABORT',
      verified: 'documented',
      regexp: /\bSocketException: Software caused connection abort\b/,
      marks: ['windows'],
      examples: ['java.net.SocketException: Software caused connection abort: recv failed'],
    },
    {
      id: 'java-timeout-write',
      class: 'TIMEOUT',
      verified: 'documented',
      regexp: /\bIOException: Connection timed out\b|\bSocketException: Connection timed out(?! \()/,
      says: 'Raised by read or write, not by connect: the kernel gave up retransmitting, or keep-alive did.',
      marks: ['retransmission'],
      examples: [
        'java.io.IOException: Connection timed out\n\tat sun.nio.ch.FileDispatcherImpl.read0(Native Method)',
      ],
    },
    {
      id: 'java-connect-timed-out',
      class: 'TIMEOUT-CONNECT',
      verified: 'documented',
      regexp: /\bConnectException: Connection timed out\b/,
      examples: ['java.net.ConnectException: Connection timed out (Connection timed out)'],
    },
    {
      id: 'java-no-route',
      class: 'UNREACHABLE',
      verified: 'documented',
      regexp: /\bNoRouteToHostException\b/,
      examples: ['java.net.NoRouteToHostException: No route to host (Host unreachable)'],
    },
    {
      id: 'java-unknown-host',
      class: 'NO-ADDRESS',
      verified: 'documented',
      regexp: /\bUnknownHostException\b/,
      examples: ['java.net.UnknownHostException: api.example.com'],
    },
    {
      id: 'java-handshake-failure',
      class: 'TLS-ALERT',
      verified: 'documented',
      regexp:
        /\bSSLHandshakeException: (?:PKIX path|No appropriate protocol|no cipher suites|sun\.security\.validator)|\bCertificateException\b|\bCertPathValidatorException\b/,
      marks: ['certificate'],
      examples: [
        'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
      ],
    },
    {
      id: 'java-closed-channel',
      class: 'FOUND-CLOSED',
      verified: 'documented',
      strength: 'cause',
      regexp: /\bClosedChannelException\b/,
      examples: ['java.nio.channels.ClosedChannelException: null'],
    },
    {
      id: 'java-outbound-closed',
      class: 'EPIPE',
      verified: 'documented',
      regexp:
        /\bConnection or outbound has closed\b|\bclosing inbound before receiving peer's close_notify\b|\bSSLException: Socket is closed\b/,
      says: 'TLS had been closed by the other side, or by this program, before this write or read.',
      examples: [
        'java.net.SocketException: Connection or outbound has closed',
        "javax.net.ssl.SSLException: closing inbound before receiving peer's close_notify",
      ],
    },
    {
      id: 'java-pool-shut-down',
      class: 'LOCAL-ABORT',
      verified: 'documented',
      regexp: /\bConnection pool shut down\b|\bConnection (?:has been|manager has been) shut ?down\b/,
      says: 'This program closed its own client while it was still used.',
      examples: ['java.lang.IllegalStateException: Connection pool shut down'],
    },
  ],
);
