import { type Pattern, patternsOf } from '../pattern.ts';

/** OpenSSL's words (Node, Python, curl, nginx, Ruby …), those of Go and Java, and servers that met plain text. */
export const tls: Pattern[] = patternsOf({ program: 'TLS', verified: 'measured' }, [
  {
    id: 'openssl-wrong-version',
    program: 'OpenSSL',
    class: 'TLS-VERSION',
    strength: 'exact',
    regexp: /wrong[ _]version[ _]number/gi,
    examples: [
      'Error: write EPROTO 802CED1BB17F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:350:',
      "{ library: 'SSL routines', reason: 'wrong version number', code: 'ERR_SSL_WRONG_VERSION_NUMBER' }",
      'urllib.error.URLError: <urlopen error [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)>',
      'curl: (35) OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number',
    ],
  },
  {
    id: 'openssl-packet-length',
    program: 'OpenSSL',
    class: 'TLS-VERSION',
    strength: 'exact',
    verified: 'remembered',
    regexp: /packet length too long|record layer failure/gi,
    examples: ['curl: (35) error:0A0000C6:SSL routines::packet length too long'],
  },
  {
    id: 'java-not-tls',
    program: 'Java',
    class: 'TLS-VERSION',
    strength: 'exact',
    regexp: /\b(?:Unrecognized SSL message|Unsupported or unrecognized SSL message)\b/g,
    examples: [
      'javax.net.ssl.SSLException: Unrecognized SSL message, plaintext connection?',
      'javax.net.ssl.SSLException: Unsupported or unrecognized SSL message',
    ],
  },
  {
    id: 'go-http-to-https-client',
    program: 'Go',
    class: 'TLS-VERSION',
    strength: 'exact',
    regexp: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/g,
    caveats: [
      '"first record does not look like a TLS handshake" in a server’s log means the reverse: plain text came to its TLS port.',
    ],
    examples: ['Get "https://127.0.0.1:8080/": http: server gave HTTP response to HTTPS client'],
  },
  {
    id: 'openssl-eof',
    program: 'OpenSSL',
    class: 'TLS-EOF',
    strength: 'exact',
    regexp:
      /\bUNEXPECTED_EOF_WHILE_READING\b|unexpected eof while reading|\bSSLEOFError\b|EOF occurred in violation of protocol/gi,
    caveats: [
      'After the handshake the same words mean that the peer closed without close_notify in the middle of the session.',
    ],
    examples: [
      'urllib.error.URLError: <urlopen error [SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)>',
      "requests.exceptions.SSLError: HTTPSConnectionPool(host='127.0.0.1', port=9105): Max retries exceeded with url: / (Caused by SSLError(SSLEOFError(8, '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol (_ssl.c:1006)')))",
    ],
  },
  {
    id: 'openssl-http-request',
    program: 'OpenSSL server',
    class: 'PLAIN→TLS',
    strength: 'exact',
    regexp: /\bERR_SSL_HTTP_REQUEST\b|SSL routines:[^:\n]{0,40}:http request\b/gi,
    examples: [
      "code: 'ERR_SSL_HTTP_REQUEST'",
      'Error: 0002:error:0A00009C:SSL routines:ssl3_get_record:http request:../deps/openssl/openssl/ssl/record/ssl3_record.c:345:',
    ],
  },
  {
    id: 'tls-server-met-plain-text',
    program: 'TLS server',
    class: 'PLAIN→TLS',
    strength: 'exact',
    verified: 'remembered',
    regexp:
      /plain HTTP request was sent to HTTPS port|client sent plain HTTP request to HTTPS port|Client sent an HTTP request to an HTTPS server|speaking plain HTTP to an SSL-enabled server port/gi,
    examples: [
      '<center>The plain HTTP request was sent to HTTPS port</center>',
      'http: TLS handshake error from 10.0.0.9:52044: Client sent an HTTP request to an HTTPS server.',
    ],
  },
  {
    id: 'openssl-alert',
    program: 'OpenSSL',
    class: 'TLS-ALERT',
    strength: 'exact',
    regexp:
      /\balert (?:handshake failure|protocol version|certificate (?:required|unknown|expired|revoked)|bad certificate|unknown ca|unrecognized name|internal error|no application protocol|access denied|decrypt error)\b|(?:SSLV3|TLSV1|TLSV13)_ALERT_/gi,
    examples: [
      'curl: (35) OpenSSL/3.0.19: error:0A00042E:SSL routines::tlsv1 alert protocol version',
      "code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'",
    ],
  },
  {
    id: 'go-java-alert',
    program: 'Go, Java',
    class: 'TLS-ALERT',
    strength: 'exact',
    verified: 'remembered',
    regexp: /\bremote error: tls: |\bReceived fatal alert\b/g,
    examples: [
      'remote error: tls: handshake failure',
      'javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure',
    ],
  },
]);
