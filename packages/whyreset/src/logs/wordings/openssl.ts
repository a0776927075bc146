import { defineProduct } from '../wording.ts';

export default defineProduct(
  {
    program: 'OpenSSL',
    source: 'OpenSSL 1.1.1 and 3.0 ssl/ssl_err.c; Go crypto/tls; JDK 17 sun.security.ssl',
    verified: 'measured',
  },
  [
    {
      id: 'openssl-wrong-version',
      marks: ['tls-to-plain'],
      class: 'TLS-VERSION',
      regexp: /wrong[ _]version[ _]number/i,
      examples: [
        'Error: write EPROTO 802CED1BB17F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:350:',
        "{ library: 'SSL routines', reason: 'wrong version number', code: 'ERR_SSL_WRONG_VERSION_NUMBER' }",
        'urllib.error.URLError: <urlopen error [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)>',
        'curl: (35) OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number',
      ],
    },
    {
      id: 'openssl-packet-length',
      marks: ['tls-to-plain'],
      class: 'TLS-VERSION',
      verified: 'remembered',
      regexp: /packet length too long|record layer failure/i,
      examples: ['curl: (35) error:0A0000C6:SSL routines::packet length too long'],
    },
    {
      id: 'openssl-eof',
      class: 'TLS-EOF',
      regexp:
        /\bUNEXPECTED_EOF_WHILE_READING\b|unexpected eof while reading|\bSSLEOFError\b|EOF occurred in violation of protocol/i,
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
      marks: ['plain-to-tls'],
      strength: 'decisive',
      class: 'PLAIN→TLS',
      program: 'OpenSSL server',
      regexp: /\bERR_SSL_HTTP_REQUEST\b|SSL routines:[^:\n]{0,40}:http request\b/i,
      examples: [
        "code: 'ERR_SSL_HTTP_REQUEST'",
        'Error: 0002:error:0A00009C:SSL routines:ssl3_get_record:http request:../deps/openssl/openssl/ssl/record/ssl3_record.c:345:',
      ],
    },
    {
      id: 'tls-server-met-plain-text',
      marks: ['plain-to-tls'],
      strength: 'decisive',
      class: 'PLAIN→TLS',
      program: 'TLS server',
      verified: 'remembered',
      regexp:
        /plain HTTP request was sent to HTTPS port|client sent plain HTTP request to HTTPS port|Client sent an HTTP request to an HTTPS server|speaking plain HTTP to an SSL-enabled server port/i,
      examples: [
        '<center>The plain HTTP request was sent to HTTPS port</center>',
        'http: TLS handshake error from 10.0.0.9:52044: Client sent an HTTP request to an HTTPS server.',
      ],
    },
    {
      id: 'openssl-alert',
      marks: ['tls-alert'],
      class: 'TLS-ALERT',
      regexp:
        /\balert (?:handshake failure|protocol version|certificate (?:required|unknown|expired|revoked)|bad certificate|unknown ca|unrecognized name|internal error|no application protocol|bad record mac|access denied|decrypt error)\b|(?:SSLV3|TLSV1|TLSV13)_ALERT_/i,
      examples: [
        'curl: (35) OpenSSL/3.0.19: error:0A00042E:SSL routines::tlsv1 alert protocol version',
        "code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'",
      ],
    },
    {
      id: 'go-java-alert',
      marks: ['tls-alert'],
      class: 'TLS-ALERT',
      program: 'Go, Java',
      verified: 'remembered',
      regexp: /\bremote error: tls: |\bReceived fatal alert\b/,
      examples: [
        'remote error: tls: handshake failure',
        'javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure',
      ],
    },
    {
      id: 'openssl-wrong-version-long',
      class: 'TLS-VERSION',
      verified: 'documented',
      regexp: /\bunknown protocol\b(?=[^\n]{0,80}s23_clnt)|\bWRONG_VERSION_NUMBER\b/,
      marks: ['tls-to-plain'],
      examples: [
        'SSL routines:SSL23_GET_SERVER_HELLO:unknown protocol:s23_clnt.c:794',
        'TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end',
      ],
    },
    {
      id: 'openssl-read-eof',
      class: 'EOF',
      regexp: /\bSSL_read: (?:SSL_ERROR_SYSCALL|error:00000000:lib\(0\)[^\n,]{0,40}), errno 0\b/,
      says: 'Errno 0 beside SSL_ERROR_SYSCALL: the connection ended without a TLS close_notify.',
      examples: ['cURL error 56: OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 0'],
    },
    {
      id: 'openssl-syscall',
      class: 'TLS-EOF',
      verified: 'documented',
      strength: 'cause',
      ended: 'unclear',
      regexp: /\bSSL_ERROR_SYSCALL\b/,
      examples: ['OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104'],
    },
    {
      id: 'openssl-zero-return',
      class: 'TLS-EOF',
      verified: 'documented',
      strength: 'cause',
      regexp: /\bSSL_ERROR_ZERO_RETURN\b|\bSSLZeroReturnError\b/,
      examples: ['ssl.SSLZeroReturnError: TLS/SSL connection has been closed (EOF) (_ssl.c:1006)'],
    },
    {
      id: 'openssl-cert-verify',
      class: 'TLS-ALERT',
      verified: 'documented',
      regexp:
        /\bcertificate verify failed\b|\bx509: (?:certificate|cannot validate)\b|\bUNABLE_TO_VERIFY_LEAF_SIGNATURE\b|\bSELF_SIGNED_CERT_IN_CHAIN\b|\bERR_TLS_CERT_ALTNAME_INVALID\b|\bCERT_HAS_EXPIRED\b/i,
      marks: ['certificate'],
      says: 'This side refused the certificate of the other.',
      examples: [
        'x509: certificate signed by unknown authority',
        'Error: unable to verify the first certificate; code: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      ],
    },
    {
      id: 'openssl-no-shared-cipher',
      class: 'TLS-ALERT',
      verified: 'documented',
      regexp:
        /\bno shared cipher\b|\bunsupported protocol\b|\bNO_SHARED_CIPHER\b|\bUNSUPPORTED_PROTOCOL\b|\bdh key too small\b|\bERR_SSL_(?:VERSION_OR_CIPHER_MISMATCH|NO_PROTOCOLS_AVAILABLE)\b/,
      marks: ['tls-alert'],
      examples: [
        'error:0A0000C1:SSL routines::no shared cipher',
        'error:0A000102:SSL routines::unsupported protocol',
      ],
    },
  ],
);
