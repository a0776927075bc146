import type { Side } from '../connection/connection.ts';
import { seconds, who } from '../evidence/packets.ts';
import {
  type AdviceLine,
  cite,
  defineCause,
  type Handed,
  type KnownFacts,
  SILENT,
  supported,
} from './define.ts';

/** The end belongs to the alert when it follows this soon. */
const FOLLOWS = 1;

/** RFC 8446 §6.1: these two announce a normal end. */
const PEACEFUL = new Set([0, 90]);

/** What an alert says about the side that received it (RFC 8446 §6.2, RFC 5246 §7.2.2, RFC 7301 §3.2). */
const MEANINGS: Record<number, string> = {
  10: 'a message arrived that does not belong there; often one side does not speak TLS at all, or a proxy speaks in between',
  20: 'a record failed its integrity check: a box on the path or faulty hardware changed bytes',
  22: 'a record was longer than allowed; usually the bytes are not TLS',
  40: 'no set of version, cipher suite, group and certificate suits both sides',
  42: 'the certificate it was shown is damaged or badly signed',
  43: 'the certificate it was shown is of a type it does not accept',
  44: 'the certificate it was shown has been revoked',
  45: 'the certificate it was shown has expired, or a clock is wrong',
  46: 'it did not accept the certificate, for a reason it does not give',
  47: 'a field of the handshake was out of range',
  48: 'the certificate it was shown comes from an authority it does not know; a missing intermediate certificate looks the same',
  49: 'the certificate is good, but its owner may not enter',
  50: 'a message could not be parsed',
  51: 'a signature or key exchange did not verify',
  70: 'no TLS version suits both sides',
  71: 'the ciphers on offer are too weak for it',
  80: 'an internal error that has nothing to do with the peer',
  86: 'the client retried with a lower version than necessary',
  109: 'a required extension is missing',
  112: 'the server name (SNI) is not one it serves',
  116: 'it requires a client certificate and got none',
  120: 'no application protocol (ALPN) suits both sides',
};

/** What to do about it, for the side that was complained to. */
const REMEDIES: Record<number, string> = {
  40: 'compare what both sides offer: openssl s_client -connect HOST:PORT -tls1_2 and -tls1_3, nginx ssl_protocols and ssl_ciphers, OpenSSL MinProtocol and SECLEVEL',
  42: 'check the certificate file and its chain: openssl verify -untrusted CHAIN CERT',
  44: 'replace the revoked certificate',
  45: 'renew the certificate and reload the service; check the clock of the side that complains',
  46: 'read the TLS error of the side that sent the alert; it knows the reason',
  48: 'send the full chain (nginx ssl_certificate with intermediates, Node "cert" with the chain), and add the authority to the trust store of the side that complains (Node NODE_EXTRA_CA_CERTS, Java cacerts, REQUESTS_CA_BUNDLE)',
  49: 'grant the owner of the certificate access on the side that complains',
  70: 'enable a version that both support: nginx ssl_protocols TLSv1.2 TLSv1.3, Node minVersion, Java jdk.tls.disabledAlgorithms',
  71: 'offer stronger ciphers',
  86: 'stop retrying with a lower TLS version',
  112: 'send the server name that the certificate is for (servername in Node, --resolve in curl, proxy_ssl_server_name on in nginx), or add that name to the server',
  116: 'configure a client certificate, or make it optional on the server (nginx ssl_verify_client optional)',
  120: 'offer a protocol both speak (h2, http/1.1) in ALPN',
};

interface Alert {
  side: Side;
  number: number;
  code: number;
  name: string;
}

/** The alert that ended it, if one was sent in the clear. */
function alertOf({ application }: Pick<KnownFacts, 'application'>): Alert | null {
  if (application === null) return null;
  const { firstRequest, lastRequest, lastResponse } = application;
  // An alert that answers plain text complains about the lack of TLS, and is told as such.
  if (firstRequest?.protocol === 'http-request' || firstRequest?.protocol === 'other') return null;
  for (const [side, message] of [
    ['responder', lastResponse] as const,
    ['originator', lastRequest] as const,
  ]) {
    if (message?.protocol !== 'tls-alert' || message.level === 'encrypted' || PEACEFUL.has(message.code))
      continue;
    return { side, number: message.number, code: message.code, name: message.name };
  }
  return null;
}

/** A TLS 1.3 record that holds an alert and nothing else (RFC 8446 §5.2): header 5, alert 2, type 1, tag 16. */
const HIDDEN_ALERT = 24;

/** Frame of the server's only encrypted words after the handshake, when they have the size of an alert. */
function hiddenAlert({ application, exchange }: Handed<'exchange', 'application'>): number | null {
  if (application === null || exchange.responses !== 2) return null;
  const { firstRequest, firstResponse, lastResponse, responseLength } = application;
  const handshake = firstRequest?.protocol === 'tls-handshake' && firstResponse?.protocol === 'tls-handshake';
  return handshake && lastResponse?.protocol === 'tls-data' && responseLength === HIDDEN_ALERT
    ? lastResponse.number
    : null;
}

export default defineCause({
  id: 'tls-alert',
  taxonomy: 'P3',
  family: 'tls-refused',
  baseRate: { is: 'common', source: 'estimate from 31 public threads, 2017 to 2026' },
  title: 'TLS handshake refused with an alert',
  resetBy: 'either',
  benign: false,
  kernelReasons: ['SK_RST_REASON_TCP_ABORT_ON_CLOSE', 'SK_RST_REASON_TCP_ABORT_ON_DATA'],
  counters: ['TCPAbortOnClose', 'TCPAbortOnData'],
  references: ['RFC 8446 §6', 'RFC 5246 §7.2', 'RFC 7301 §3.2'],
  explain:
    'One side refused the TLS handshake and said why in an alert, then closed the connection. ' +
    'The TCP ending, FIN or RST, is only the consequence; the number in the alert is the cause. ' +
    "If the other side was still sending, or bytes were left unread, the close turns into a RST, and that RST can overtake the alert in the receiver's queue. " +
    'Then the application reports ECONNRESET or "socket hang up" instead of the TLS error, and the reason seems to be lost although it was on the wire. ' +
    'In TLS 1.3 most alerts are encrypted; only those before the keys are agreed can be read in a capture.',
  requires: ['exchange'],
  mayUse: ['application', 'reset', 'closing', 'endingMaker'],
  refines: [
    'unread-data-at-close',
    'abort-by-linger-zero',
    'write-after-close',
    'client-reset-after-response',
    'late-packet-after-close',
    'client-gave-up',
  ],
  examine({ application, exchange, reset, closing, endingMaker }) {
    const alert = alertOf({ application });
    const end =
      closing !== null && (reset === null || closing.fin.number < reset.packet.number)
        ? closing.fin
        : reset !== null
          ? reset.packet
          : null;
    if (end === null) return SILENT;
    if (alert === null) {
      const hidden = hiddenAlert({ application, exchange });
      if (hidden === null || end.from !== 'responder' || hidden > end.number) return SILENT;
      const says = `right after the handshake the server sent one encrypted record of ${HIDDEN_ALERT} bytes, the size of an alert, and ended the connection`;
      return supported('fair', [cite('application', says, hidden, end.number)], 'responder');
    }
    const name = who(alert.side);
    const because = [
      cite(
        'application',
        `the ${name} sent the TLS alert ${alert.name} (${alert.code})${MEANINGS[alert.code] === undefined ? '' : `: ${MEANINGS[alert.code]}`}`,
        alert.number,
      ),
    ];
    // A filter that reads server names can write an alert as well: nothing signs the first ones.
    if (endingMaker?.packet.number === alert.number && endingMaker.against.length > 0) {
      because.push(...endingMaker.against.map(({ says, packets }) => cite('endingMaker', says, ...packets)));
      return supported(endingMaker.madeOutsideStack === 'likely' ? 'weak' : 'fair', because, 'undetermined');
    }
    const last = exchange[alert.side].lastDataNumber === alert.number;
    const elapsed = last ? end.time - exchange[alert.side].lastDataTime : -1;
    if (elapsed < 0 || elapsed > FOLLOWS) return supported('fair', because, alert.side);
    because.push(
      cite(
        reset !== null && end === reset.packet ? 'reset' : 'closing',
        `${seconds(elapsed)} later the ${who(end.from)} ended the connection, and nothing else was said`,
        end.number,
      ),
    );
    // Unless the alert is known to come from as far as that side's other packets, a filter may have written it.
    const own = end.from === alert.side && endingMaker?.packet.number === alert.number;
    return supported(own ? 'proof' : 'strong', because, alert.side);
  },
  advice(facts): AdviceLine[] {
    const alert = alertOf(facts);
    if (alert === null) {
      return [
        {
          who: 'client',
          do: 'Read the TLS error of the client library: it has decrypted the alert and names it ("alert certificate required", 116: give it a client certificate; "unknown ca", 48; "no application protocol", 120)',
        },
        {
          who: 'server',
          do: 'Read the TLS error logged at that moment (nginx error_log at info, Node "tlsClientError" event)',
        },
      ];
    }
    const teller = who(alert.side);
    const told = teller === 'server' ? 'client' : 'server';
    const remedy =
      REMEDIES[alert.code] ?? 'read the TLS error in its log, and compare the settings of both sides';
    return [
      {
        who: told,
        do: `The ${teller} complained to it with alert ${alert.code} (${alert.name}): ${remedy}`,
      },
      {
        who: teller,
        do: `Read the TLS error it logged at that moment (${teller === 'server' ? 'nginx error_log at info, Node "tlsClientError" event' : 'the exception with its cause chain'}); it names the exact check that failed`,
      },
    ];
  },
  scenario: 'tls-version',
  examples: {
    match: [
      String.raw`server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < P. "\x15\x03\x03\x00\x02\x02\x28"
+0.041 < R.`,
      String.raw`server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < P. "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.045 > P. "\x15\x03\x03\x00\x02\x02\x30"
+0.045 > R.`,
      String.raw`# TLS 1.3: the client believes to be through, the server misses its certificate
server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < P. "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.045 > P. len 900
+0.066 < P. "\x17\x03\x03\x00\x13ccccccccccccccccccc"
+0.066 < R.`,
    ],
    miss: [
      String.raw`# close_notify is a normal goodbye
server ip 10.0.0.2 port 443 ttl 57
+0.000 > S
+0.020 < S.
+0.020 > .
+0.021 > P. "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
+0.041 < P. "\x16\x03\x03\x00\x2e\x02\x00\x00\x2a\x03\x03bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
+0.050 < P. "\x15\x03\x03\x00\x02\x01\x00"
+0.050 < F.
+0.051 > R.`,
    ],
  },
});
