/** What an alert says, and what to do about it. */
export interface AlertText {
  /** A clause about the side that sent it. */
  means: string;
  /** For the side that received it, in the imperative. */
  remedy?: string;
}

/** Alerts that announce a normal end: close_notify and user_canceled (RFC 8446 §6.1). */
export const PEACEFUL_ALERTS: ReadonlySet<number> = new Set([0, 90]);

/** By code: RFC 8446 §6.2, RFC 5246 §7.2.2, RFC 7301 §3.2. */
export const TLS_ALERTS: Readonly<Record<number, AlertText>> = {
  10: {
    means:
      'a message arrived that does not belong there; often one side does not speak TLS, or a proxy in between answers',
  },
  20: { means: 'a record failed its integrity check: a box on the path or faulty hardware changed bytes' },
  22: { means: 'a record was longer than allowed; usually the bytes are not TLS' },
  40: {
    means: 'no set of version, cipher suite, group and certificate suits both sides',
    remedy:
      'compare what both sides offer: openssl s_client -connect HOST:PORT -tls1_2 and -tls1_3, nginx ssl_protocols and ssl_ciphers, OpenSSL MinProtocol and SECLEVEL',
  },
  42: {
    means: 'the certificate it was shown is damaged or badly signed',
    remedy: 'check the certificate file and its chain: openssl verify -untrusted CHAIN CERT',
  },
  43: { means: 'the certificate it was shown is of a type it does not accept' },
  44: {
    means: 'the certificate it was shown has been revoked',
    remedy: 'replace the revoked certificate',
  },
  45: {
    means: 'the certificate it was shown has expired, or a clock is wrong',
    remedy: 'renew the certificate and reload the service; check the clock of the side that complains',
  },
  46: {
    means: 'it did not accept the certificate, for a reason it does not give',
    remedy: 'read the TLS error of the side that sent the alert; it knows the reason',
  },
  47: { means: 'a field of the handshake was out of range' },
  48: {
    means:
      'the certificate it was shown comes from an authority it does not know; a missing intermediate certificate looks the same',
    remedy:
      'send the full chain (nginx ssl_certificate with intermediates, Node "cert" with the chain), and add the authority to the trust store of the side that complains (Node NODE_EXTRA_CA_CERTS, Java cacerts, REQUESTS_CA_BUNDLE)',
  },
  49: {
    means: 'the certificate is good, but its owner may not enter',
    remedy: 'grant the owner of the certificate access on the side that complains',
  },
  50: { means: 'a message could not be parsed' },
  51: { means: 'a signature or key exchange did not verify' },
  70: {
    means: 'no TLS version suits both sides',
    remedy:
      'enable a version that both support: nginx ssl_protocols TLSv1.2 TLSv1.3, Node minVersion, Java jdk.tls.disabledAlgorithms',
  },
  71: {
    means: 'the ciphers on offer are too weak for it',
    remedy: 'offer stronger ciphers',
  },
  80: { means: 'an internal error that has nothing to do with the peer' },
  86: {
    means: 'the client retried with a lower version than necessary',
    remedy: 'stop retrying with a lower TLS version',
  },
  109: { means: 'a required extension is missing' },
  112: {
    means: 'the server name (SNI) is not one it serves',
    remedy:
      'send the server name that the certificate is for (servername in Node, --resolve in curl, proxy_ssl_server_name on in nginx), or add that name to the server',
  },
  116: {
    means: 'it requires a client certificate and got none',
    remedy:
      'configure a client certificate, or make it optional on the server (nginx ssl_verify_client optional)',
  },
  120: {
    means: 'no application protocol (ALPN) suits both sides',
    remedy: 'offer a protocol both speak (h2, http/1.1) in ALPN',
  },
};
